"""Tiers as a replay of net growth by day: no job, no order of arrival, and no stored tier can make it wrong.

Growth of a day is what its purchases and behaviours earned less what refunds took from those same purchases, however
much later. So a tier that rested on refunded growth was never reached, a late sale counts from its own day, and merged
accounts simply join their growth. Spending and expiry of points touch no growth.
"""

import calendar
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from shuke.loyalty.values.tiers import Granted, Ladder, Standing, TierRow

GRANTED = "granted"


@lru_cache(maxsize=4096)
def months_before(day: date, months: int) -> date:
    """The last day that a rolling window of `months` ending with `day` leaves out; month ends clamp."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


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
        self.sums = [0, *accumulate(growth[day] for day in self.days)]
        self.gifts = sorted(
            (gift for gift in granted if gift.since <= today),
            key=lambda g: (g.since, ladder.rank(g.tier), g.until or date.max),
        )
        self.now = Standing(ladder.tiers[0].code, None, None)
        self.rank = 0

    def run(self) -> Standing:
        changes = [past.until.toordinal() + 1 for past in self.ladder.earlier]
        steps = {date.fromordinal(day) for day in changes if day <= self.today.toordinal()}
        for day in sorted({*self.days, *(gift.since for gift in self.gifts), *steps}):
            self._ends(day)
            self._lift(day)
        self._ends(self.today)
        tier = self.ladder.tiers[self.rank]
        begun = self.now.since or date.min
        return replace(
            self.now,
            multiplier_thousandths=tier.multiplier_thousandths,
            growth_window=self._between(months_before(self.today, self.ladder.months), until=self.today),
            growth_since=self._between(date.fromordinal(max(1, begun.toordinal() - 1)), until=self.today)
            if self.now.since
            else self.sums[-1],
        )

    def _between(self, after: date, *, until: date) -> int:
        """Growth of the days after `after` up to and including `until`."""
        return self.sums[bisect_right(self.days, until)] - self.sums[bisect_right(self.days, after)]

    def _ends(self, day: date) -> None:
        """Settles each end of a tier up to and including the start of `day`."""
        while self.now.since is not None and self.now.until is not None and self.now.until <= day:
            since, end = self.now.since, self.now.until
            last = date.fromordinal(end.toordinal() - 1)
            grown = self._between(date.fromordinal(since.toordinal() - 1), until=last)
            step = self.ladder.steps(end)[self.rank]
            self._enter(self.rank if step is not None and grown >= step[1] else self._below(end), since=end)

    def _below(self, day: date) -> int:
        steps = self.ladder.steps(day)
        return next((rank for rank in range(self.rank - 1, 0, -1) if steps[rank] is not None), 0)

    def _lift(self, day: date) -> None:
        window = self._between(months_before(day, self.ladder.months), until=day)
        reached = max(
            (rank for rank, step in enumerate(self.ladder.steps(day)) if step is not None and window >= step[0]),
            default=0,
        )
        if reached > self.rank:
            self._enter(reached, since=day)
        for gift in self.gifts:
            if gift.since == day and self.ladder.rank(gift.tier) >= max(1, self.rank):
                self._give(gift, day=day)

    def _give(self, gift: Granted, *, day: date) -> None:
        rank = self.ladder.rank(gift.tier)
        end = gift.until or end_of(day, months=self.ladder.months)
        if end <= day or (rank == self.rank and self.now.until is not None and self.now.until >= end):
            return
        self._enter(rank, since=day)
        self.now = replace(self.now, until=end)

    def _enter(self, rank: int, *, since: date) -> None:
        self.rank = rank
        until = end_of(since, months=self.ladder.months) if rank else None
        self.now = Standing(self.ladder.tiers[rank].code, since, until)
