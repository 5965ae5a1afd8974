"""Connected components over evidence that shares a value."""

from collections.abc import Iterable

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from shuke.customers.values import Ints


def star_edges(values: Ints) -> tuple[Ints, Ints]:
    """Edges between rows that carry the same value: each row to the next with it. 0 carries nothing."""
    rows = np.flatnonzero(values)
    order = rows[np.argsort(values[rows], kind="stable")]
    same = values[order[1:]] == values[order[:-1]]
    return order[:-1][same], order[1:][same]


def components(size: int, edges: Iterable[tuple[Ints, Ints]]) -> Ints:
    """The component of each of `size` rows, labelled by its smallest row so that labels never hang on edge order."""
    pairs = list(edges)
    left = np.concatenate([pair[0] for pair in pairs]) if pairs else np.zeros(0, np.int64)
    right = np.concatenate([pair[1] for pair in pairs]) if pairs else np.zeros(0, np.int64)
    if not len(left):
        return np.arange(size, dtype=np.int64)
    graph = coo_matrix((np.ones(len(left), np.int8), (left, right)), shape=(size, size))
    return smallest_row(connected_components(graph, directed=False)[1].astype(np.int64))


def smallest_row(labels: Ints) -> Ints:
    """Relabels 0..k-1 so that each label is the smallest row that carries it."""
    first = np.full(int(labels.max(initial=-1)) + 1, len(labels), np.int64)
    # Assigned backwards, so that the smallest row is written last.
    first[labels[::-1]] = np.arange(len(labels) - 1, -1, -1)
    return first[labels]


def has_several(labels: Ints, values: Ints) -> Ints:
    """Labels whose rows carry more than one distinct value (0 is none)."""
    rows = np.flatnonzero(values)
    if not len(rows):
        return np.zeros(0, np.int64)
    size = int(labels.max()) + 1
    some = np.zeros(size, np.int64)
    some[labels[rows]] = values[rows]
    differs = some[labels[rows]] != values[rows]
    return np.unique(labels[rows[differs]])


def distinct_pairs(groups: Ints, values: Ints) -> tuple[Ints, Ints]:
    """For each group (sorted) that carries any value: how many distinct ones. 0 is none in both."""
    rows = np.flatnonzero((groups != 0) & (values != 0))
    order = rows[np.lexsort((values[rows], groups[rows]))]
    left, right = groups[order], values[order]
    fresh = np.ones(len(order), bool)
    fresh[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
    return np.unique(left[fresh], return_counts=True)
