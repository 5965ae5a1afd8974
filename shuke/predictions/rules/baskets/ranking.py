"""The next basket: candidates ranked by models that learn from each customer's last known basket."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.ensemble import HistGradientBoostingClassifier

from shuke.predictions.rules.baskets.candidates import Candidates, candidates, feature
from shuke.predictions.rules.baskets.checking import wins
from shuke.predictions.rules.baskets.coding import Array, Lines, coded
from shuke.predictions.rules.baskets.history import history

# More rows teach hardly more: customers are taken evenly until there are so many.
_LEARN_ROWS = 400_000
_ROWS_A_CUSTOMER = 110
# With fewer baskets or hits than this nothing is learned and plain counts rank.
_NEEDS_PEOPLE, _NEEDS_HITS = 100, 50
# Customers who check the models; with fewer rows than these all customers check, in three folds.
_CHECKED, _FEW_ROWS = 1_000, 200_000
# Sixty trees serve as well as a hundred slower ones (by inner validation) and cost less to ask.
_TREES, _LEAVES, _RATE = 60, 31, 0.1
# Levels a feature is cut into, and the rows they are found from.
_LEVELS, _SAMPLE = 200, 50_000
_FIELDS = ("customer", "item", "is_own", "features")
SCHEMA_NAMES = ("customer_id", "item_id", "rank", "score", "list")


@dataclass(frozen=True)
class Ranker:
    """One model a list (None: too little to learn from, or counts do as well): each gives its own chance.

    Without a `repeat` model own items stand by counts (GP-TopFreq: in how many baskets, then popularity), and all new
    items below them, by `explore` or by popularity.
    """

    repeat: Any
    explore: Any

    def scores(self, rows: Candidates) -> Array:
        """The chance that each candidate is in the next basket, 0 to 1 (by counts: about the share of baskets)."""
        own, new, found = rows.is_own, ~rows.is_own, np.zeros(len(rows.item))
        plain = _plain_repeat(rows)
        found[own] = plain[own] if self.repeat is None else _asked(self.repeat, rows.features[own])
        found[new] = _plain_explore(rows)[new] if self.explore is None else _asked(self.explore, rows.features[new])
        if self.repeat is None:
            found[new] /= 1 + feature(rows, "baskets")[new]
        return found


def _asked(model: Any, features: Array) -> Array:
    found: Array = model.predict_proba(features)[:, 1] if len(features) else np.empty(0)
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
    given. Some of those customers (a third up to a thousand; of few customers all, in three folds) check what the
    others taught. Where it does not find more of their last baskets than counts do, beyond noise, own items are ranked
    by counts (in how many baskets, then popularity; the score is about the share of baskets) and new items below them.
    Raises `NoBaskets` for a table without these columns, `ValueError` for a `top_k` below 1. Decision 0016.
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
    """Fits one model a list on the last basket of customers with two or more; keeps those that win over counts."""
    count = lines.baskets()
    able = np.flatnonzero(count >= 2)
    if len(able) < _NEEDS_PEOPLE:
        return Ranker(None, None)
    people = able[:: max(-(-len(able) * _ROWS_A_CUSTOMER // _LEARN_ROWS), 1)]
    is_target = (count[lines.customer] >= 2) & (lines.basket == count[lines.customer] - 1)
    past = history(lines.kept(~is_target))
    truth = lines.customer[is_target] * len(lines.items) + lines.item[is_target]
    size = np.bincount(lines.customer[is_target], minlength=len(count))
    fresh = np.bincount(truth[~_among(truth, past.own.key)] // len(lines.items), minlength=len(count))
    found = list(candidates(past, people))
    rows = Candidates(*(np.concatenate([getattr(part, name) for part in found]) for name in _FIELDS))
    hit = _among(rows.customer * len(lines.items) + rows.item, np.sort(truth))
    # A hit in a small basket is worth more to its customer than one of many in a big one.
    weight = 1 / np.sqrt(np.maximum(size[rows.customer], 1))
    folds = 3 if len(hit) < _FEW_ROWS else 1
    turn = np.full(len(count), -1)
    turn[people] = np.arange(len(people)) % max(3, -(-len(people) // _CHECKED) if folds == 1 else 3)
    checks = (turn >= 0) & (turn < folds)
    return _proven(rows, hit, weight, folds=folds, turn=turn[rows.customer], sizes=(size * checks, fresh * checks))


def _some(rows: Candidates, mask: Array) -> Candidates:
    return Candidates(*(getattr(rows, name)[mask] for name in _FIELDS))


def _both(rows: Candidates, hit: Array, weight: Array, mask: Array) -> Ranker:
    found = []
    for one in (mask & rows.is_own, mask & ~rows.is_own):
        found.append(_fitted(rows.features[one], hit[one], weight[one]))
    return Ranker(*found)


def _proven(
    rows: Candidates, hit: Array, weight: Array, *, folds: int, turn: Array, sizes: tuple[Array, Array]
) -> Ranker:
    """The models that win on customers they did not learn from; `sizes`: true items, and those never bought.

    Each fold's customers are scored by what the others taught; with one fold its models are kept, with more all learn.
    """
    learned, fresh, ranker = np.zeros(len(hit)), np.zeros(len(hit)), Ranker(None, None)
    for fold in range(folds):
        mine = turn == fold
        ranker, part = _both(rows, hit, weight, ~mine), _some(rows, mine)
        learned[mine], fresh[mine] = ranker.scores(part), Ranker(None, ranker.explore).scores(part)
    if folds > 1:
        ranker = _both(rows, hit, weight, np.ones(len(hit), bool))
    plain, some = Ranker(None, None).scores(rows), turn < folds
    if ranker.repeat is not None and _wins(rows, hit, (learned, plain), some=some, size=sizes[0]):
        return ranker
    is_better = ranker.explore is not None and _wins(rows, hit, (fresh, plain), some=some & ~rows.is_own, size=sizes[1])
    return Ranker(None, ranker.explore if is_better else None)


def _wins(rows: Candidates, hit: Array, scores: tuple[Array, Array], *, some: Array, size: Array) -> bool:
    learned, plain = scores[0][some], scores[1][some]
    return wins(_some(rows, some), hit=hit[some], size=size, learned=learned, plain=plain)


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
    """GP-TopFreq as a share: baskets with the item, then how many people bought it, over baskets."""
    popular = feature(rows, "buyers").astype(float)
    found: Array = (feature(rows, "times") + popular / (1 + popular)) / (1.0 + feature(rows, "baskets"))
    return found


def _plain_explore(rows: Candidates) -> Array:
    """Popularity, below everything bought before."""
    found: Array = np.expm1(feature(rows, "buyers").astype(float)) * 1e-9
    return found


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
