"""One table of candidates for each customer's next basket, with what is known of each: one row a customer and item."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from shuke.predictions.rules.baskets.coding import Array
from shuke.predictions.rules.baskets.history import History
from shuke.predictions.rules.baskets.neighbours import alike, chunks, greatest, neighbours, scaled, tastes

FEATURES = (
    "times", "times_share", "decayed_fast", "decayed", "decayed_slow", "last", "first", "gap", "overdue",
    "baskets", "basket_size", "last_basket_size", "distinct_items", "repeat_share",
    "buyers", "lines_last", "rebuyers_share", "again_share", "fresh_buyers", "last_lines_share", "fresh_share",
    "by_people", "by_basket", "by_following", "by_alike", "by_alike_lately", "by_factors", "by_factors_last",
    "place_decayed", "place_decayed_fast", "place_alike",
)  # fmt: skip
# Own items beyond so many per customer (of the smallest decayed count) are hardly bought again.
_OWN = 120
# How many new items each source may name.
_BY_PEOPLE, _BY_FOLLOWING, _BY_ALIKE, _POPULAR = 40, 15, 40, 30
_NEVER = 999.0


@dataclass(frozen=True)
class Candidates:
    """Rows sorted by customer; `is_own` tells items bought before from new ones; `features` as named in `FEATURES`."""

    customer: Array
    item: Array
    is_own: Array
    features: Array


def feature(rows: Candidates, name: str) -> Array:
    """One column of the features."""
    column: Array = rows.features[:, FEATURES.index(name)]
    return column


def candidates(past: History, people: Array) -> Iterator[Candidates]:
    """Candidates of `people` (sorted codes with at least one line), in chunks of customers."""
    own, near, total = past.own, neighbours(past), len(past.lines.customers)
    shape = (total, len(past.lines.items))
    over = (own.customer, own.item)
    taste = tastes(past)
    usual = sparse.csr_matrix((own.decayed[1], over), shape=shape)
    usual = scaled(usual, (1 - 0.9 ** np.maximum(past.people.baskets, 1)) / 0.1)
    lately = sparse.csr_matrix((own.decayed[0], over), shape=shape)
    rooted = sparse.csr_matrix((np.sqrt(own.decayed[1]), over), shape=shape)
    recent = sparse.csr_matrix((0.7 ** (own.last - 1.0), over), shape=shape)
    popular = np.lexsort((np.arange(shape[1]), -past.goods.buyers))[:_POPULAR]
    others = np.flatnonzero(past.people.baskets > 0)
    for chunk, alikes in zip(chunks(people), alike(taste, people, others), strict=True):
        sources = (
            (rooted[chunk] @ near.people).tocsr(),
            (recent[chunk] @ near.baskets).tocsr(),
            (recent[chunk] @ near.following).tocsr(),
            (alikes @ usual).tocsr(),
            (alikes @ lately).tocsr(),
        )
        found = _named(sources, popular, len(chunk), shape[1])
        keys = np.sort(np.r_[found, _own_keys(past, chunk)])
        keys = keys[np.r_[True, keys[1:] != keys[:-1]]]
        row, item = keys // shape[1], keys % shape[1]
        signals = [_at(source, keys) for source in sources]
        for matrix in (taste, scaled(recent, past.people.last_size)):
            signals.append(_dots(matrix[chunk] @ near.factors, near.factors, row, item))
        yield _featured(past, chunk[row], item, np.column_stack(signals))


def _named(sources: tuple[Any, ...], popular: Array, people: int, count: int) -> Array:
    """Keys (row in the chunk, item) that neighbours and popularity name."""
    named = [(np.arange(people)[:, None] * count + popular).ravel()]
    for place, most in ((0, _BY_PEOPLE), (2, _BY_FOLLOWING), (3, _BY_ALIKE)):
        row, item, _ = greatest(sources[place], most)
        named.append(row * count + item)
    return np.concatenate(named)


def _own_keys(past: History, chunk: Array) -> Array:
    """Keys of the own items of a chunk's customers, the likeliest where there are very many."""
    own, count = past.own, len(past.lines.items)
    start, end = np.searchsorted(own.customer, chunk), np.searchsorted(own.customer, chunk, "right")
    rows = np.concatenate([np.arange(a, b) for a, b in zip(start, end, strict=True)] or [np.empty(0, np.int64)])
    row = np.repeat(np.arange(len(chunk)), end - start)
    order = np.lexsort((own.item[rows], -own.decayed[1][rows], row))
    first = np.r_[0, np.cumsum(end - start)][:-1]
    order = order[np.arange(len(order)) - first[row[order]] < _OWN]
    keys: Array = row[order] * count + own.item[rows[order]]
    return keys


def _at(matrix: Any, keys: Array) -> Array:
    """The matrix's values at keys (row * columns + column), zero where it has none."""
    matrix.sort_indices()
    held = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)) * matrix.shape[1] + matrix.indices
    if not len(held):
        return np.zeros(len(keys), np.float32)
    place = np.minimum(np.searchsorted(held, keys), len(held) - 1)
    return np.where(held[place] == keys, matrix.data[place], 0).astype(np.float32)


def _dots(rows: Array, columns: Array, row: Array, column: Array) -> Array:
    found: Array = np.einsum("ij,ij->i", rows.astype(np.float32)[row], columns.astype(np.float32)[column])
    return found


def _featured(past: History, customer: Array, item: Array, signals: Array) -> Candidates:
    own, people, goods = past.own, past.people, past.goods
    key = customer * max(len(past.lines.items), 1) + item
    place = np.minimum(np.searchsorted(own.key, key), len(own.key) - 1)
    is_own = own.key[place] == key

    def mine(values: Array, none: float = 0.0) -> Array:
        return np.where(is_own, values[place], none)

    times, last, first = mine(own.times), mine(own.last, _NEVER), mine(own.first, _NEVER)
    fast, decayed, slow = (mine(values) for values in own.decayed)
    gap = np.where(times > 1, (first - last) / np.maximum(times - 1, 1), first)
    columns = (
        times, times / np.maximum(people.baskets[customer], 1), fast, decayed, slow, last, first, gap,
        np.where(is_own, last / np.maximum(gap, 0.5), 0),
        people.baskets[customer], people.size[customer], people.last_size[customer], people.distinct[customer],
        people.repeats[customer],
        np.log1p(goods.buyers[item]), np.log1p(goods.in_last[item]), goods.rebuyers[item], goods.again[item],
        np.log1p(goods.fresh[item]), goods.in_last[item] / np.maximum(goods.lines[item], 1),
        goods.fresh[item] / np.maximum(goods.buyers[item], 1),
        *signals.T,
        places(customer, decayed, is_own), places(customer, fast, is_own), places(customer, signals[:, 3], is_own),
    )  # fmt: skip
    return Candidates(customer, item, is_own, np.column_stack(columns).astype(np.float32))


def places(customer: Array, values: Array, is_own: Array) -> Array:
    """The place of each row among the customer's rows of the same list, by falling value."""
    group = customer * 2 + is_own
    order = np.lexsort((-values, group))
    sorted_groups = group[order]
    starts = np.flatnonzero(np.r_[True, sorted_groups[1:] != sorted_groups[:-1]])
    place = np.empty(len(order))
    place[order] = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    return place
