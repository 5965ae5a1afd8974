"""How good a prediction was: ranking, calibration, level, and the interval of each by resampling customers."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

from shuke.predictions.values import Floats

_BINS = 10
_TOP_SHARE = 0.1


def auc(came: ArrayLike, score: ArrayLike) -> float:
    """The chance that somebody who came ranks above somebody who did not; ties count half. NaN without both kinds."""
    yes = np.asarray(came, bool)
    n, m = int(yes.sum()), int((~yes).sum())
    if not n or not m:
        return float("nan")
    ranks = rankdata(np.asarray(score, float))
    return float((ranks[yes].sum() - n * (n + 1) / 2) / (n * m))


def ece(came: ArrayLike, chance: ArrayLike) -> float:
    """Expected calibration error: mean distance of predicted and real shares over ten groups of equal size."""
    real, said = np.asarray(came, float), np.asarray(chance, float)
    if not len(real):
        return float("nan")
    parts = np.array_split(np.argsort(said, kind="stable"), _BINS)
    return float(sum(abs(said[part].sum() - real[part].sum()) for part in parts) / len(real))


def over_actual(real: ArrayLike, said: ArrayLike) -> float:
    """Predicted over actual, in sum; NaN where nothing happened."""
    total = float(np.asarray(real, float).sum())
    return float(np.asarray(said, float).sum()) / total if total > 0 else float("nan")


def top_tenth_share(real: ArrayLike, score: ArrayLike) -> float:
    """The share of what really came that the best tenth by score brought; equal scores share their places."""
    came, ranked = np.asarray(real, float), np.asarray(score, float)
    total = came.sum()
    if not len(came) or total <= 0:
        return float("nan")
    most = max(1, round(len(came) * _TOP_SHARE))
    border = np.sort(ranked)[::-1][most - 1]
    above, at = ranked > border, ranked == border
    rest = (most - above.sum()) / at.sum()
    return float((came[above].sum() + rest * came[at].sum()) / total)


def interval(
    figure: Callable[[Floats, Floats], float], real: Floats, score: Floats, *, draws: int = 60, seed: int = 1
) -> tuple[float, float]:
    """The 90 % bootstrap interval of a figure over customers drawn again with replacement (Efron 1979)."""
    chance = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        again = chance.integers(0, len(real), len(real))
        found.append(figure(real[again], score[again]))
    kept = np.asarray([value for value in found if np.isfinite(value)])
    if not len(kept):
        return float("nan"), float("nan")
    low, high = np.quantile(kept, [0.05, 0.95])
    return float(low), float(high)
