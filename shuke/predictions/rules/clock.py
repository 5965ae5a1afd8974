"""The formulas of this room in Python: the oracle that its SQL is tested against, and the curve read for one person."""

import math
from collections.abc import Mapping, Sequence
from statistics import median

LAST_STEP = 200


def own_cycle_days(gaps: Sequence[int], *, typical_days: float, shrink_gaps: float) -> float:
    """The usual days between purchases of one customer.

    `exp((n ln(median gap) + k ln(typical)) / (n + k))`, rounded to a tenth of a day: an empirical Bayes estimate in
    logarithms (Efron and Morris, JASA 70, 1975). Without gaps it is the shop's typical gap.
    """
    own = len(gaps) * math.log(median(gaps)) if gaps else 0.0
    return round(math.exp((own + shrink_gaps * math.log(typical_days)) / (len(gaps) + shrink_gaps)), 1)


def shrink_gaps(histories: Sequence[Sequence[int]], *, settings: Mapping[str, float]) -> float:
    """How many own gaps the shop's typical gap is worth: variance within customers over variance between them.

    `histories` holds the gaps of each customer (days, at least 1). `settings` are those of `purchase_clock.yaml`.
    One-way analysis of variance with unequal groups (Searle, Casella and McCulloch, "Variance Components", 1992, 3.6).
    """
    groups = [[math.log(gap) for gap in gaps] for gaps in histories if gaps]
    total = sum(len(group) for group in groups)
    if sum(len(group) >= 2 for group in groups) < settings["needs_customers"] or total == len(groups):
        return settings["shrink_default"]
    means = [sum(group) / len(group) for group in groups]
    grand = sum(sum(group) for group in groups) / total
    within = sum((x - mean) ** 2 for group, mean in zip(groups, means, strict=True) for x in group) / (
        total - len(groups)
    )
    spread = sum(len(group) * (mean - grand) ** 2 for group, mean in zip(groups, means, strict=True)) / (
        len(groups) - 1
    )
    size = (total - sum(len(group) ** 2 for group in groups) / total) / (len(groups) - 1)
    between = (spread - within) / size
    if between <= 0:
        return settings["shrink_max"]
    return min(settings["shrink_max"], max(settings["shrink_min"], within / between))


def fifths(values: Mapping[int, float]) -> dict[int, int]:
    """Scores 1 (lowest) to 5 by fifths; equal values share the score of the middle of their ranks."""
    ordered = sorted(values.values())
    scores = {}
    for key, value in values.items():
        below, equal = sum(v < value for v in ordered), sum(v == value for v in ordered)
        scores[key] = 1 + min(4, math.floor(5 * (2 * below + equal) / (2 * len(ordered))))
    return scores


def return_share(still_away: Sequence[float], *, cycle_days: float, days_since: int, within_days: int) -> float:
    """Chance (0 to 1) to come back by oneself within `within_days`, given `days_since` days of waiting.

    `still_away` are the shares by tenths of a cycle of `return_curve` (steps 0 to 200).
    """
    now = min(LAST_STEP, math.floor(10 * days_since / cycle_days))
    then = min(LAST_STEP, math.floor(10 * (days_since + within_days) / cycle_days))
    return 1 - still_away[then] / still_away[now] if still_away[now] > 0 else 0.0
