"""Results of plays as pages show them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Verdict = Literal["more", "fewer", "unclear", "none"]


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
