"""Sums, comparisons, and results of plays as pages show them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Verdict = Literal["more", "fewer", "unclear", "none"]


@dataclass(frozen=True)
class Interval:
    """A value with the ends of its interval."""

    mid: float
    low: float
    high: float


@dataclass(frozen=True)
class Mean:
    """A mean with its sample variance; `size` is the effective number of people."""

    mean: float
    variance: float
    size: float


@dataclass(frozen=True)
class ArmSums:
    """People of one arm with one chance of it: `propensity` is that chance (None: the same for all). Minor units."""

    arm: str
    propensity: float | None
    people: int
    buyers: int
    net_minor: float
    net_squares: float


@dataclass(frozen=True)
class Comparison:
    """Both arms and their difference; `left_out` counts people who were certain of their arm. None: not to be told."""

    treated: int
    holdout: int
    treated_buyers: int
    holdout_buyers: int
    left_out: int
    treated_share: float | None
    holdout_share: float | None
    difference: Interval | None
    sales_each: Interval | None

    @property
    def verdict(self) -> Verdict:
        """Whether more, fewer or an unclear number of people bought; `none` without two arms."""
        if self.difference is None:
            return "none"
        return "more" if self.difference.low > 0 else "fewer" if self.difference.high < 0 else "unclear"


@dataclass(frozen=True)
class StillNeeded:
    """Weeks to wait for the same people, or people more, until the expected difference would show; None: no way."""

    wait_weeks: int | None
    more_people: int | None


@dataclass(frozen=True)
class PlayResult:
    """What one play of one week changed, pooled over the stores that the reader may see.

    Shares are of people (0 to 1), `difference` = treated minus holdout with its 95 % interval `low` to `high`; all None
    where an arm is empty (verdict `none`). `treated` counts everybody drawn to be contacted, done or not; `reached` and
    `replied` are what staff wrote down. `extra_buyers` is (low, mid, high) = the difference times the people treated.
    `sales_each_difference_minor` is (mid, low, high): net sales a person, treated minus holdout. `sentence` and
    `next_step` are in the language asked for and hold computed numbers only. `week` is the day the play began.
    """

    play: str
    name: str
    week: date
    treated: int
    holdout: int
    reached: int
    replied: int
    treated_buyers: int
    holdout_buyers: int
    treated_share: float | None
    holdout_share: float | None
    difference: float | None
    low: float | None
    high: float | None
    extra_buyers: tuple[float, float, float] | None
    sales_each_difference_minor: tuple[float, float, float] | None
    verdict: Verdict
    sentence: str
    next_step: str
    days: int
    wait_weeks: int | None
    more_people: int | None


@dataclass(frozen=True)
class ResultView:
    """The results of one week's plays: `as_of` is the day they began, `until` the first day not counted any more.

    Both None (and no plays) where nothing approved has been measured yet. Order: what is sure first, then by people.
    """

    as_of: date | None
    until: date | None
    plays: tuple[PlayResult, ...]
