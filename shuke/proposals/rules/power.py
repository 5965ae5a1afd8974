"""How many people are held out, and what that can show."""

import math
from bisect import bisect_left

from scipy.special import ndtri

# The interval that outcomes are told with (two-sided 95 %), and the chance to see an effect that is there.
_SURE = float(ndtri(0.975))
_POWER = float(ndtri(0.8))
_STEPS = 10_000


def people_needed(*, holdout_share: float, base_share: float, lift: float) -> float:
    """People of both arms that show a relative `lift` on `base_share` with 80 % power at 95 % (two-sided).

    Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (2003), section 4.3, for arms of unequal size.
    Infinite where there is nothing to see: no base rate, everybody comes anyway, or no lift.
    """
    ratio = (1 - holdout_share) / holdout_share
    then = min(1.0, max(0.0, base_share * (1 + lift)))
    if not 0 < base_share < 1 or then == base_share:
        return math.inf
    both = (base_share + ratio * then) / (1 + ratio)
    by_chance = _SURE * math.sqrt((ratio + 1) / ratio * both * (1 - both))
    by_effect = _POWER * math.sqrt(then * (1 - then) / ratio + base_share * (1 - base_share))
    return (1 + ratio) * (by_chance + by_effect) ** 2 / (then - base_share) ** 2


def holdout_share_for(people: int, *, base_share: float, lift: float, least: float, most: float, useful: int) -> float:
    """The share of a play that is held out, in whole per cent between `least` and `most`.

    The smallest share that shows the expected lift in this one week; where none does, the most, because several weeks
    put together then show it soonest. Below `useful` people, or with nothing to be seen, the least: a larger
    holdout would cost sales and prove nothing (decision record 8).
    """
    if people < useful or math.isinf(people_needed(holdout_share=most, base_share=base_share, lift=lift)):
        return least
    for percent in range(math.ceil(least * 100), math.floor(most * 100) + 1):
        share = min(most, max(least, percent / 100))
        if people_needed(holdout_share=share, base_share=base_share, lift=lift) <= people:
            return share
    return most


def detectable_share(*, treated: int, holdout: int, base_share: float) -> float | None:
    """The smallest increase (in shares of people) that these two arms show with 80 % power at 95 %.

    The increase for which `people_needed` asks for just these people, to a ten thousandth. None without both arms or
    without a base rate, and where even everybody coming would not show.
    """
    if treated < 1 or holdout < 1 or not 0 < base_share < 1:
        return None
    people = treated + holdout

    def shows(steps: int) -> bool:
        lift = steps / _STEPS / base_share
        return people_needed(holdout_share=holdout / people, base_share=base_share, lift=lift) <= people

    found = bisect_left(range(_STEPS + 1), True, lo=1, key=shows)
    return found / _STEPS if found / _STEPS <= 1 - base_share else None


def weeks_needed(*, treated: int, holdout: int, base_share: float, lift: float) -> int | None:
    """How many weeks with these two arms show a relative `lift` together; None where there is nothing to see."""
    people = treated + holdout
    if treated < 1 or holdout < 1 or lift <= 0:
        return None
    needed = people_needed(holdout_share=holdout / people, base_share=base_share, lift=lift)
    return None if math.isinf(needed) else max(1, math.ceil(needed / people - 1e-9))
