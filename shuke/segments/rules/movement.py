"""Stages of all customers on earlier days, in NumPy: each day knows only the purchases before it.

Days are whole numbers (days since 1970-01-01). Sorting happens once; an earlier day is then a mask over sorted gaps, so
seven days of a million customers take about as long as one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from shuke.segments.values import STAGES

Ints = npt.NDArray[np.int64]
UNKNOWN = -1
_BITS = 20
_LOW = (1 << _BITS) - 1


@dataclass(frozen=True)
class Purchases:
    """Purchase days by customer: `owners` ascending, the days of each ascending from its place in `starts` on.

    `gaps`, `closed_on` and `gap_owner` (a place in `owners`) hold all closed gaps, by owner and then by length.
    """

    owners: Ints
    starts: Ints
    days: Ints
    gaps: Ints
    closed_on: Ints
    gap_owner: Ints


@dataclass(frozen=True)
class Yardstick:
    """What the shop says today: its typical gap, that gap's weight, and how many cycles make people late or lost."""

    typical_gap_days: float
    shrink_gaps: float
    lapsing_cycles: float
    lapsed_cycles: float
    lapsing_days_min: int


def purchases_of(owner: Ints, days: Ints) -> Purchases:
    """Purchases from customer ids and purchase days, both sorted by customer and then by day."""
    owners, starts = np.unique(owner, return_index=True)
    place = np.repeat(np.arange(len(owners)), np.diff(np.append(starts, len(owner))))
    closed = place[1:] == place[:-1]
    gap_owner, to_on = place[1:][closed], days[1:][closed]
    gaps = to_on - days[:-1][closed]
    base = int(days.min()) if len(days) else 0
    # one number a gap: owner, length, day of its end; sorted at once and taken apart again
    packed = np.sort((gap_owner << (2 * _BITS)) | (gaps << _BITS) | (to_on - base))
    return Purchases(
        owners=owners,
        starts=starts,
        days=days,
        gaps=(packed >> _BITS) & _LOW,
        closed_on=(packed & _LOW) + base,
        gap_owner=packed >> (2 * _BITS),
    )


def stages_on(purchases: Purchases, *, day: int, yardstick: Yardstick) -> npt.NDArray[np.int8]:
    """The stage (a place in `STAGES`) of each of the owners as it was on `day`; UNKNOWN before the first purchase.

    The same rule as `stages.stage_of`, with the own cycle of that day: exp((n ln(median) + k ln(typical)) / (n + k)).
    """
    found = np.full(len(purchases.owners), UNKNOWN, np.int8)
    if not len(found):
        return found
    bought = np.add.reduceat((purchases.days < day).astype(np.int64), purchases.starts)
    last = purchases.days[purchases.starts + np.maximum(bought, 1) - 1]
    before = purchases.days[purchases.starts + np.maximum(bought, 2) - 2]
    cycle = _cycles(purchases, day=day, yardstick=yardstick)
    lapsing = np.maximum(yardstick.lapsing_days_min, np.ceil(yardstick.lapsing_cycles * cycle))
    lapsed = np.maximum(yardstick.lapsing_days_min + 1, np.ceil(yardstick.lapsed_cycles * cycle))
    waited = day - last
    stage = np.select(
        [bought == 0, waited > lapsed, waited > lapsing, bought == 1, last - before > lapsed],
        [UNKNOWN, _place("lapsed"), _place("lapsing"), _place("new"), _place("won_back")],
        _place("active"),
    )
    return stage.astype(np.int8)


def month_ends(as_of: date, *, months: int) -> tuple[date, ...]:
    """The last `months` month ends before `as_of`, as the first day after each, oldest first."""
    found: list[date] = []
    year, month = as_of.year, as_of.month
    while len(found) < months:
        first = date(year, month, 1)
        if first < as_of:
            found.append(first)
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return tuple(reversed(found))


def counted(parts: Mapping[str, Ints], *, sizes: Mapping[str, int]) -> list[tuple[int, ...]]:
    """How often each combination of codes occurs: (code of each part, times), those that occur, in their order."""
    names = list(parts)
    code = np.zeros(len(parts[names[0]]), np.int64)
    for name in names:
        code = code * sizes[name] + parts[name]
    times = np.bincount(code)
    found: list[tuple[int, ...]] = []
    for value in np.flatnonzero(times).tolist():
        codes: list[int] = []
        rest = value
        for name in reversed(names):
            rest, one = divmod(rest, sizes[name])
            codes.append(one)
        found.append((*reversed(codes), int(times[value])))
    return found


def _cycles(purchases: Purchases, *, day: int, yardstick: Yardstick) -> Any:
    """Own cycles as of `day` in days, to a tenth."""
    closed = purchases.closed_on < day
    gaps, owner = purchases.gaps[closed], purchases.gap_owner[closed]
    count = np.bincount(owner, minlength=len(purchases.owners))
    first = np.cumsum(count) - count
    some = count > 0
    median = np.ones(len(count))
    low, high = first[some] + (count[some] - 1) // 2, first[some] + count[some] // 2
    median[some] = (gaps[low] + gaps[high]) / 2
    weight = count + yardstick.shrink_gaps
    logs = count * np.log(median) + yardstick.shrink_gaps * np.log(yardstick.typical_gap_days)
    return np.round(np.exp(logs / weight), 1)


def _place(stage: str) -> int:
    return STAGES.index(stage)
