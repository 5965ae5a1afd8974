"""Tiers as a replay of net growth by day: no job, no order of arrival, and no stored tier can make it wrong.

Growth of a day is what its purchases and behaviours earned less what refunds took from those same purchases, however
much later. So a tier that rested on refunded growth was never reached, a late sale counts from its own day, and merged
accounts simply join their growth. Spending and expiry of points touch no growth.
"""

import calendar
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from shuke.loyalty.values.tiers import Granted, Ladder, Standing, TierRow

GRANTED = "granted"
_NEVER, _NO_END = date.min, date.max
_OUT_OF_REACH = 1 << 62


@lru_cache(maxsize=4096)
@lru_cache(maxsize=4096)
def months_before(day: date, months: int) -> date:
    """The last day that a rolling window of `months` ending with `day` leaves out; month ends clamp."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)
@lru_cache(maxsize=4096)
def end_of(since: date, *, months: int) -> date:
    """The first day after a tier's time: the first whose rolling window no longer holds the day it began.

    The same day of a later month, or the 1st of the month after where that month is shorter.
    """
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    if since.day <= calendar.monthrange(year, month + 1)[1]:
        return date(year, month + 1, since.day)
    year, month = divmod(year * 12 + month + 1, 12)
    return date(year, month + 1, 1)


def standing(growth: Mapping[date, int], *, today: date, ladder: Ladder, granted: Sequence[Granted] = ()) -> Standing:
    """The tier on `today`, from net growth by day (days after `today` do not count) and tiers given by hand.

    Upgrades at once when the rolling window reaches a tier; at a tier's end compares the growth since it began with
    what keeping asks, and falls one level below that; a given tier lifts, never lowers. The same for any order of rows.
    """
    replay = _Replay(growth, today=today, ladder=ladder, granted=granted)
    return replay.run()


def tier_row(
    before: TierRow | None, after: Standing, *, ladder: Ladder, zone: str, opened_at: datetime
) -> TierRow | None:
    """The row to store after a change, or None where the last row says the same. The lowest tier begins with a fall or
    with the account (`opened_at`). Reasons: upgraded, kept, fell.
    """
    since = opened_at if after.since is None else _starts(after.since, zone=zone)
    until = None if after.until is None else _starts(after.until, zone=zone)
    if before is None and after.since is None:
        return None
    if before is not None and before.tier == after.tier and (before.until == until or after.since is None):
        return None
    held = 0 if before is None else ladder.rank(before.tier)
    rank = ladder.rank(after.tier)
    reason = "upgraded" if rank > held else "fell" if rank < held else "kept"
    return TierRow(after.tier, since, until, reason)


def granted(rows: Sequence[TierRow], *, zone: str) -> tuple[Granted, ...]:
    """The tiers given by hand among stored rows: those whose reason starts with `granted`."""
    here = ZoneInfo(zone)
    return tuple(
        Granted(
            row.tier,
            row.since.astimezone(here).date(),
            None if row.until is None else row.until.astimezone(here).date(),
        )
        for row in rows
        if row.reason.startswith(GRANTED)
    )


def _starts(day: date, *, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


class _Replay:
    """One walk over the days on which something can change."""

    def __init__(self, growth: Mapping[date, int], *, today: date, ladder: Ladder, granted: Sequence[Granted]) -> None:
        self.ladder, self.today = ladder, today
        self.days = sorted(day for day, points in growth.items() if points and day <= today)
        self.sums = [0, *accumulate([growth[day] for day in self.days])]
        self.gifts = sorted(
            (gift for gift in granted if gift.since <= today),
            key=lambda gift: (gift.since, ladder.rank(gift.tier), gift.until or date.max),
        )
        self.steps = ladder.steps(today)
        self.rank, self.since, self.until = 0, _NEVER, _NO_END

    def run(self) -> Standing:
        if self.gifts or self.ladder.earlier:
            self._walk_all()
        elif self.sums[-1] >= self._first_step():
            self._walk()
        self._end(self.today)
        tier = self.ladder.tiers[self.rank]
        return Standing(
            tier.code,
            None if self.since == _NEVER else self.since,
            None if self.until == _NO_END else self.until,
            tier.multiplier_thousandths,
            self._between(months_before(self.today, self.ladder.months), until=self.today),
            self.sums[-1] - self.sums[bisect_left(self.days, self.since)],
        )

    def _first_step(self) -> int:
        """No growth below this, however it lies in time, leaves the lowest tier (unless a refund stands alone)."""
        if len(self.steps) == 1 or any(later < before for before, later in pairwise(self.sums)):
            return self.sums[-1]
        return min(step[0] for step in self.steps[1:] if step is not None)

    def _walk(self) -> None:
        """The plain case: thresholds never changed and nothing was given; the window slides along."""
        days, sums, months = self.days, self.sums, self.ladder.months
        reach = [step[0] if step is not None else _OUT_OF_REACH for step in self.steps]
        reach.append(_OUT_OF_REACH)
        low = 0
        for place, day in enumerate(days, start=1):
            if self.until <= day:
                self._end(day)
            bound = months_before(day, months)
            while days[low] <= bound:
                low += 1
            window = sums[place] - sums[low]
            if window >= reach[self.rank + 1]:
                self._enter(bisect_right(reach, window) - 1, since=day)

    def _walk_all(self) -> None:
        changes = [past.until.toordinal() + 1 for past in self.ladder.earlier]
        steps = {date.fromordinal(day) for day in changes if day <= self.today.toordinal()}
        for day in sorted({*self.days, *(gift.since for gift in self.gifts), *steps}):
            if self.until <= day:
                self._end(day)
            self._lift(day)

    def _between(self, after: date, *, until: date) -> int:
        """Growth of the days after `after` up to and including `until`."""
        return self.sums[bisect_right(self.days, until)] - self.sums[bisect_right(self.days, after)]

    def _steps(self, day: date) -> tuple[tuple[int, int] | None, ...]:
        return self.ladder.steps(day) if self.ladder.earlier else self.steps

    def _end(self, day: date) -> None:
        """Settles each end of a tier up to and including the start of `day`."""
        while self.until <= day:
            end = self.until
            grown = self.sums[bisect_left(self.days, end)] - self.sums[bisect_left(self.days, self.since)]
            step = self._steps(end)[self.rank]
            self._enter(self.rank if step is not None and grown >= step[1] else self._below(end), since=end)

    def _below(self, day: date) -> int:
        steps = self._steps(day)
        return next((rank for rank in range(self.rank - 1, 0, -1) if steps[rank] is not None), 0)

    def _lift(self, day: date) -> None:
        steps = self._steps(day)
        if self.rank + 1 < len(steps):
            window = self._between(months_before(day, self.ladder.months), until=day)
            for rank in range(len(steps) - 1, self.rank, -1):
                step = steps[rank]
                if step is not None and window >= step[0]:
                    self._enter(rank, since=day)
                    break
        for gift in self.gifts:
            if gift.since == day and self.ladder.rank(gift.tier) >= max(1, self.rank):
                self._give(gift, day=day)

    def _give(self, gift: Granted, *, day: date) -> None:
        rank = self.ladder.rank(gift.tier)
        end = gift.until or end_of(day, months=self.ladder.months)
        if end > day and (rank > self.rank or end > self.until):
            self.rank, self.since, self.until = rank, day, end

    def _enter(self, rank: int, *, since: date) -> None:
        self.rank, self.since = rank, since
        self.until = end_of(since, months=self.ladder.months) if rank else _NO_END
