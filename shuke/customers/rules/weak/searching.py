"""Which records are compared with which: those that may gain by it, and pairs of them that share a block."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from shuke.customers.rules.components import numbered
from shuke.customers.values import Flags, Ints

Hashes = NDArray[np.uint64]
Block = tuple[Hashes, Flags]
"""What the records of one block share, and which records take part."""

_RARE = 12
_MOST_A_BLOCK = (100, 50, 25, 12, 6, 3)


@dataclass(frozen=True)
class Records:
    """Records with a name, by row: their groups, which are loose (no key holds them), and values as numbers.

    0 is none; `address` numbers the texts of addresses, the others are those of Evidence.
    """

    row: Ints
    group: Ints
    loose: Flags
    name: Ints
    initial: Ints
    birthday: Ints
    city: Ints
    gender: Ints
    address: Ints

    def __len__(self) -> int:
        return len(self.row)

    def taken(self, chosen: Flags) -> "Records":
        """The chosen ones."""
        return Records(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


def worth_comparing(records: Records) -> Flags:
    """Loose records that say more than a name, and records that keys hold and that share something rare with these."""
    loose, known = records.loose, records.birthday != 0
    names = _together(records.birthday, records.initial)
    found: Flags = loose & (known | (records.city != 0) | (records.address != 0))
    found |= known & _met(names, loose & known)
    found |= (records.address != 0) & _met(records.address, loose & (records.address != 0))
    rows = np.flatnonzero(records.city)
    place, _ = numbered(_together(records.name[rows], records.city[rows]))
    some = np.bincount(place, weights=loose[rows]) > 0
    found[rows] |= (some & (np.bincount(place) <= _RARE))[place]
    return found


def _together(one: Ints, other: Ints) -> Ints:
    return one * (int(other.max(initial=0)) + 1) + other


def _met(values: Ints, of: Flags) -> Flags:
    """Whether a row has the value of any of the rows `of`."""
    wanted = np.unique(values[of])
    if not len(wanted):
        return np.zeros(len(values), bool)
    found: Flags = wanted[np.minimum(np.searchsorted(wanted, values), len(wanted) - 1)] == values
    return found


def mixed(number: int, *values: NDArray[np.generic]) -> Hashes:
    """One hash of several values of each row; `number` tells the rules apart."""
    found = np.full(len(values[0]), number, np.uint64)
    for value in values:
        found = (found * np.uint64(0x9E3779B97F4A7C15)) ^ value.astype(np.uint64)
        found = (found ^ (found >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        found ^= found >> np.uint64(32)
    return found


def pairs_in_blocks(blocks: Iterable[Block], *, groups: Ints, loose: Flags, allowed: int) -> tuple[Ints, Ints]:
    """Distinct pairs of places (left < right, in order) of several groups that share a block, one of them loose.

    A rule with more than `allowed` pairs looks at smaller blocks only.
    """
    size = len(groups)
    found = [np.zeros(0, np.int64)]
    for key, some in blocks:
        at = np.flatnonzero(some)
        left, right = _pairs_of(at[np.argsort(key[at])], key, loose=loose, allowed=allowed)
        keep = (groups[left] != groups[right]) & (loose[left] | loose[right])
        left, right = left[keep], right[keep]
        found.append(np.minimum(left, right) * size + np.maximum(left, right))
    pairs = np.sort(np.concatenate(found))
    fresh = np.ones(len(pairs), bool)
    fresh[1:] = pairs[1:] != pairs[:-1]
    pairs = pairs[fresh]
    return pairs // max(size, 1), pairs % max(size, 1)


def _pairs_of(order: Ints, key: Hashes, *, loose: Flags, allowed: int) -> tuple[Ints, Ints]:
    """All pairs within blocks that are neither too big nor without a loose record; `order` is sorted by `key`."""
    ordered = key[order]
    begin = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))[: len(order)]
    held = np.diff(np.append(begin, len(order)))
    seen = np.concatenate([[0], np.cumsum(loose[order])])
    some = (held > 1) & (held <= _MOST_A_BLOCK[0]) & (seen[begin + held] > seen[begin])
    begin, held = begin[some], held[some]
    for most in _MOST_A_BLOCK:
        small = held <= most
        if int((held[small] * (held[small] - 1) // 2).sum()) <= allowed:
            break
    begin, held = begin[small], held[small]
    inside = _counted_up(held)
    member = np.repeat(begin, held) + inside
    later = np.repeat(held, held) - 1 - inside
    left = np.repeat(member, later)
    return order[left], order[left + 1 + _counted_up(later)]


def _counted_up(lengths: Ints) -> Ints:
    """0, 1, .. for each of the lengths, one after the other."""
    ends = np.cumsum(lengths)
    found: Ints = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - lengths, lengths)
    return found


def carried(values: Ints, loose: Flags) -> Ints:
    """How many loose rows carry each value, by its number; 0 is none."""
    found = np.bincount(values[loose], minlength=int(values.max(initial=0)) + 1)
    found[0] = 0
    return found


def numbers_of(hashes: Hashes, known: Flags) -> Ints:
    """Hashes of known values as numbers from 1; 0 where nothing is known."""
    found = np.zeros(len(hashes), np.int64)
    found[known] = np.unique(hashes[known], return_inverse=True)[1] + 1
    return found
