"""How many points will end unspent: age cohorts of lots, with an interval.

A lot is one step older every `STEP_DAYS`. For each age the hazard is the share of points at risk that were burned
during that step, over all lots that have lived through it whole (the life-table estimator; points that leave otherwise
count as at risk until they leave). A point of age a with n steps to live then stays unspent with probability
q = (1 - h[a]) ... (1 - h[a + n - 1]), and the forecast is the sum of q over all points.

The interval adds two variances. Of the hazards: accounts stand in buckets, whole buckets are drawn again with
replacement (cluster bootstrap, Efron and Tibshirani 1993, chapter 8), for points of one member go together. Of what
happens next: the binomial variance of the points times a dispersion, the mean square of what whole buckets burned
above or below expectation (a quasi-binomial; the beta-binomial has the same first two moments). A campaign that the
past has not seen is in neither.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

STEP_DAYS = 30
BUCKETS = 64
# Burned and at risk below this many points at one age say little: ages beyond are taken together.
_ENOUGH = 1_000
_DRAWS = 400
# Two-sided 90 % of the normal distribution.
_Z = 1.6449

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Breakage:
    """Points outstanding that can end, how many of them are expected to end unspent, and a 90 % interval.

    `basis` is `cohorts`, or `none` where nothing has been burned yet and nothing can be said.
    """

    outstanding: int
    expected: int
    low: int
    high: int
    basis: str

    @property
    def share(self) -> float:
        """The expected part of the outstanding points, 0 to 1."""
        return self.expected / self.outstanding if self.outstanding else 0.0


def at_risk(issued: npt.ArrayLike, left: npt.ArrayLike) -> Floats:
    """Points at risk by bucket and age: `issued` is (bucket, cohort), `left` (bucket, cohort, age) that went at an age.

    Cohort c was issued c steps ago (its first whole step is age 0), so it has lived through ages 0 to c - 1 only.
    Gives (bucket, age), the sum over the cohorts that have lived through the age.
    """
    came = np.asarray(issued, np.float64)
    went = np.asarray(left, np.float64)
    before = np.cumsum(went, axis=2) - went
    stands = np.maximum(came[:, :, None] - before, 0.0)
    return np.asarray((stands * _lived(went)[None]).sum(axis=1))


def burned_at(burned: npt.ArrayLike) -> Floats:
    """Points burned by bucket and age, of cohorts that have lived through the age; `burned` as `left` of `at_risk`."""
    gone = np.asarray(burned, np.float64)
    return np.asarray((gone * _lived(gone)[None]).sum(axis=1))


def forecast(risk: npt.ArrayLike, burned: npt.ArrayLike, outstanding: npt.ArrayLike, *, seed: int = 5) -> Breakage:
    """The forecast for `outstanding` (age, steps to live) from `risk` and `burned` (bucket, age).

    Steps to live count from 1; column 0 is points that end within the running step. Deterministic by `seed`.
    """
    exposed, gone = np.asarray(risk, np.float64), np.asarray(burned, np.float64)
    open_points = np.asarray(outstanding, np.float64)
    total = float(open_points.sum())
    if gone.sum() <= 0 or total <= 0:
        return Breakage(round(total), round(total), 0, round(total), "none")
    ages, steps = open_points.shape
    hazards = _hazards(exposed.sum(axis=0), gone.sum(axis=0), ages=ages + steps)
    unspent = _unspent(hazards, ages=ages, steps=steps)
    expected = float((open_points * unspent).sum())
    drawn = _drawn(exposed, gone, open_points, seed=seed)
    process = _dispersion(exposed, gone) * float((open_points * unspent * (1 - unspent)).sum())
    half = _Z * float(np.sqrt(drawn.var(ddof=1) + process))
    low, high = max(0.0, expected - half), min(total, expected + half)
    return Breakage(round(total), round(expected), int(np.floor(low)), int(np.ceil(high)), "cohorts")


def _lived(by_cohort_and_age: Floats) -> npt.NDArray[np.bool_]:
    _, cohorts, ages = by_cohort_and_age.shape
    lived: npt.NDArray[np.bool_] = np.arange(ages)[None, :] < np.arange(cohorts)[:, None]
    return lived


def _hazards(exposed: Floats, gone: Floats, *, ages: int) -> Floats:
    """The hazard of each age up to `ages`; thin ages and those not seen yet take that of the oldest ones together."""
    known = len(exposed)
    solid = int(np.max(np.flatnonzero(exposed >= _ENOUGH), initial=0)) + 1
    tail = slice(max(0, solid - 3), known)
    late = float(gone[tail].sum() / max(exposed[tail].sum(), 1.0))
    found = np.full(ages, min(max(late, 0.0), 1.0))
    upto = min(solid, ages)
    found[:upto] = np.clip(gone[:upto] / np.maximum(exposed[:upto], 1.0), 0.0, 1.0)
    return found


def _unspent(hazards: Floats, *, ages: int, steps: int) -> Floats:
    """The share of points of each age (rows) with so many steps to live (columns) that ends unspent."""
    stays = np.concatenate([[0.0], np.cumsum(np.log(np.maximum(1.0 - hazards, 1e-9)))])
    age = np.arange(ages)[:, None]
    until = np.minimum(age + np.arange(steps)[None, :], len(hazards))
    return np.asarray(np.exp(stays[until] - stays[np.broadcast_to(age, until.shape)]))


def _drawn(exposed: Floats, gone: Floats, open_points: Floats, *, seed: int) -> Floats:
    """Forecasts with the buckets drawn again."""
    chance: Any = np.random.default_rng(seed)
    ages, steps = open_points.shape
    times = chance.multinomial(len(exposed), np.full(len(exposed), 1 / len(exposed)), size=_DRAWS)
    found = []
    for weight in times:
        hazards = _hazards(weight @ exposed, weight @ gone, ages=ages + steps)
        found.append(float((open_points * _unspent(hazards, ages=ages, steps=steps)).sum()))
    return np.asarray(found)


def _dispersion(exposed: Floats, gone: Floats) -> float:
    """How much more whole buckets vary than single points drawn one by one would; at least 1."""
    hazards = gone.sum(axis=0) / np.maximum(exposed.sum(axis=0), 1.0)
    surplus = (gone - exposed * hazards).sum(axis=1)
    plain = float((exposed * hazards * (1 - hazards)).sum())
    shape = max(len(exposed) - 1, 1) / len(exposed)
    return max(1.0, float((surplus**2).sum()) / max(plain * shape, 1.0))
