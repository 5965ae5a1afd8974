"""What the next basket is measured against: personal and global counts, TIFU-KNN, and popularity; and the measure."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from shuke.predictions.rules.baskets.coding import Array, Lines
from shuke.predictions.rules.baskets.history import history
from shuke.predictions.rules.baskets.neighbours import chunks, greatest, scaled


def top_frequent(lines: Lines, count: int = 10) -> Array:
    """GP-TopFreq: the own items by number of baskets, then the most bought of all. One row of items a customer."""
    past = history(lines)
    popular = past.goods.buyers / (past.goods.buyers.max() + 1)
    shape = (len(lines.customers), len(lines.items))
    times = sparse.csr_matrix(
        (past.own.times + popular[past.own.item], (past.own.customer, past.own.item)), shape=shape
    )
    return _best(times, popular, count)


def popular_new(lines: Lines, count: int = 10) -> Array:
    """The most bought items that a customer has never bought. One row of items a customer."""
    past = history(lines)
    shape = (len(lines.customers), len(lines.items))
    bought = sparse.csr_matrix((np.full(len(past.own.key), -9.0), (past.own.customer, past.own.item)), shape=shape)
    return _best(bought, past.goods.buyers / (past.goods.buyers.max() + 1), count)


@dataclass(frozen=True)
class Tifu:
    """The paper's names: m groups, r_b within, r_g between, alpha own share, k nearest customers."""

    groups: int = 7
    within: float = 0.9
    between: float = 0.7
    own_share: float = 0.7
    near: int = 300


def tifu_knn(lines: Lines, count: int = 10, *, settings: Tifu = Tifu()) -> Array:
    """TIFU-KNN (Hu et al., SIGIR 2020, equations 1 to 4). One row of items a customer.

    Decayed frequencies of baskets in groups, mixed with those of the nearest customers by Euclidean distance.
    """
    near, own_share = settings.near, settings.own_share
    vectors = _tifu_vectors(lines, settings)
    square = np.asarray(vectors.multiply(vectors).sum(1)).ravel()
    turned = vectors.T.tocsr()
    found = []
    for chunk in chunks(np.arange(vectors.shape[0])):
        distance = square[chunk][:, None] + square[None, :] - 2 * (vectors[chunk] @ turned).toarray()
        distance[np.arange(len(chunk)), chunk] = np.inf
        most = min(near, distance.shape[1] - 1)
        nearest = np.argpartition(distance, most - 1, axis=1)[:, :most] if most > 0 else np.empty((len(chunk), 0), int)
        weights = sparse.csr_matrix(
            (np.ones(nearest.size), (np.repeat(np.arange(len(chunk)), nearest.shape[1]), nearest.ravel())),
            shape=(len(chunk), vectors.shape[0]),
        )
        others = scaled(weights, np.full(len(chunk), max(most, 1))) @ vectors
        mixed = own_share * vectors[chunk] + (1 - own_share) * others
        found.append(_best(mixed, np.zeros(len(lines.items)), count))
    return np.concatenate(found)


def _tifu_vectors(lines: Lines, settings: Tifu) -> Any:
    groups, within, between = settings.groups, settings.within, settings.between
    total = lines.baskets()
    each = np.maximum(-(-total // groups), 1)
    age = total[lines.customer] - lines.basket - 1
    size = each[lines.customer]
    group, place = age // size, age % size
    used = np.maximum(-(-total // each), 1)
    # The oldest group may hold fewer baskets than the others.
    held = np.where(group == used[lines.customer] - 1, total[lines.customer] - group * size, size)
    values = within**place / held * between**group / used[lines.customer]
    return sparse.csr_matrix((values, (lines.customer, lines.item)), shape=(len(total), len(lines.items)))


def _best(matrix: Any, otherwise: Array, count: int) -> Array:
    """The `count` greatest of each row of `matrix`; where it has fewer, those of `otherwise` that it does not have."""
    width = min(count, matrix.shape[1])
    found = np.full((matrix.shape[0], width), -1, np.int64)
    row, item, _ = greatest(matrix, width)
    place = np.arange(len(row)) - np.searchsorted(row, row)
    found[row, place] = item
    by_rest = np.lexsort((np.arange(len(otherwise)), -otherwise))
    matrix = matrix.tocsr()
    for one in np.flatnonzero(found[:, -1] < 0):
        held = matrix.indices[matrix.indptr[one] : matrix.indptr[one + 1]]
        free = by_rest[: width + len(held)]
        free = free[~np.isin(free, held)]
        empty = np.flatnonzero(found[one] < 0)[: len(free)]
        found[one, empty] = free[: len(empty)]
    return found


def recall(chosen: Array, customers: Array, truth: Lines) -> Array:
    """Per customer with truth: the share of the true items among the chosen (rows of items, for `customers`)."""
    count = len(truth.items)
    keys = np.sort(truth.customer * count + truth.item)
    asked = np.where(chosen >= 0, customers[:, None] * count + chosen, -1)
    place = np.minimum(np.searchsorted(keys, asked), max(len(keys) - 1, 0))
    hits = (keys[place] == asked).sum(1) if len(keys) else np.zeros(len(customers))
    size = np.bincount(truth.customer, minlength=len(truth.customers))[customers]
    shares: Array = hits[size > 0] / size[size > 0]
    return shares
