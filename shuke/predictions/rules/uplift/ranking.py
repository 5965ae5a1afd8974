"""What a ranking is worth: Qini, the uplift of its top, and how often chance would do as well."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from shuke.predictions.rules.uplift.learners import Floats, ridges, with_one

Ints = np.ndarray[Any, np.dtype[np.int64]]
TOP = 0.3
# Numbers held at once while rankings are permuted: 160 MB.
_MOST_NUMBERS = 20_000_000


@dataclass(frozen=True)
class Worth:
    """Qini and the mean effect in the top 30 in 100, each with its standard error, in the outcome's unit a person."""

    qini: float
    qini_error: float
    top: float
    top_error: float


def places(scores: Floats, folds: Ints) -> Floats:
    """Each person's place as a share of their fold, the highest score 0; equal scores share their middle.

    Ranks are taken inside a fold, for models of two folds differ in level by chance.
    """
    found = np.empty(len(scores))
    for fold in np.unique(folds):
        here = np.flatnonzero(folds == fold)
        _, inverse, counts = np.unique(-scores[here], return_inverse=True, return_counts=True)
        before = np.cumsum(counts) - counts
        found[here] = (before[inverse] + counts[inverse] / 2.0) / len(here)
    return found


def worth(effects: Floats, *, place: Floats) -> Worth:
    """Qini of a ranking from each person's doubly robust effect psi.

    With G(q) the sum of psi over the best share q of people, divided by all n people,
    Qini = integral over q in (0, 1) of G(q) - q G(1) = (1 / n) sum of psi_i (1/2 - place_i):
    the area between the gain by this ranking and the gain by chance (Radcliffe, Direct Marketing Analytics Journal,
    2007, with psi in the place of the difference of arms).
    """
    people = len(effects)
    weights, off = 0.5 - place, effects - effects.mean()
    top = effects[place < TOP]
    return Worth(
        qini=float((weights * off).mean()),
        qini_error=float(np.sqrt((weights**2 * off**2).sum())) / people,
        top=float(top.mean()) if len(top) else 0.0,
        top_error=float(top.std() / np.sqrt(len(top))) if len(top) > 1 else 0.0,
    )


@dataclass(frozen=True)
class Split:
    """One split of the people into folds, with each person's effect from models that saw neither fold nor person."""

    effects: Floats
    folds: Ints


def scores_of(x: Floats, split: Split) -> Floats:
    """Out-of-fold scores: each fold's from a ridge regression of the other folds' effects on their features."""
    return _scores(x, split.effects[:, None], folds=split.folds)[:, 0]


def chance_share(x: Floats, effects: Floats, *, permutations: int, seed: int) -> float:
    """How often rankings learned from permuted effects do as well: the p-value.

    The figure compared is Qini over its error, of the ranking learned from everybody: learning and judging on the same
    people flatters it, and flatters the rankings learned anew from each permutation of the effects just as much. That
    finds more than a comparison out of fold, in which each pair of folds speaks twice. Dividing by the error keeps the
    test honest where the effects of heavy spenders vary more (DiCiccio, Romano, JASA 112, 2017).
    """
    own = _figures(x, effects[:, None])[0]
    draw = np.random.default_rng(seed)
    size = max(1, _MOST_NUMBERS // max(len(x), 1))
    beaten = 0
    for start in range(0, permutations, size):
        orders = [draw.permutation(len(x)) for _ in range(min(size, permutations - start))]
        beaten += int((_figures(x, effects[np.column_stack(orders)]) >= own).sum())
    return (1 + beaten) / (1 + permutations)


def _figures(x: Floats, effects: Floats) -> Floats:
    """Qini over its error for each column of effects, by the ranking that a ridge regression learns from it."""
    scores, one_fold = with_one(x) @ ridges(x, effects), np.zeros(len(x), dtype=np.int64)
    return np.array([_studentised(told, places(own, one_fold)) for told, own in zip(effects.T, scores.T, strict=True)])


def _scores(x: Floats, effects: Floats, *, folds: Ints) -> Floats:
    found = np.empty_like(effects)
    for fold in np.unique(folds):
        out = folds == fold
        found[out] = with_one(x[out]) @ ridges(x[~out], effects[~out])
    return found


def _studentised(effects: Floats, place: Floats) -> float:
    told = worth(effects, place=place)
    return told.qini / told.qini_error if told.qini_error > 0 else 0.0
