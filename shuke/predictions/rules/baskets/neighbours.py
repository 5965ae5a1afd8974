"""Items bought by the same people, in the same basket, in the next one; customers who buy alike; factors of both.

The user neighbours are those of TIFU-KNN (Hu, He, Gao and Zhang, "Modeling Personalized Item Frequency Information for
Next-basket Recommendation", SIGIR 2020). Everything is a product of sparse matrices, cut to the greatest of each row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import svds

from shuke.predictions.rules.baskets.coding import Array
from shuke.predictions.rules.baskets.history import History

# Rows, values and columns of a matrix are packed into one integer to be sorted at once.
_COLUMN_BITS, _VALUE_BITS = 22, 20
_CHUNK = 2_000
# Items beyond the most bought, and purchases of one customer beyond so many, teach nothing of neighbours.
_ITEMS, _A_CUSTOMER = 20_000, 150
# Customers that others are compared with: taken evenly where there are more.
_POOL = 40_000
_ALIKE = 100
# A pair seen once is chance; a similarity over few pairs is drawn to nothing.
_PAIRS, _SHRINK = 2, 3.0
_FACTORS = 32


@dataclass(frozen=True)
class Neighbours:
    """Similarities: `people` and `baskets` (item to item), `following` (to the next basket), and factors of items."""

    people: Any
    baskets: Any
    following: Any
    factors: Array


def greatest(matrix: Any, count: int) -> tuple[Array, Array, Array]:
    """Rows, columns and values of the `count` greatest of each row, greatest first; of equals the lower column."""
    matrix = matrix.tocsr()
    if not matrix.nnz or matrix.data.max() <= 0:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    top, levels = float(matrix.data.max()), (1 << _VALUE_BITS) - 1
    rows = np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr))
    may = matrix.data >= (_floors(matrix, count) - 2 * top / levels)[rows]
    rows, columns, values = rows[may], matrix.indices[may], matrix.data[may]
    packed = ((1 - values.clip(0) / top) * levels).astype(np.int64) << _COLUMN_BITS
    packed |= (rows << (_COLUMN_BITS + _VALUE_BITS)) | columns
    packed.sort()
    row = packed >> (_COLUMN_BITS + _VALUE_BITS)
    packed = packed[np.arange(len(row)) - np.searchsorted(row, np.arange(matrix.shape[0]))[row] < count]
    level = (packed >> _COLUMN_BITS) & levels
    return packed >> (_COLUMN_BITS + _VALUE_BITS), packed & ((1 << _COLUMN_BITS) - 1), (1 - level / levels) * top


def _floors(matrix: Any, count: int) -> Array:
    """The `count`-th greatest value of each long row: what is below need not be sorted (short rows: no floor)."""
    floors = np.full(matrix.shape[0], -np.inf)
    for row in np.flatnonzero(np.diff(matrix.indptr) > 2 * count):
        values = matrix.data[matrix.indptr[row] : matrix.indptr[row + 1]]
        floors[row] = np.partition(values, len(values) - count)[len(values) - count]
    return floors


def neighbours(past: History) -> Neighbours:
    """What items go together in a history."""
    shape = (len(past.lines.customers), len(past.lines.items))
    own, keep = past.own, _telling(past)
    bought = sparse.csr_matrix((np.ones(keep.sum()), (own.customer[keep], own.item[keep])), shape=shape)
    held, follower = _basket_matrix(past)
    before = np.flatnonzero(follower >= 0)
    return Neighbours(
        _cosine(bought, bought, count=100, is_same=True),
        _cosine(held, held, count=60, is_same=True),
        _cosine(held[before], held[follower[before]], count=60, is_same=False),
        _factors(tastes(past)),
    )


def tastes(past: History) -> Any:
    """Customers as vectors of length one over items: decayed counts, rare items weighing more."""
    own, total = past.own, len(past.lines.customers)
    rare = np.log1p(total / np.maximum(past.goods.buyers, 1))
    keep = _telling(past)
    values = (np.sqrt(own.decayed[1]) * rare[own.item])[keep]
    matrix = sparse.csr_matrix((values, (own.customer[keep], own.item[keep])), shape=(total, len(past.lines.items)))
    return scaled(matrix, np.sqrt(np.asarray(matrix.multiply(matrix).sum(1)).ravel()))


def scaled(matrix: Any, by: Array) -> Any:
    """Each row divided by its number (rows of nothing stay nothing)."""
    return (sparse.diags(1 / np.where(by > 0, by, 1)) @ matrix).tocsr()


def alike(vectors: Any, people: Array, others: Array) -> Iterator[Any]:
    """For chunks of `people`: weights (summing to one) of the customers most like them, over all customers."""
    pool = others[:: max(-(-len(others) // _POOL), 1)]
    turned = vectors[pool].T.tocsr()
    for chunk in chunks(people):
        near = (vectors[chunk] @ turned).tocsr()
        rows = np.repeat(np.arange(len(chunk)), np.diff(near.indptr))
        near.data[pool[near.indices] == chunk[rows]] = 0
        row, column, value = greatest(near, _ALIKE)
        weights = sparse.csr_matrix((value, (row, pool[column])), shape=(len(chunk), vectors.shape[0]))
        yield scaled(weights, np.asarray(weights.sum(1)).ravel())


def chunks(people: Array) -> list[Array]:
    """Customers in parts that fit the memory."""
    return [people[start : start + _CHUNK] for start in range(0, len(people), _CHUNK)]


def _telling(past: History) -> Array:
    """Own rows that teach of neighbours: of the most bought items, the most recent of each customer."""
    own = past.own
    order = np.lexsort((own.item, -own.decayed[1], own.customer))
    starts = np.searchsorted(own.customer, np.arange(len(past.lines.customers)))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order)) - starts[own.customer[order]]
    kept: Array = (place < _A_CUSTOMER) & (own.item < _ITEMS)
    return kept


def _basket_matrix(past: History) -> tuple[Any, Array]:
    """Baskets over items, and for each basket the row of the customer's next one (-1 for none)."""
    lines = past.lines
    span = int(past.age.max()) + 1 if len(past.age) else 1
    keys, row = np.unique(lines.customer * span + past.age, return_inverse=True)
    keep = lines.item < _ITEMS
    held = sparse.csr_matrix((np.ones(keep.sum()), (row[keep], lines.item[keep])), shape=(len(keys), len(lines.items)))
    # Sorted by customer and age, the basket after is the row before.
    follower = np.where(np.r_[False, keys[1:] - 1 == keys[:-1]], np.arange(len(keys)) - 1, -1)
    return held, follower


def _cosine(left: Any, right: Any, *, count: int, is_same: bool) -> Any:
    pairs = (left.T @ right).tocsr()
    row = np.repeat(np.arange(pairs.shape[0]), np.diff(pairs.indptr))
    pairs.data[pairs.data < _PAIRS] = 0
    if is_same:
        pairs.data[row == pairs.indices] = 0
    here, there = (np.asarray(side.sum(0)).ravel() for side in (left, right))
    pairs.data /= np.sqrt(here[row] * there[pairs.indices]) + _SHRINK
    pairs.eliminate_zeros()
    r, c, v = greatest(pairs, count)
    return sparse.csr_matrix((v, (r, c)), shape=pairs.shape)


def _factors(vectors: Any) -> Array:
    """Items as short vectors: the right singular vectors of the customers' tastes."""
    width = min(_FACTORS, min(vectors.shape) - 1)
    if width < 1 or not vectors.nnz:
        return np.zeros((vectors.shape[1], 1))
    start = np.random.default_rng(0).standard_normal(min(vectors.shape))
    _, _, right = svds(vectors, k=width, v0=start)
    turned: Array = right.T
    return turned
