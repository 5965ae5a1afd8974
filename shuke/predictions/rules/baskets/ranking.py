"""The next basket: candidates ranked by models that learn from each customer's last known basket."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.ensemble import HistGradientBoostingClassifier

from shuke.predictions.rules.baskets.candidates import Candidates, candidates, feature
from shuke.predictions.rules.baskets.coding import Array, Lines, coded
from shuke.predictions.rules.baskets.history import history

# More rows teach hardly more: customers are taken evenly until there are so many.
_LEARN_ROWS = 400_000
_ROWS_A_CUSTOMER = 110
# With fewer baskets or hits than this nothing is learned and plain counts rank.
_NEEDS_PEOPLE, _NEEDS_HITS = 100, 50
# Sixty trees serve as well as a hundred slower ones (by inner validation) and cost less to ask.
_TREES, _LEAVES, _RATE = 60, 31, 0.1
# Levels a feature is cut into, and the rows they are found from.
_LEVELS, _SAMPLE = 200, 50_000
SCHEMA_NAMES = ("customer_id", "item_id", "rank", "score", "list")


@dataclass(frozen=True)
class Ranker:
    """One model a list (None: too little to learn from): they are never mixed, each gives its own chance."""

    repeat: Any
    explore: Any

    def scores(self, rows: Candidates) -> Array:
        """The chance that each candidate is in the next basket, 0 to 1."""
        found = np.zeros(len(rows.item))
        for model, mask, plain in (
            (self.repeat, rows.is_own, _plain_repeat(rows)),
            (self.explore, ~rows.is_own, _plain_explore(rows)),
        ):
            if mask.any():
                found[mask] = plain[mask] if model is None else model.predict_proba(rows.features[mask])[:, 1]
        return found


def next_basket(baskets: Any, top_k: int = 20) -> pa.Table:
    """What each customer's next basket will hold.

    `baskets`: an Arrow table (or a mapping of arrays, a data frame, three arrays) with `customer_id`, `basket_no` and
    `item_id`; basket_no orders the baskets of one customer and may be any number or date. Repeats and rows with a
    missing value do not count; a customer with one basket is served by what others did after theirs.

    Gives an Arrow table: customer_id, item_id, rank (1.., by falling score within the customer), score (the chance to
    be in the next basket, 0 to 1, each list by a model of its own), list (`repeat`: bought before, `explore`: never).
    At most `top_k` rows a customer: the first half are the likeliest of all, the second half makes at least half of
    the rows `explore` where there are so many. So the ten likeliest and the ten likeliest new items both stand in 20.

    The models learn from each customer's last known basket, foretold from those before it; no row is used that is not
    given. Raises `NoBaskets` for a table without these columns, `ValueError` for a `top_k` below 1. Decision 0016.
    """
    if top_k < 1:
        raise ValueError("top_k must be 1 or more.")
    lines = coded(baskets)
    if not len(lines.item):
        return _table(lines, [np.empty(0, kind) for kind in (np.int64, np.int64, np.int64, float, bool)])
    ranker = learn(lines)
    past = history(lines)
    parts = []
    for rows in candidates(past, np.arange(len(lines.customers))):
        parts.append(_chosen(rows, ranker.scores(rows), top_k))
    return _table(lines, [np.concatenate(column) for column in zip(*parts, strict=True)])


def learn(lines: Lines) -> Ranker:
    """Fits one model a list on the last basket of customers with two or more, foretold from those before."""
    count = lines.baskets()
    able = np.flatnonzero(count >= 2)
    if len(able) < _NEEDS_PEOPLE:
        return Ranker(None, None)
    people = able[:: max(-(-len(able) * _ROWS_A_CUSTOMER // _LEARN_ROWS), 1)]
    is_target = (count[lines.customer] >= 2) & (lines.basket == count[lines.customer] - 1)
    past = history(lines.kept(~is_target))
    truth = lines.customer[is_target] * len(lines.items) + lines.item[is_target]
    size = np.bincount(lines.customer[is_target], minlength=len(lines.customers))
    found = list(candidates(past, people))
    rows = Candidates(*(np.concatenate([getattr(part, name) for part in found]) for name in _FIELDS))
    hit = _among(rows.customer * len(lines.items) + rows.item, np.sort(truth))
    # A hit in a small basket is worth more to its customer than one of many in a big one.
    weight = 1 / np.sqrt(np.maximum(size[rows.customer], 1))
    return Ranker(*(_fitted(rows.features[mask], hit[mask], weight[mask]) for mask in (rows.is_own, ~rows.is_own)))


_FIELDS = ("customer", "item", "is_own", "features")


def _fitted(features: Array, hit: Array, weight: Array) -> Any:
    if min(hit.sum(), (~hit).sum()) < _NEEDS_HITS:
        return None
    model = HistGradientBoostingClassifier(
        max_iter=_TREES,
        max_leaf_nodes=_LEAVES,
        learning_rate=_RATE,
        min_samples_leaf=150,
        l2_regularization=5.0,
        max_features=0.4,
        early_stopping=False,
        random_state=1,
    )
    return model.fit(_levels(features), hit, sample_weight=weight)


def _levels(features: Array) -> Array:
    """The features with each value replaced by the mean of its level, of at most `_LEVELS` a column.

    The library finds its own levels at once where values are so few; among many weighted ones it sorts anew for each
    level, which costs more than the trees. Means keep the cuts between levels on the scale of the values themselves.
    """
    some = features[:: max(len(features) // _SAMPLE, 1)]
    rounded = np.empty_like(features)
    for place in range(features.shape[1]):
        column = features[:, place]
        edges = np.unique(np.quantile(some[:, place], np.linspace(0, 1, _LEVELS)[1:-1], method="lower"))
        level = np.searchsorted(edges, column)
        held = np.bincount(level)
        means = np.bincount(level, weights=column) / np.maximum(held, 1)
        rounded[:, place] = means.astype(np.float32)[level]
    return rounded


def _among(keys: Array, held: Array) -> Array:
    place = np.minimum(np.searchsorted(held, keys), len(held) - 1)
    found: Array = held[place] == keys
    return found


def _plain_repeat(rows: Candidates) -> Array:
    """The share of baskets with it, recent ones counting more."""
    mass = (1 - 0.9 ** np.maximum(feature(rows, "baskets"), 1)) / 0.1
    return np.clip(feature(rows, "decayed") / mass, 0, 1) * 0.5 + feature(rows, "again_share") * 0.5


def _plain_explore(rows: Candidates) -> Array:
    """Popularity, below everything bought before."""
    return np.expm1(feature(rows, "buyers")) * 1e-9


def _chosen(rows: Candidates, score: Array, top_k: int) -> tuple[Array, Array, Array, Array, Array]:
    """Customer, item, rank, score and is_own of the rows to give: see `next_basket` for which."""
    order = np.lexsort((rows.item, -score, rows.customer))
    customer, own = rows.customer[order], rows.is_own[order]
    place = _counted(customer)
    new_place = np.where(own, top_k, _counted(customer * 2 + own, stable=True))
    always = (place < -(-top_k // 2)) | (~own & (new_place < top_k // 2))
    room = top_k - np.bincount(customer[always], minlength=int(customer.max()) + 1)
    rest = ~always
    fill = np.zeros(len(order), bool)
    fill[rest] = _counted(customer[rest]) < room[customer[rest]]
    kept = order[always | fill]
    first = _counted(rows.customer[kept])
    return rows.customer[kept], rows.item[kept], first + 1, score[kept], rows.is_own[kept]


def _counted(group: Array, *, stable: bool = False) -> Array:
    """The place of each row in its group, in the order of the rows; groups stand together unless `stable`."""
    if not len(group):
        return np.empty(0, np.int64)
    order = np.argsort(group, kind="stable") if stable else np.arange(len(group))
    sorted_groups = group[order]
    starts = np.flatnonzero(np.r_[True, sorted_groups[1:] != sorted_groups[:-1]])
    place = np.empty(len(group), np.int64)
    place[order] = np.arange(len(group)) - np.repeat(starts, np.diff(np.r_[starts, len(group)]))
    return place


def _table(lines: Lines, columns: list[Array]) -> pa.Table:
    customer, item, rank, score, is_own = columns
    given = (
        lines.customers.take(pa.array(customer, pa.int64())),
        lines.items.take(pa.array(item, pa.int64())),
        pa.array(rank, pa.int32()),
        pa.array(score, pa.float64()),
        pa.array(np.where(is_own, "repeat", "explore").astype(str), pa.string()),
    )
    return pa.table(dict(zip(SCHEMA_NAMES, given, strict=True)))
