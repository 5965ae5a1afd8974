"""What whole groups of records know: a name from one record and a city from another speak together."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from shuke.customers.values import ONCE_ONLY, Evidence, Flags, Ints


@dataclass(frozen=True)
class Two:
    """Up to two values of each group, by its label: of the first row that carries any, and of the first other one."""

    first: Ints
    second: Ints

    def meet(self, left: Ints, right: Ints) -> tuple[Ints, Flags]:
        """For each pair of groups: a value that both carry (0: none), and whether both carry any."""
        mine, yours = self.first[left], self.first[right]
        both: Flags = (mine != 0) & (yours != 0)
        found: Ints = np.where(both & (mine == yours), mine, 0)
        several = self.second != 0
        rows = np.flatnonzero(both & (found == 0) & (several[left] | several[right]))
        left, right = left[rows], right[rows]
        for one, other in ((self.second, self.second), (self.second, self.first), (self.first, self.second)):
            mine, yours = one[left], other[right]
            found[rows] = np.where((mine != 0) & (mine == yours), mine, found[rows])
        return found, both


def two_of(labels: Ints, values: Ints, *, rows: Ints) -> Two:
    """The values (0 is none) of each group, as its `rows` (in order) carry them; `labels` are rows."""
    values = values[rows]
    known = np.flatnonzero(values)[::-1]
    at, values = labels[rows[known]], values[known]
    first, second = np.zeros(len(labels), np.int64), np.zeros(len(labels), np.int64)
    # Assigned backwards, so that the smallest row is written last.
    first[at] = values
    other = np.flatnonzero(first[at] != values)
    second[at[other]] = values[other]
    return Two(first, second)


def rows_of(labels: Ints, groups: Iterable[Ints]) -> Ints:
    """All rows of the groups, in order."""
    wanted = np.zeros(len(labels), bool)
    for some in groups:
        wanted[some] = True
    return np.flatnonzero(wanted[labels])


def other_account(evidence: Evidence, used: Ints, left: Ints, right: Ints) -> Flags:
    """Whether the groups of two rows carry different cards, members or unionids."""
    found = np.zeros(len(left), bool)
    one, other = used[left], used[right]
    rows = rows_of(used, (one, other))
    for kind in ONCE_ONLY:
        values = evidence.keys[kind]
        if values[rows].any():
            same, both = two_of(used, values, rows=rows).meet(one, other)
            found |= both & (same == 0)
    return found
