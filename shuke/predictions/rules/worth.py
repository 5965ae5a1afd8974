"""What each history is worth: purchases to expect, their spread, and how far the parameters themselves may be off."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from shuke.predictions.rules.lifetime import bgnbd_curvature, expected_ahead, expected_purchases, probability_alive
from shuke.predictions.values import BgNbd, Floats, Outlook

# 5 % of outcomes below, 5 % above.
_NINETY = 1.6449
_STEP = 1e-4
# Histories on which the doubt about parameters is read.
_SKETCH = 2_000
# And those that tell the curvature: it is known to a per cent then.
_CURVED = 20_000


def chance_to_return(model: BgNbd, history: tuple[ArrayLike, ArrayLike, ArrayLike], *, horizon: float) -> Floats:
    """The chance (0 to 1) of at least one purchase within `horizon` after T, for `history` = (x, t_x, T).

    Alive now, and the first gap shorter than the horizon: the rate of who is alive is gamma(r + x, alpha + T), so no
    purchase has the chance ((alpha + T) / (alpha + T + horizon))^(r + x) (Fader, Hardie and Lee 2005, section 4).
    """
    x, t_x, age = (np.asarray(one, float) for one in history)
    quiet = ((model.alpha + age) / (model.alpha + age + horizon)) ** (model.r + x)
    chance: Floats = probability_alive(model, x, t_x, age) * (1.0 - quiet)
    return chance


def outlook(model: BgNbd, history: tuple[ArrayLike, ArrayLike, ArrayLike], *, horizons: Sequence[int]) -> Outlook:
    """Chance to be alive, purchases to expect and the variance of what comes, for each history and horizon.

    Who is alive buys n times with mean m and variance m + m^2 / (r + x) (a gamma mixture of Poisson counts); who is
    gone buys nothing.
    """
    x, t_x, age = (np.asarray(one, float) for one in history)
    orders, variances = {}, {}
    alive, means = expected_ahead(model, (x, t_x, age), horizons=horizons)
    for horizon, mean in zip(horizons, means, strict=True):
        living = mean / np.maximum(alive, 1e-12)
        orders[horizon] = mean
        variances[horizon] = alive * (living + living**2 * (1 + 1 / (model.r + x))) - mean**2
    return Outlook(alive, orders, variances)


def nine_of_ten(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Between which values nine of ten outcomes lie, for outcomes of this mean and variance that are not below 0.

    A gamma quantile by its cube root (Wilson and Hilferty 1931); an upper bound never lies below the mean.
    """
    shape = np.maximum(mean, 1e-12) ** 2 / np.maximum(variance, 1e-12)
    middle, width = 1 - 1 / (9 * shape), _NINETY / (3 * np.sqrt(shape))
    low, high = mean * np.maximum(middle - width, 0) ** 3, mean * np.maximum(middle + width, 0) ** 3
    return low, np.maximum(high, mean)


def relative_doubt(
    model: BgNbd, history: tuple[ArrayLike, ArrayLike, ArrayLike], weights: ArrayLike, *, horizons: Sequence[int]
) -> dict[int, float]:
    """The standard error of purchases to expect, as a share of them, that comes from not knowing the parameters.

    The inverse curvature of the likelihood at its maximum, carried over by slopes (delta method); one share for the
    shop, by horizon: the mean over customers weighted by what they are expected to buy. 1 where the curvature tells
    nothing.
    """
    x, t_x, age = (np.atleast_1d(np.asarray(one, float)) for one in history)
    heads = np.asarray(weights, float)
    some = slice(None, None, max(len(x) // _CURVED, 1))
    curve = bgnbd_curvature(model, (x[some], t_x[some], age[some]), heads[some]) * (heads.sum() / heads[some].sum())
    try:
        spread = np.linalg.inv(-curve)
    except np.linalg.LinAlgError:
        return dict.fromkeys(horizons, 1.0)
    if not np.isfinite(spread).all() or (np.linalg.eigvalsh(-curve) <= 0).any():
        return dict.fromkeys(horizons, 1.0)
    kept = slice(None, None, max(len(x) // _SKETCH, 1))
    one = (x[kept], t_x[kept], age[kept])
    found = {}
    for horizon in horizons:
        middle = expected_purchases(model, one, horizon=horizon)
        slopes = np.stack([_slope(model, one, horizon=horizon, place=place) for place in range(4)])
        errors = np.sqrt(np.maximum(np.einsum("in,ij,jn->n", slopes, spread, slopes), 0.0))
        found[horizon] = float(min(1.0, (errors * heads[kept]).sum() / max((middle * heads[kept]).sum(), 1e-12)))
    return found


def _slope(model: BgNbd, history: tuple[Floats, Floats, Floats], *, horizon: float, place: int) -> Floats:
    """Of purchases to expect, by the logarithm of one parameter."""
    logs = np.log([model.r, model.alpha, model.a, model.b])
    ends = []
    for side in (_STEP, -_STEP):
        moved = logs.copy()
        moved[place] += side
        r, alpha, a, b = np.exp(moved)
        there = BgNbd(float(r), float(alpha), float(a), float(b), 0.0, model.customers)
        ends.append(expected_purchases(there, history, horizon=horizon))
    slope: Floats = (ends[0] - ends[1]) / (2 * _STEP)
    return slope
