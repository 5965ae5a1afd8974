"""How many more purchases to expect, and whether somebody is still a customer: BG/NBD and Gamma-Gamma.

BG/NBD: Fader, Hardie and Lee, "Counting Your Customers the Easy Way", Marketing Science 24 (2005), equations by their
numbers there. Gamma-Gamma: Fader and Hardie, "The Gamma-Gamma Model of Monetary Value" (2013). The likelihoods are sums
over distinct (x, t_x, T), so a shop of ten million customers is as quick to fit as its distinct histories; gamma
functions depend on x alone and are running sums.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import gammaln, hyp2f1, psi

from shuke.kernel.errors import ShukeError
from shuke.predictions.values import BgNbd, Floats, GammaGamma

# Parameters stay between exp(-9) and exp(12) of scaled time: beyond, a likelihood is flat and its figures mean nothing.
_LOG_BOUNDS = (-9.0, 12.0)
_STARTS = ((0.5, 0.5, 0.5, 2.0), (1.0, 1.0, 1.0, 1.0), (0.2, 0.1, 0.2, 1.0))
_NEWTON_STEPS = 8
_STEP = 1e-5
# The start is found on so many histories.
_SKETCH = 5_000
# How the whole is reached from there: steps until they are this small in the logarithms of parameters.
_CARRIED_STEPS, _CLOSE = 25, 1e-7
# E(Y) has (a - 1) in a denominator; its limit is read this near to 1.
_NEAR_ONE = 1e-6
# A climb from another model's end begins inside these.
_LEAST_A, _MOST_B = 0.2, 8.0


class NothingToFit(ShukeError):
    """Too little happened for a likelihood to have a maximum."""


def fit_bgnbd(
    x: ArrayLike, t_x: ArrayLike, T: ArrayLike, weights: ArrayLike | None = None, *, start: BgNbd | None = None
) -> BgNbd:
    """Maximum likelihood of equation (6).

    `x` counts repeat purchases (0 and up), `t_x` is when the last one was and `T` the age, both since the first
    purchase and in one unit of time (0 <= t_x <= T, T > 0, t_x = 0 where x = 0); `weights` says how many customers a
    row stands for. Gives the parameters in that unit of time. `start` is a model of much the same customers in the same
    unit, where there is one: the climb is shorter from there. Raises `NothingToFit` where nobody bought twice,
    `ValueError` for rows that no history can have.
    """
    grouped = _grouped(x, t_x, T, weights)
    if not grouped.x.any():
        raise NothingToFit("Nobody bought twice, so nothing tells how often people return.", hint="Import more days.")
    scale = float(grouped.age.max())
    scaled = _History(grouped.x, grouped.last / scale, grouped.age / scale, grouped.weights)
    if start is None:
        sketch = scaled.every(max(len(scaled.x) // _SKETCH, 1))
        rough, _ = _climb(lambda logs: _bgnbd(logs, sketch), starts=_STARTS)
        near = tuple(np.exp(rough))
        done = _carried_over(rough, sketch, scaled) if len(sketch.x) < len(scaled.x) else None
    else:
        done = None
        # Where nobody seemed to leave, a is nearly 0 and b without end: a plateau that no climb leaves.
        near = (start.r, start.alpha / scale, max(start.a, _LEAST_A), min(start.b, _MOST_B))
    found, value = done or _climb(lambda logs: _bgnbd(logs, scaled), starts=(near,))
    r, alpha, a, b = np.exp(found)
    # The density of times in units of `scale` differs from that in the caller's by a factor a purchase.
    log_likelihood = value - float((grouped.weights * grouped.x).sum()) * np.log(scale)
    return BgNbd(
        float(r), float(alpha * scale), float(a), float(b), float(log_likelihood), float(grouped.weights.sum())
    )


def fit_gamma_gamma(x: ArrayLike, mean_spend: ArrayLike, weights: ArrayLike | None = None) -> GammaGamma:
    """Maximum likelihood of equation (1a): p, q and gamma of purchase values.

    `x` counts the purchases behind each `mean_spend` (both above 0). `weights` says how many customers a row stands
    for. Raises `NothingToFit` without any row, `ValueError` for rows at or below 0.
    """
    counts, means, heads = _positive(x, mean_spend, weights)
    scale = float((means * heads).sum() / heads.sum())
    starts = ((1.0, 3.0, 2.0), (4.0, 3.0, 1.0))
    found, value = _climb(lambda logs: _gamma_gamma(logs, counts, means / scale, heads), starts=starts)
    p, q, gamma = np.exp(found)
    log_likelihood = value - float(heads.sum()) * np.log(scale)
    return GammaGamma(float(p), float(q), float(gamma * scale), float(log_likelihood), float(heads.sum()))


def probability_alive(model: BgNbd, x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> Floats:
    """The chance (0 to 1) that each is still a customer at T; 1 where x = 0, for the model ends only at a purchase."""
    count, last, age = _arrays(x, t_x, T)
    return 1.0 / (1.0 + _odds_gone(model, count, last, age))


def expected_purchases(model: BgNbd, history: tuple[ArrayLike, ArrayLike, ArrayLike], *, horizon: float) -> Floats:
    """Purchases to expect within `horizon` after T, equation (10), for `history` = (x, t_x, T)."""
    return expected_ahead(model, history, horizons=(horizon,))[1][0]


def expected_ahead(
    model: BgNbd, history: tuple[ArrayLike, ArrayLike, ArrayLike], *, horizons: Sequence[float]
) -> tuple[Floats, list[Floats]]:
    """The chance to be alive, and purchases to expect within each horizon: equations (7) and (10), at one go."""
    count, last, age = _arrays(*history)
    first, place = _distinct(count, age)
    alive: Floats = 1.0 / (1.0 + _odds_gone(model, count, last, age))
    # Not below 0 by rounding, where the horizon is nearly nothing.
    living = [
        np.maximum(_expected_if_alive(model, count[first], age[first], horizon=one), 0.0)[place] for one in horizons
    ]
    return alive, [alive * one for one in living]


def expected_spend(model: GammaGamma, x: ArrayLike, mean_spend: ArrayLike) -> Floats:
    """The mean value of a purchase that each will make, equation (5); the shop's own mean where x = 0.

    Where q is at most 1 the shop's mean does not exist; the median customer's, p gamma / q, takes its place.
    """
    count, mean = np.broadcast_arrays(np.asarray(x, float), np.asarray(mean_spend, float))
    below = model.p * count + model.q - 1.0
    usual = model.p * model.gamma / (model.q - 1.0 if model.q > 1.0 else model.q)
    known = np.where(
        below > 0, (model.gamma + np.where(count > 0, mean, 0.0) * count) * model.p / np.maximum(below, 1e-12), usual
    )
    spend: Floats = np.where(count > 0, known, usual)
    return spend


class _History:
    """Distinct histories and how many customers have each; `by_count` says where each x stands in the gamma tables."""

    def __init__(self, x: NDArray[np.int64], last: Floats, age: Floats, weights: Floats) -> None:
        self.x, self.last, self.age, self.weights = x, last, age, weights
        self.heads: Floats = np.bincount(x, weights=weights).astype(np.float64)
        self.again = x > 0

    def every(self, step: int) -> "_History":
        """Each `step`-th history: enough to start from."""
        return _History(self.x[::step], self.last[::step], self.age[::step], self.weights[::step])


def _bgnbd(logs: Floats, history: _History) -> tuple[float, Floats]:
    """Log-likelihood (6) and its gradient by the logarithms of r, alpha, a, b."""
    r, alpha, a, b = np.exp(logs)
    heads, x = history.heads, history.x
    most = len(heads)
    gamma_sum = _sum(heads, _rising(r, most) + _rising(b, most) - _rising(a + b, most)) + heads.sum() * r * np.log(
        alpha
    )
    log_age, log_last = np.log(alpha + history.age), np.log(alpha + history.last)
    stays = -(r + x) * log_age
    gone = np.where(history.again, np.log(a) - np.log(b + np.maximum(x, 1) - 1.0) - (r + x) * log_last, -np.inf)
    top = np.maximum(stays, gone)
    whole = top + np.log(np.exp(stays - top) + np.exp(gone - top))
    left = np.exp(gone - whole)
    w = history.weights
    value = gamma_sum + _sum(w, whole)
    there = 1.0 - left
    d_r = _sum(heads, _rising_slope(r, most)) + heads.sum() * np.log(alpha) - _sum(w, there * log_age + left * log_last)
    d_alpha = heads.sum() * r / alpha - _sum(
        w, (r + x) * (there / (alpha + history.age) + left / (alpha + history.last))
    )
    both = _sum(heads, _rising_slope(a + b, most))
    d_a = -both + _sum(w, left) / a
    d_b = _sum(heads, _rising_slope(b, most)) - both - _sum(w, left / (b + np.maximum(x, 1) - 1.0))
    return value, np.array([d_r * r, d_alpha * alpha, d_a * a, d_b * b])


def _sum(weights: Floats, values: Floats) -> float:
    """Pairwise, on one core: the same to the last digit however many threads a linear algebra library has."""
    return float((weights * values).sum())


def _rising(start: float, most: int) -> Floats:
    """ln Gamma(start + k) - ln Gamma(start) for k below `most`."""
    return np.concatenate([[0.0], np.cumsum(np.log(start + np.arange(most - 1)))])


def _rising_slope(start: float, most: int) -> Floats:
    """Its slope by `start`."""
    return np.concatenate([[0.0], np.cumsum(1.0 / (start + np.arange(most - 1)))])


def _gamma_gamma(logs: Floats, x: Floats, mean: Floats, heads: Floats) -> tuple[float, Floats]:
    """Log-likelihood (1a) and its gradient by the logarithms of p, q, gamma."""
    p, q, gamma = np.exp(logs)
    px, spent = p * x, gamma + mean * x
    log_spent, log_mean = np.log(spent), np.log(mean)
    value = gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(gamma) + (px - 1) * log_mean + px * np.log(x)
    value -= (px + q) * log_spent
    d_p = x * (psi(px + q) - psi(px) + log_mean + np.log(x) - log_spent)
    d_q = psi(px + q) - psi(q) + np.log(gamma) - log_spent
    d_gamma = q / gamma - (px + q) / spent
    slope = np.array([_sum(heads, d_p) * p, _sum(heads, d_q) * q, _sum(heads, d_gamma) * gamma])
    return _sum(heads, value), slope


def _climb(
    likelihood: Callable[[Floats], tuple[float, Floats]], *, starts: tuple[tuple[float, ...], ...]
) -> tuple[Floats, float]:
    """The best maximum from several starts (L-BFGS-B), refined by Newton steps on the analytic gradient."""

    def below(logs: Floats) -> tuple[float, Floats]:
        value, slope = likelihood(logs)
        return -value, -slope

    best: Any = None
    for start in starts:
        found = minimize(below, np.log(start), jac=True, method="L-BFGS-B", bounds=[_LOG_BOUNDS] * len(start))
        if best is None or found.fun < best.fun - 1e-9:
            best = found
    at, value = np.asarray(best.x, float), -float(best.fun)
    for _ in range(_NEWTON_STEPS):
        step = _newton_step(likelihood, at)
        if step is None:
            break
        tried = np.clip(at + step, *_LOG_BOUNDS)
        reached, _ = likelihood(tried)
        if not reached > value:
            break
        at, value = tried, reached
    return at, value


def bgnbd_curvature(model: BgNbd, history: tuple[ArrayLike, ArrayLike, ArrayLike], weights: ArrayLike) -> Floats:
    """Second derivatives of the log-likelihood by the logarithms of r, alpha, a, b (4 by 4), for (x, t_x, T)."""
    grouped = _grouped(*history, weights)
    logs = np.log([model.r, model.alpha, model.a, model.b])
    return _curvature(lambda at: _bgnbd(at, grouped), logs)


def _carried_over(at: Floats, sketch: "_History", whole: "_History") -> tuple[Floats, float] | None:
    """From the maximum of a sketch to that of the whole: Newton steps with the sketch's curvature, one pass each.

    None where they do not end: the caller climbs then.
    """
    curve = _curvature(lambda logs: _bgnbd(logs, sketch), at) * (whole.heads.sum() / sketch.heads.sum())
    if not np.isfinite(curve).all() or np.linalg.eigvalsh(curve).max() >= 0:
        return None
    value, slope = _bgnbd(at, whole)
    for _ in range(_CARRIED_STEPS):
        step = -np.linalg.solve(curve, slope)
        if np.abs(step).max() < _CLOSE:
            return at, value
        tried = np.clip(at + step, *_LOG_BOUNDS)
        reached, slope = _bgnbd(tried, whole)
        if reached < value - abs(value) * 1e-12:
            return None
        at, value = tried, reached
    return None


def _curvature(likelihood: Callable[[Floats], tuple[float, Floats]], at: Floats) -> Floats:
    curve = np.empty((len(at), len(at)))
    for place in range(len(at)):
        aside = np.zeros(len(at))
        aside[place] = _STEP
        curve[place] = (likelihood(at + aside)[1] - likelihood(at - aside)[1]) / (2 * _STEP)
    both: Floats = (curve + curve.T) / 2
    return both


def _newton_step(likelihood: Callable[[Floats], tuple[float, Floats]], at: Floats) -> Floats | None:
    """The step to where the gradient vanishes; None where the surface does not curve down."""
    slope = likelihood(at)[1]
    curve = _curvature(likelihood, at)
    if not np.isfinite(curve).all() or np.linalg.eigvalsh(curve).max() >= 0:
        return None
    step: Floats = -np.linalg.solve(curve, slope).astype(np.float64)
    return step


def _odds_gone(model: BgNbd, x: Floats, last: Floats, age: Floats) -> Floats:
    """Gone over there, from equation (7)."""
    power = (model.r + x) * (np.log(model.alpha + age) - np.log(model.alpha + last))
    odds: Floats = np.where(
        x > 0, model.a / (model.b + np.maximum(x, 1.0) - 1.0) * np.exp(np.minimum(power, 700.0)), 0.0
    )
    return odds


def _expected_if_alive(model: BgNbd, x: Floats, age: Floats, *, horizon: float) -> Floats:
    a = model.a if abs(model.a - 1.0) > _NEAR_ONE else 1.0 + _NEAR_ONE
    share = horizon / (model.alpha + age + horizon)
    curve = hyp2f1(model.r + x, model.b + x, a + model.b + x - 1.0, share)
    ahead: Floats = (a + model.b + x - 1.0) / (a - 1.0) * (1.0 - (1.0 - share) ** (model.r + x) * curve)
    return ahead


def _grouped(x: ArrayLike, t_x: ArrayLike, T: ArrayLike, weights: ArrayLike | None) -> _History:
    """Distinct (x, t_x, T) with their weights."""
    count, last, age = _arrays(x, t_x, T)
    heads = np.ones(len(count)) if weights is None else np.broadcast_to(np.asarray(weights, float), count.shape)
    good = (count >= 0) & (count == np.floor(count)) & (last >= 0) & (last <= age) & (age > 0)
    good &= np.isfinite(age) & np.isfinite(heads) & (heads >= 0)
    good &= ~((count == 0) & (last > 0))
    if not good.all():
        raise ValueError(f"{int((~good).sum())} rows are no history: see the bounds of x, t_x and T.")
    if len(count) and (whole := _counted_whole(heads, count, last, age)):
        return whole
    first, place = _distinct(count, last, age)
    total: Floats = np.bincount(place, weights=heads, minlength=len(first)).astype(np.float64)
    kept = first[total > 0]
    if not len(kept):
        raise NothingToFit("There is no customer to learn from.", hint="Import orders with customers first.")
    return _History(count[kept].astype(np.int64), last[kept], age[kept], total[total > 0])


def _counted_whole(heads: Floats, *columns: Floats) -> _History | None:
    """Histories in whole units of time, one number each and counted by one sort; None where they are not."""
    if not all((column == np.floor(column)).all() for column in columns):
        return None
    sizes = [int(column.max()) + 1 for column in columns]
    if sizes[0] * sizes[1] * sizes[2] >= 2**62:
        return None
    codes = (columns[0].astype(np.int64) * sizes[1] + columns[1].astype(np.int64)) * sizes[2]
    codes += columns[2].astype(np.int64)
    if (heads == 1).all():
        found, times = np.unique(codes, return_counts=True)
    else:
        found, place = np.unique(codes, return_inverse=True)
        times = np.bincount(place.ravel(), weights=heads)
        found, times = found[times > 0], times[times > 0]
        if not len(found):
            return None
    rest, age = np.divmod(found, sizes[2])
    x, last = np.divmod(rest, sizes[1])
    return _History(x, last.astype(np.float64), age.astype(np.float64), times.astype(np.float64))


def _distinct(*columns: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A row of each distinct combination, and which combination each row is."""
    codes = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        values, code = np.unique(column, return_inverse=True)
        codes = codes * max(len(values), 1) + code.ravel()
    _, first, place = np.unique(codes, return_index=True, return_inverse=True)
    return first, place.ravel()


def _positive(x: ArrayLike, mean_spend: ArrayLike, weights: ArrayLike | None) -> tuple[Floats, Floats, Floats]:
    counts, means = _alike(x, mean_spend)
    heads = np.ones(len(counts)) if weights is None else np.asarray(weights, float)
    if not len(counts):
        raise NothingToFit("There is no purchase to learn from.", hint="Import orders with amounts first.")
    if not ((counts > 0) & (means > 0) & np.isfinite(means) & (heads >= 0)).all():
        raise ValueError("Purchases and their mean value must be above 0.")
    return counts, means, heads


def _arrays(x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> tuple[Floats, Floats, Floats]:
    count, last, age = _alike(x, t_x, T)
    return count, last, age


def _alike(*columns: ArrayLike) -> list[Floats]:
    """Columns of one length; a plain number stands for a whole column. Raises `ValueError`."""
    found: list[Floats] = [np.asarray(one, float) for one in columns]
    if len({one.shape for one in found if one.ndim}) > 1:
        raise ValueError(f"The columns differ in length: {', '.join(str(one.size) for one in found)} rows.")
    return [np.atleast_1d(one) for one in np.broadcast_arrays(*found)]
