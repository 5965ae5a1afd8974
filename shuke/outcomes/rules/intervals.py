"""Intervals of shares and of differences. Sample sizes may be fractions: effective sizes of weighted samples."""

import math

from scipy.special import ndtri, stdtrit

from shuke.outcomes.values import Interval, Mean


def wilson(share: float, *, size: float, confidence: float) -> tuple[float, float]:
    """The score interval of one share (Wilson, JASA 22, 1927). `size` > 0; stays within 0 and 1."""
    z = _normal(confidence)
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z / (1 + z * z / size) * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return max(0.0, middle - half), min(1.0, middle + half)


def newcombe(
    treated: float, holdout: float, *, treated_size: float, holdout_size: float, confidence: float
) -> Interval:
    """Difference of two independent shares with the hybrid score interval without continuity correction.

    Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17, 1998,
    method 10. Both sizes > 0. Bounds: -1 to 1.
    """
    difference = treated - holdout
    low_t, high_t = wilson(treated, size=treated_size, confidence=confidence)
    low_h, high_h = wilson(holdout, size=holdout_size, confidence=confidence)
    return Interval(
        mid=difference,
        low=difference - math.hypot(treated - low_t, high_h - holdout),
        high=difference + math.hypot(high_t - treated, holdout - low_h),
    )


def welch(treated: Mean, holdout: Mean, *, confidence: float) -> Interval | None:
    """Difference of two means with unequal variances (Welch, Biometrika 34, 1947).

    None where an arm has fewer than two people, or nobody's value differs: then nothing is known of the spread.
    """
    if treated.size <= 1 or holdout.size <= 1:
        return None
    parts = (treated.variance / treated.size, holdout.variance / holdout.size)
    spread = parts[0] + parts[1]
    if spread <= 0:
        return None
    freedom = spread**2 / (parts[0] ** 2 / (treated.size - 1) + parts[1] ** 2 / (holdout.size - 1))
    half = float(stdtrit(freedom, (1 + confidence) / 2)) * math.sqrt(spread)
    difference = treated.mean - holdout.mean
    return Interval(mid=difference, low=difference - half, high=difference + half)


def _normal(confidence: float) -> float:
    return float(ndtri((1 + confidence) / 2))
