"""Connected components over evidence that shares a value, and counting what groups of rows carry."""

from collections.abc import Iterable

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from shuke.customers.values import Flags, Ints


def numbered(values: Ints) -> tuple[Ints, Ints]:
    """Values as numbers from 1 in their order (0 stays 0), and the distinct values: number n stands for the n-1st."""
    rows = np.flatnonzero(values)
    order = rows[np.argsort(values[rows])]
    fresh = _fresh(values[order])
    numbers = np.zeros(len(values), np.int64)
    numbers[order] = np.cumsum(fresh)
    return numbers, values[order[fresh]]


def star_edges(values: Ints) -> tuple[Ints, Ints]:
    """Edges between rows that carry the same number: the first row with it to each other one. 0 carries nothing."""
    rows = np.flatnonzero(values)
    carried = values[rows]
    first = np.zeros(int(carried.max(initial=0)) + 1, np.int64)
    # Assigned backwards, so that the smallest row is written last.
    first[carried[::-1]] = rows[::-1]
    hub = first[carried]
    other = hub != rows
    return hub[other], rows[other]


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


def joined(labels: Ints, left: Ints, right: Ints) -> Ints:
    """Labels (each the smallest row of its group) after the groups of each pair of rows became one."""
    ends = labels[np.concatenate([left, right])]
    touched, place = np.unique(ends, return_inverse=True)
    if not len(touched):
        return labels
    inner = components(len(touched), [(place[: len(left)], place[len(left) :])])
    leads = np.arange(len(labels), dtype=np.int64)
    leads[touched] = touched[inner]
    return leads[labels]


def has_several(labels: Ints, values: Ints) -> Ints:
    """Labels whose rows carry more than one distinct value (0 is none), sorted."""
    rows = np.flatnonzero(values)
    if not len(rows):
        return np.zeros(0, np.int64)
    at, carried = labels[rows], values[rows]
    some = np.zeros(int(at.max()) + 1, np.int64)
    some[at] = carried
    return np.unique(at[some[at] != carried])


def distinct_pairs(groups: Ints, values: Ints) -> tuple[Ints, Ints]:
    """For each group (sorted) that carries any value: how many distinct ones. 0 is none in both."""
    rows = np.flatnonzero((groups != 0) & (values != 0))
    order = rows[np.lexsort((values[rows], groups[rows]))]
    left, right = groups[order], values[order]
    fresh = _fresh(left) | _fresh(right)
    return np.unique(left[fresh], return_counts=True)


def more_than(groups: Ints, values: Ints, *, most: int) -> Ints:
    """Groups (sorted, 0 is none) that carry more than `most` (at least 1) distinct values."""
    several = np.zeros(int(groups.max(initial=0)) + 1, bool)
    several[has_several(groups, values)] = True
    rows = np.flatnonzero(several[groups])
    found, counts = distinct_pairs(groups[rows], values[rows])
    return found[counts > most]


def _fresh(ordered: Ints) -> Flags:
    """Marks the first row of each run of equal values."""
    found = np.ones(len(ordered), bool)
    found[1:] = ordered[1:] != ordered[:-1]
    return found
