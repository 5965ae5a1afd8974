"""What a ranking is worth: Qini, the uplift of its top, and how often chance would do as well."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
TOP = 0.3


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


def chance_share(effects: list[Floats], *, placed: list[Floats], permutations: int, seed: int) -> float:
    """How often a permuted ranking does as well: the p-value, from `permutations` of them.

    The figure compared is Qini over its standard error, averaged over the repeated splits; each permutation moves the
    rankings of all splits alike, so that their likeness is in the comparison too. Dividing by the error keeps the test
    honest where effects of heavy spenders vary more (DiCiccio, Romano, JASA 112, 2017).
    """
    own = float(np.mean([_studentised(psi, place) for psi, place in zip(effects, placed, strict=True)]))
    draw = np.random.default_rng(seed)
    beaten = 0
    for _ in range(permutations):
        order = draw.permutation(len(effects[0]))
        told = [_studentised(psi, place[order]) for psi, place in zip(effects, placed, strict=True)]
        beaten += float(np.mean(told)) >= own
    return (1 + beaten) / (1 + permutations)


def _studentised(effects: Floats, place: Floats) -> float:
    told = worth(effects, place=place)
    return told.qini / told.qini_error if told.qini_error > 0 else 0.0
