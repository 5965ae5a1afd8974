"""Whom an offer moves: a cross-fitted doubly robust learner on randomised arms, and whether its ranking is proven."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from shuke.kernel.errors import ShukeError
from shuke.predictions.rules.uplift.learners import Floats, learn, ridge, with_one
from shuke.predictions.rules.uplift.ranking import Split, Worth, chance_share, places, scores_of, worth

Verdict = Literal["proven", "not_proven", "refused"]
FOLDS = 5
SPLITS = 5
PERMUTATIONS = 200
# Fewer than these in an arm: nothing is fitted at all.
_LEAST_ARM = 50
# A spend effect this small against the mean spend a head must be findable (80 of 100 times, two-sided 5 %).
_LEAST_EFFECT_SHARE = 0.2
_POWER = 2.8
# Of 400 trials without any effect 30 had p at most .05, so .05 is too wide; see docs/figures.md.
_LEVEL = 0.03
_Z = 1.96


class BadTrial(ShukeError):
    """The trial cannot be read: shapes differ, an arm is neither 0 nor 1, a propensity is not between 0 and 1."""


@dataclass(frozen=True)
class Model:
    """A linear model of uplift: standardise by `means` and `scales`, then `weights` with the intercept first."""

    means: tuple[float, ...] = ()
    scales: tuple[float, ...] = ()
    weights: tuple[float, ...] = (0.0,)


@dataclass(frozen=True)
class Uplift:
    """What a trial says about whom to target. Effects are in the outcome's unit, a person.

    `scores` are out of fold: no person's own answer went into theirs. `effect` is the mean effect of treatment on
    all; `qini` and `top30` (mean effect in the best 30 in 100) come with 95 % intervals over the repeated splits;
    `chance_share` is the p-value against 200 permuted rankings. `people_needed`: so many in all would find an effect
    of a fifth of the mean spend, or (yes or no) double this ranking's error into certainty; 0 where enough took part.
    """

    verdict: Verdict
    reason: str
    people: int
    effect: float
    effect_low: float
    effect_high: float
    qini: float
    qini_low: float
    qini_high: float
    top30: float
    top30_low: float
    top30_high: float
    chance_share: float
    people_needed: int
    is_binary: bool
    scores: Floats = field(repr=False)
    model: Model = field(repr=False)


def estimate_uplift(
    features: Floats | Any,
    arm: Floats | Any,
    outcome: Floats | Any,
    propensity: Floats | Any,
    *,
    seed: int = 0,
    splits: int = SPLITS,
    permutations: int = PERMUTATIONS,
) -> Uplift:
    """Estimates from a randomised trial whom the treatment moves, and says whether that is proven.

    `features`: (people, columns) numbers, missing ones are taken as the column's mean; `arm`: 1 treated, 0 held out;
    `outcome`: 0/1, or an amount; `propensity`: each person's known chance of treatment, or one for all. Arrow tables
    and columns, arrays and lists are taken. The DR-learner: E. Kennedy, Electronic Journal of Statistics 17, 2023;
    nuisance and final models never see the person they speak of. Verdicts: `proven` (p at most 3 %: see
    `_LEVEL`), `not_proven`, and `refused` with the number of people needed: for amounts, where a fifth of the mean
    would not be found.
    Raises `BadTrial`.
    """
    x, treated, y, chance = _checked(features, arm=arm, outcome=outcome, propensity=propensity)
    is_binary = bool(np.isin(y, (0.0, 1.0)).all())
    people = len(y)
    if min(int(treated.sum()), people - int(treated.sum())) < _LEAST_ARM:
        return _refused(people, is_binary=is_binary, reason="few", needed=_needed_for_arms(treated))
    means, scales = x.mean(axis=0), np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
    scaled = (x - means) / scales
    seeds = range(seed * 1009, seed * 1009 + splits)
    rounds = [_split(scaled, treated, y=y, chance=chance, is_binary=is_binary, seed=one) for one in seeds]
    psi = np.mean([one.effects for one in rounds], axis=0)
    effect, error = float(psi.mean()), float(psi.std() / np.sqrt(people))
    needed = _needed(people, error=error, mean=float(np.abs(y).mean()))
    if not is_binary and needed > people:
        return _refused(people, is_binary=False, reason="power", needed=needed, effect=(effect, error))
    scored = [scores_of(scaled, one) for one in rounds]
    told = [worth(one.effects, place=places(own, one.folds)) for one, own in zip(rounds, scored, strict=True)]
    share = chance_share(scaled, psi, permutations=permutations, seed=seed)
    weights = ridge(scaled, psi)
    qini, top = _joined(told, "qini"), _joined(told, "top")
    is_proven = share <= _LEVEL and qini[0] > 0
    return Uplift(
        verdict="proven" if is_proven else "not_proven",
        reason="" if is_proven else "chance",
        people=people,
        effect=effect,
        effect_low=effect - _Z * error,
        effect_high=effect + _Z * error,
        qini=qini[0],
        qini_low=qini[0] - _Z * qini[1],
        qini_high=qini[0] + _Z * qini[1],
        top30=top[0],
        top30_low=top[0] - _Z * top[1],
        top30_high=top[0] + _Z * top[1],
        chance_share=share,
        people_needed=0 if is_proven else _needed_for_ranking(people, qini=qini),
        is_binary=is_binary,
        scores=np.mean(scored, axis=0),
        model=Model(tuple(means.tolist()), tuple(scales.tolist()), tuple(weights.tolist())),
    )


def uplift_of(model: Model, features: object) -> Floats:
    """Scores of other people by a fitted model: (people, columns) in the order of the trial; missing is the mean."""
    x = _matrix(features)
    means = np.asarray(model.means)
    x = np.where(np.isfinite(x), x, means)
    scores: Floats = with_one((x - means) / np.asarray(model.scales)) @ np.asarray(model.weights)
    return scores


def _split(x: Floats, treated: Floats, *, y: Floats, chance: Floats, is_binary: bool, seed: int) -> Split:
    """A split into folds, each with its share of both arms, and everybody's effect by models of the other folds."""
    draw = np.random.default_rng(seed)
    folds = np.empty(len(y), dtype=np.int64)
    for one in (0.0, 1.0):
        here = np.flatnonzero(treated == one)
        folds[here] = draw.permutation(len(here)) % FOLDS
    psi = np.empty(len(y))
    for fold in range(FOLDS):
        out = folds == fold
        psi[out] = _psi(x, treated, y=y, chance=chance, is_binary=is_binary, learned=~out, told=out)
    return Split(psi, folds)


def _psi(x: Floats, treated: Floats, *, y: Floats, chance: Floats, is_binary: bool, learned: Any, told: Any) -> Floats:
    """The doubly robust effect of `told`, with outcome models of `learned`:
    mu1 - mu0 + (A - e) / (e (1 - e)) (Y - mu_A).
    """
    by_arm = [
        learn(x[learned & (treated == one)], y[learned & (treated == one)], is_binary=is_binary)(x[told])
        for one in (0.0, 1.0)
    ]
    a, e = treated[told], chance[told]
    own = np.where(a == 1.0, by_arm[1], by_arm[0])
    effects: Floats = by_arm[1] - by_arm[0] + (a - e) / (e * (1 - e)) * (y[told] - own)
    return effects


def _joined(told: list[Worth], name: str) -> tuple[float, float]:
    """Mean over the splits, and its error: that of one split and the spread between them.

    An error counts by the root of two: in cross-fitting each pair of folds speaks twice (see `ranking.chance_share`).
    """
    values = np.array([getattr(one, name) for one in told])
    errors = np.array([getattr(one, f"{name}_error") for one in told])
    return float(values.mean()), float(np.sqrt(2 * (errors**2).mean() + values.var()))


def _needed(people: int, *, error: float, mean: float) -> int:
    """People in all for an effect of a fifth of the mean to be found."""
    least = _LEAST_EFFECT_SHARE * mean
    return int(np.ceil(people * (_POWER * error / least) ** 2)) if least > 0 else 10 * people


def _needed_for_arms(treated: Floats) -> int:
    share = float(treated.mean()) if len(treated) else 0.5
    rarer = min(share, 1 - share) or 0.5
    return int(np.ceil(_LEAST_ARM / rarer))


def _needed_for_ranking(people: int, *, qini: tuple[float, float]) -> int:
    """People for a Qini of this size to be proven 80 of 100 times; ten times as many where it points the wrong way."""
    value, error = qini
    if value <= 0:
        return 10 * people
    return int(min(10 * people, max(people + 1, np.ceil(people * ((1.645 + 0.84) * error / value) ** 2))))


def _refused(
    people: int, *, is_binary: bool, reason: str, needed: int, effect: tuple[float, float] = (0.0, float("inf"))
) -> Uplift:
    mean, error = effect
    nothing = float("nan")
    return Uplift(
        verdict="refused",
        reason=reason,
        people=people,
        effect=mean if np.isfinite(error) else nothing,
        effect_low=mean - _Z * error if np.isfinite(error) else nothing,
        effect_high=mean + _Z * error if np.isfinite(error) else nothing,
        qini=nothing,
        qini_low=nothing,
        qini_high=nothing,
        top30=nothing,
        top30_low=nothing,
        top30_high=nothing,
        chance_share=1.0,
        people_needed=needed,
        is_binary=is_binary,
        scores=np.zeros(people),
        model=Model(),
    )


def _checked(features: object, *, arm: object, outcome: object, propensity: object) -> tuple[Floats, ...]:
    x, treated, y = _matrix(features), _column(arm, "arm"), _column(outcome, "outcome")
    given = np.asarray(propensity, dtype=float) if np.isscalar(propensity) else _column(propensity, "propensity")
    chance = np.full(len(y), float(given)) if given.ndim == 0 else given
    if not len(x) == len(treated) == len(y) == len(chance):
        raise BadTrial("Features, arm, outcome and propensity differ in length.", hint="Send one row a person.")
    if not np.isin(treated, (0.0, 1.0)).all():
        raise BadTrial(
            "An arm is 1 (treated) or 0 (held out).", hint="Recode the other values, or leave those people out."
        )
    if not np.isfinite(y).all():
        raise BadTrial("Somebody has no outcome.", hint="Who bought nothing has 0; leave out whom you cannot follow.")
    if not ((chance > 0) & (chance < 1)).all():
        raise BadTrial(
            "A propensity lies between 0 and 1.", hint="It is the chance with which the draw treated the person."
        )
    seen = np.isfinite(x)
    filled = np.divide(
        np.where(seen, x, 0.0).sum(axis=0), seen.sum(axis=0), where=seen.any(axis=0), out=np.zeros(x.shape[1])
    )
    return np.where(seen, x, filled), treated, y, chance


def _matrix(features: object) -> Floats:
    """(people, columns) numbers from an Arrow table, an array or a list of rows."""
    if isinstance(features, pa.Table):
        columns = [_column(one, "features") for one in features.columns]
        features = np.column_stack(columns) if columns else np.empty((features.num_rows, 0))
    try:
        x = np.asarray(features, dtype=float)
    except (TypeError, ValueError) as error:
        raise BadTrial("Features are numbers.", hint="Turn words into 0/1 columns first.") from error
    if x.ndim == 1:
        x = x[:, None]
    if x.ndim != 2:
        raise BadTrial("Features have one row a person and one column a feature.", hint="Send a table.")
    return x


def _column(values: object, name: str) -> Floats:
    told: Any = values
    if isinstance(values, pa.Array | pa.ChunkedArray):
        told = values.to_numpy(zero_copy_only=False) if isinstance(values, pa.Array) else values.to_numpy()
    try:
        found = np.asarray(told, dtype=float)
    except (TypeError, ValueError) as error:
        raise BadTrial(f"The {name} are numbers.", hint="Send one number a person.") from error
    if found.ndim != 1:
        raise BadTrial(f"The {name} are one number a person.", hint="Send a single column.")
    return found
