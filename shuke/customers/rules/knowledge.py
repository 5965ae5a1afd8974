"""What whole groups of records know: a name from one record and a city from another speak together."""

from dataclasses import dataclass

import numpy as np

from shuke.customers.values import ONCE_ONLY, Evidence, Flags, Ints


@dataclass(frozen=True)
class Two:
    """Up to two values of each group, by its label: of the first row that carries any, and of the first other one."""

    first: Ints
    second: Ints

    def agree(self, left: Ints, right: Ints) -> Ints:
        """A value that both groups carry, 0 where there is none."""
        found = np.zeros(len(left), np.int64)
        for mine in (self.second[left], self.first[left]):
            for yours in (self.second[right], self.first[right]):
                found = np.where((mine != 0) & (mine == yours), mine, found)
        return found

    def both(self, left: Ints, right: Ints) -> Flags:
        """Whether both groups carry a value."""
        found: Flags = (self.first[left] != 0) & (self.first[right] != 0)
        return found

    def differ(self, left: Ints, right: Ints) -> Flags:
        """Whether both groups carry values and none of them is the same."""
        found: Flags = self.both(left, right) & (self.agree(left, right) == 0)
        return found


def two_of(labels: Ints, values: Ints) -> Two:
    """The values (0 is none) of each group; `labels` are rows."""
    rows = np.flatnonzero(values)[::-1]
    first, second = np.zeros(len(labels), np.int64), np.zeros(len(labels), np.int64)
    # Assigned backwards, so that the smallest row is written last.
    first[labels[rows]] = values[rows]
    rows = rows[first[labels[rows]] != values[rows]]
    second[labels[rows]] = values[rows]
    return Two(first, second)


def other_account(evidence: Evidence, used: Ints, left: Ints, right: Ints) -> Flags:
    """Whether the groups of two rows carry different cards, members or unionids."""
    found = np.zeros(len(left), bool)
    if not len(left):
        return found
    for kind in ONCE_ONLY:
        found |= two_of(used, evidence.keys[kind]).differ(used[left], used[right])
    return found
