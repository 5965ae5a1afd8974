"""Tiers, growth value and the behaviours that earn it. Growth is whole numbers, days are local business days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Span(StrEnum):
    """The calendar period over which a cap or a quota counts, in the programme's zone."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    EVER = "ever"


@dataclass(frozen=True)
class Tier:
    """One tier: reached by `reach` growth in a rolling window, kept at its end by `keep` growth since it began.

    `multiplier_thousandths` multiplies the points of purchases (1000: as they are).
    """

    code: str
    zh: str
    en: str
    reach: int
    keep: int
    multiplier_thousandths: int = 1000


@dataclass(frozen=True)
class EarlierSteps:
    """Thresholds that held up to and including `until`: tier code -> (reach, keep); a tier not named did not exist."""

    until: date
    steps: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Ladder:
    """All tiers, the lowest first (it has no end); a tier is valid `months` months, growth counts over as many.

    `earlier` are thresholds of the past, so that a change never judges what was before it; the oldest first.
    """

    tiers: tuple[Tier, ...]
    months: int = 12
    earlier: tuple[EarlierSteps, ...] = ()

    def steps(self, day: date) -> tuple[tuple[int, int] | None, ...]:
        """(reach, keep) of each tier on a day, None where there was no such tier."""
        for past in self.earlier:
            if day <= past.until:
                return tuple(past.steps.get(tier.code) for tier in self.tiers)
        return tuple((tier.reach, tier.keep) for tier in self.tiers)

    def rank(self, code: str) -> int:
        """The place of a tier, 0 for the lowest; a code that is no longer a tier counts as the lowest."""
        return next((place for place, tier in enumerate(self.tiers) if tier.code == code), 0)


@dataclass(frozen=True)
class Behaviour:
    """Something that earns growth without a purchase: `points` each time, at most `times` a `span` (0: no cap)."""

    code: str
    zh: str
    en: str
    points: int
    times: int = 0
    span: Span = Span.EVER


@dataclass(frozen=True)
class GrowthRow:
    """Growth as it is stored: signed points of a kind (purchase, refund or a behaviour) that count on a day."""

    kind: str
    points: int
    counts_on: date
    reference: str = ""


@dataclass(frozen=True)
class Granted:
    """A tier given by hand or by an opening: held at least from `since`, and until `until` unless growth keeps it."""

    tier: str
    since: date
    until: date | None = None


@dataclass(frozen=True)
class Standing:
    """Where a member stands on a day: the tier held `since` a day and up to, not at, `until` (None: no end).

    `growth_window` is the growth of the rolling window, `growth_since` that since the tier began.
    """

    tier: str
    since: date | None
    until: date | None
    multiplier_thousandths: int = 1000
    growth_window: int = 0
    growth_since: int = 0


@dataclass(frozen=True)
class TierRow:
    """A tier as it is stored: the instants at which its local days begin; `reason` says why it was written."""

    tier: str
    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True)
class TierProgress:
    """What a member sees of their tier: names, span, growth, the next tier and how to get there.

    `needed` is the growth still missing for `next_tier` ('' at the top); `keep_missing` that for keeping this one.
    `how` are (behaviour code, growth each time) that can still earn growth now; a purchase earns 1 a major unit.
    """

    tier: str
    zh: str
    en: str
    since: date | None
    until: date | None
    growth_12m: int
    next_tier: str
    next_zh: str
    next_en: str
    needed: int
    keep_threshold: int
    growth_since: int
    keep_missing: int
    multiplier_thousandths: int
    how: tuple[tuple[str, int], ...] = field(default=())
