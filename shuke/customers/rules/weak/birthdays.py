"""How alike two birthdays are, as somebody typed them: year, month and day in eight digits."""

import numpy as np
from numpy.typing import NDArray

from shuke.customers.values import Flags, Ints

_DIGITS = (1000, 100, 10, 1)
_EPOCH = 1_000_000


def birthday_level(left: Ints, right: Ints) -> Ints:
    """The level of BIRTHDAY for each pair of birthdays (days since 1970 plus 1,000,000; 0 is missing)."""
    found = np.full(len(left), 6, np.int64)
    both = (left != 0) & (right != 0)
    found[both & (left == right)] = 5
    rows = np.flatnonzero(both & (left != right))
    days, place = np.unique(np.concatenate([left[rows], right[rows]]), return_inverse=True)
    parts = _parts(days)
    found[rows] = _differing(parts[place[: len(rows)]], parts[place[len(rows) :]])
    return found


def years(birthday: Ints) -> Ints:
    """The years of birthdays; of a missing one anything."""
    day = (birthday - _EPOCH).astype("datetime64[D]")
    return day.astype("datetime64[Y]").astype(np.int64) + 1970


def _parts(birthday: Ints) -> Ints:
    """Year, month and day, one row each."""
    day = (birthday - _EPOCH).astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    months = month.astype(np.int64)
    return np.stack([months // 12 + 1970, months % 12 + 1, (day - month).astype(np.int64) + 1], axis=1)


def _differing(one: Ints, other: Ints) -> Ints:
    (a_year, a_month, a_day), (b_year, b_month, b_day) = one.T, other.T
    same_year = a_year == b_year
    slips = _slips(_typed(one), _typed(other))
    swapped = same_year & (a_month == b_day) & (a_day == b_month)
    year_only = ((a_month == 1) & (a_day == 1)) | ((b_month == 1) & (b_day == 1))
    found: Ints = np.select(
        [
            (slips <= 1) | swapped,
            same_year & year_only,
            same_year | ((a_month == b_month) & (a_day == b_day)),
            (np.abs(a_year - b_year) <= 1) | (slips <= 2),
        ],
        [4, 3, 2, 1],
        default=0,
    )
    return found.astype(np.int64)


def _typed(parts: Ints) -> NDArray[np.int8]:
    """Characters of 1990-12-31 as columns."""
    year, month, day = parts.T
    dash = np.full(len(parts), -1)
    digits = [year // unit % 10 for unit in _DIGITS]
    digits += [dash, month // 10, month % 10, dash, day // 10, day % 10]
    return np.stack(digits).astype(np.int8)


def _slips(one: NDArray[np.int8], other: NDArray[np.int8]) -> NDArray[np.int8]:
    """Characters to change, add, leave out or swap with their neighbour (up to three or so exactly)."""
    size, count = one.shape
    before = np.zeros((size + 1, count), np.int8)
    above = np.repeat(np.arange(size + 1, dtype=np.int8)[:, None], count, axis=1)
    for i in range(size):
        row = np.full((size + 1, count), i + 1, np.int8)
        for j in range(size):
            differs: Flags = one[i] != other[j]
            row[j + 1] = np.minimum(np.minimum(above[j + 1], row[j]) + 1, above[j] + differs)
            if i and j:
                swaps = (one[i] == other[j - 1]) & (one[i - 1] == other[j])
                row[j + 1] = np.where(swaps, np.minimum(row[j + 1], before[j - 1] + 1), row[j + 1])
        before, above = above, row
    return above[size]
