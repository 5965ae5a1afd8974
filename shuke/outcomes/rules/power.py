"""What it takes to tell: people needed for an expected difference, by waiting longer or by more people."""

import math

from scipy.special import ndtri

from shuke.outcomes.values import StillNeeded

_WEEK = 7


def people_needed(holdout_share: float, *, lift: float, ratio: float, confidence: float, power: float) -> int | None:
    """People of both arms that show `lift` (of the holdout's share) with `power`.

    Treated people are `ratio` times those held out. n_holdout = (z_confidence x sqrt((ratio + 1) / ratio x p q) +
    z_power x sqrt(p1 q1 / ratio + p0 q0))^2 / (p1 - p0)^2 with p the share over both arms (Fleiss, Levin and Paik,
    Statistical Methods for Rates and Proportions, 2003, section 4.3). None where nothing can be shown: no base rate, or
    no expected lift.
    """
    base = holdout_share
    then = min(1.0, max(0.0, base * (1 + lift)))
    if not 0 < base < 1 or then == base or ratio <= 0:
        return None
    both = (base + ratio * then) / (1 + ratio)
    by_chance = float(ndtri((1 + confidence) / 2)) * math.sqrt((ratio + 1) / ratio * both * (1 - both))
    by_effect = float(ndtri(power)) * math.sqrt(then * (1 - then) / ratio + base * (1 - base))
    held = (by_chance + by_effect) ** 2 / (then - base) ** 2
    return math.ceil(held) + math.ceil(held * ratio)


def share_after(share: float, *, days: int, then: int) -> float:
    """The share of people who bought after `then` days, where `share` did in `days` and they keep coming so."""
    return float(1 - (1 - share) ** (then / days))


def still_needed(
    base: float, *, treated: int, holdout: int, days: int, most_days: int, lift: float, confidence: float, power: float
) -> StillNeeded:
    """How long to wait for the same people, and how many more people, until the expected lift would show.

    `base` is the share observed among those held out (of all where it is 0 or 1) in `days` days; people are watched for
    at most `most_days`. Each is None where that way does not lead there; both 0 where it should show already. People
    are rounded up to two digits that count: the formula knows no more.
    """
    ratio = treated / holdout
    asked = {"lift": lift, "ratio": ratio, "confidence": confidence, "power": power}
    people = treated + holdout
    now = people_needed(base, **asked)
    if now is None:
        return StillNeeded(wait_weeks=None, more_people=None)
    if now <= people:
        return StillNeeded(wait_weeks=0, more_people=0)
    weeks = None
    for ahead in range(1, max(0, most_days - days) // _WEEK + 1):
        later = people_needed(share_after(base, days=days, then=days + _WEEK * ahead), **asked)
        if later is not None and later <= people:
            weeks = ahead
            break
    return StillNeeded(wait_weeks=weeks, more_people=_rounded(now - people))


def _rounded(people: int) -> int:
    if people < 100:
        return people
    step = int(10 ** (math.floor(math.log10(people)) - 1))
    return math.ceil(people / step) * step
