"""Two plain learners with closed or quickly converging fits: ridge for amounts, logistic for yes or no.

They only steady the estimate: where the chance of treatment is known, a poor learner costs certainty and adds no bias.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Predictor = Callable[[Floats], Floats]
# Penalties tried by generalised cross-validation, on standardised features, a row.
_PENALTIES = 10.0 ** np.arange(-4.0, 2.0)
_STEPS = 6
_LOGISTIC_PENALTY = 1.0


def ridge(features: Floats, outcome: Floats) -> Floats:
    """Coefficients (intercept first) of a ridge regression; `features` are standardised, shape (people, columns)."""
    return ridges(features, outcome[:, None])[:, 0]


def ridges(features: Floats, outcomes: Floats) -> Floats:
    """Ridge regressions of many outcomes, shape (people, outcomes), on the same features: a column of weights each.

    Each one's penalty minimises its generalised cross-validation (Golub, Heath, Wahba, Technometrics 21, 1979).
    """
    people = len(outcomes)
    middle, means = features.mean(axis=0), outcomes.mean(axis=0)
    centred = features - middle
    values, vectors = np.linalg.eigh(centred.T @ centred / people)
    values = np.maximum(values, 0.0)[:, None]
    projected = vectors.T @ (centred.T @ outcomes / people)
    total = (outcomes**2).mean(axis=0) - means**2
    best = np.full(outcomes.shape[1], np.inf)
    chosen = np.zeros_like(projected)
    for penalty in _PENALTIES:
        freedom = 1.0 + float((values / (values + penalty)).sum())
        if freedom >= people:
            continue
        shrunk = projected / (values + penalty)
        left = total - (shrunk * (2 * projected - values * shrunk)).sum(axis=0)
        told = left / (1 - freedom / people) ** 2
        better = told < best
        best = np.where(better, told, best)
        chosen = np.where(better, shrunk, chosen)
    weights = vectors @ chosen
    return np.vstack([means - middle @ weights, weights])


def logistic(features: Floats, outcome: Floats) -> Floats:
    """Coefficients (intercept first) of a logistic regression with a small ridge penalty, by Newton's method."""
    design = with_one(features)
    share = min(max(float(outcome.mean()), 1e-3), 1 - 1e-3)
    weights = np.zeros(design.shape[1])
    weights[0] = np.log(share / (1 - share))
    penalty = np.full(design.shape[1], _LOGISTIC_PENALTY)
    penalty[0] = 1e-6
    for _ in range(_STEPS):
        chance = expit(design @ weights)
        gradient = design.T @ (outcome - chance) - penalty * weights
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(penalty)
        weights = weights + np.linalg.solve(curvature, gradient)
    return weights


def expit(values: Floats) -> Floats:
    """1 / (1 + exp(-values)), without overflow."""
    return 1.0 / (1.0 + np.exp(-np.clip(values, -30.0, 30.0)))


def with_one(features: Floats) -> Floats:
    """The features with a column of ones in front."""
    return np.column_stack([np.ones(len(features)), features])


def learn(features: Floats, outcome: Floats, *, is_binary: bool) -> Predictor:
    """A fitted predictor of the outcome; the mean where one kind of answer is all there is."""
    if len(outcome) <= features.shape[1] + 2 or float(outcome.std()) == 0.0:
        mean = float(outcome.mean()) if len(outcome) else 0.0
        return lambda asked: np.full(len(asked), mean)
    if is_binary:
        weights = logistic(features, outcome)
        return lambda asked: expit(with_one(asked) @ weights)
    weights = ridge(features, outcome)
    return lambda asked: with_one(asked) @ weights
