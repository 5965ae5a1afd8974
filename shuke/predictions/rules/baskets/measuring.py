"""How well the next basket is foretold: the last basket of each customer is held out, and plain ways try the same."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from shuke.predictions.rules.baskets.baselines import popular_new, recall, tifu_knn, top_frequent
from shuke.predictions.rules.baskets.coding import Array, Lines, coded
from shuke.predictions.rules.baskets.ranking import next_basket

_TOP = 10
_ROUNDS = 200


@dataclass(frozen=True)
class BasketScore:
    """One way on one measure: the mean over customers, with the interval of 200 bootstrap rounds (90 per cent).

    `metric` is `recall_at_10` (all true items) or `new_recall_at_10` (true items never bought before).
    """

    method: str
    metric: str
    customers: int
    value: float
    low: float
    high: float
    is_baseline: bool


def measured(baskets: Any, *, least: int = 3) -> tuple[BasketScore, ...]:
    """Recall at 10 of the next basket, its baselines, and of never-bought items beside popularity.

    The protocol of the TIFU-KNN paper: of customers with at least `least` baskets (3 there) the last one is the truth
    and the rest is known; people with fewer stay known whole. Recall is averaged over customers (of never-bought items:
    over those whose last basket has one). Empty where nobody has so many.
    """
    lines = coded(baskets)
    count = lines.baskets()
    is_truth = (count[lines.customer] >= least) & (lines.basket == count[lines.customer] - 1)
    truth, known = lines.kept(is_truth), lines.kept(~is_truth)
    people = np.unique(truth.customer)
    if not len(people):
        return ()
    first, fresh = foretold(known)
    new = truth.kept(~np.isin(_keys(truth), np.unique(_keys(known))))
    curious = np.unique(new.customer)
    told = (
        ("next_basket", "recall_at_10", recall(first[people], people, truth)),
        ("top_frequent", "recall_at_10", recall(top_frequent(known)[people], people, truth)),
        ("tifu_knn", "recall_at_10", recall(tifu_knn(known)[people], people, truth)),
        ("next_basket", "new_recall_at_10", recall(fresh[curious], curious, new)),
        ("popular_new", "new_recall_at_10", recall(popular_new(known)[curious], curious, new)),
    )
    return tuple(_score(method, metric, shares) for method, metric, shares in told if len(shares))


def foretold(known: Lines) -> tuple[Array, Array]:
    """The ten likeliest items, and the ten likeliest never bought: a row a customer each, -1 where there are fewer."""
    names = ("customer_id", "basket_no", "item_id")
    given = pa.table(dict(zip(names, (known.customer, known.basket, known.item), strict=True)))
    found = next_basket(given, top_k=2 * _TOP)
    customer, item, rank = (found[name].to_numpy() for name in ("customer_id", "item_id", "rank"))
    is_new = np.asarray(found["list"].to_numpy(zero_copy_only=False) == "explore")
    first, fresh = (np.full((len(known.customers), _TOP), -1, np.int64) for _ in range(2))
    best = rank <= _TOP
    first[customer[best], rank[best] - 1] = item[best]
    customer, item = customer[is_new], item[is_new]
    place = np.arange(len(customer)) - np.searchsorted(customer, customer)
    fresh[customer[place < _TOP], place[place < _TOP]] = item[place < _TOP]
    return first, fresh


def _keys(lines: Lines) -> Array:
    return lines.customer * len(lines.items) + lines.item


def _score(method: str, metric: str, shares: Array) -> BasketScore:
    draw = np.random.default_rng(0)
    means = [shares[draw.integers(0, len(shares), len(shares))].mean() for _ in range(_ROUNDS)]
    low, high = np.quantile(means, (0.05, 0.95))
    is_baseline = method != "next_basket"
    return BasketScore(method, metric, len(shares), float(shares.mean()), float(low), float(high), is_baseline)
