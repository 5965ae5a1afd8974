"""Back-tests on time cuts: what a model would have said on a past day, beside simple rules, against what came."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from shuke.predictions.rules import judging
from shuke.predictions.rules.returns import BASELINES
from shuke.predictions.values import Floats

_Figure = Callable[[Floats, Floats], float]


@dataclass(frozen=True)
class Score:
    """One figure of one method on one cut, with its 90 % bootstrap interval. NaN where the figure does not exist."""

    model: str
    horizon: int
    cut: int
    metric: str
    method: str
    customers: int
    value: float
    low: float
    high: float
    is_baseline: bool


def judge_return(
    cut: tuple[int, int], *, came: Floats, methods: Mapping[str, Floats], value: Floats, draws: int
) -> list[Score]:
    """AUC of every method, and calibration and level of what would have been told. `cut` is (day, horizon)."""
    rows = [
        _score(came, ranked, model="return", cut=cut, metric="auc", method=(name, judging.auc), draws=draws)
        for name, ranked in methods.items()
    ]
    told = {"bgnbd": methods["bgnbd"], "told": value}
    for metric, figure in (("ece", judging.ece), ("level", judging.over_actual)):
        rows += [
            _score(came, said, model="return", cut=cut, metric=metric, method=(name, figure), draws=draws)
            for name, said in told.items()
        ]
    return rows


def judge_spend(
    cut: tuple[int, int], *, spent: Floats, methods: Mapping[str, Floats], value: Floats, draws: int
) -> list[Score]:
    """The share of real spend in the top tenth by every method, and the bias of what would have been told."""
    rows = [
        _score(
            spent,
            ranked,
            model="spend",
            cut=cut,
            metric="top_tenth_share",
            method=(name, judging.top_tenth_share),
            draws=draws,
        )
        for name, ranked in methods.items()
    ]
    return [
        *rows,
        _score(spent, value, model="spend", cut=cut, metric="bias", method=("told", judging.over_actual), draws=draws),
    ]


def better_baseline(
    scores: Sequence[Score], *, model: str, horizon: int, ours: str, metric: str, margin: float
) -> str | None:
    """The simple rule that beats `ours` by more than `margin` in the mean over all cuts, the best one; else None."""
    means: dict[str, float] = {}
    mine = [s for s in scores if (s.model, s.horizon, s.metric) == (model, horizon, metric) and np.isfinite(s.value)]
    for method in {s.method for s in mine}:
        means[method] = float(np.mean([s.value for s in mine if s.method == method]))
    if ours not in means:
        return None
    rivals = {s.method for s in mine if s.is_baseline}
    best = max(sorted(rivals), key=lambda name: means[name], default=None)
    return best if best is not None and means[best] > means[ours] + margin else None


def winners(scores: Sequence[Score]) -> set[tuple[str, int, int, str, str]]:
    """The best method of each model, horizon, cut and metric, as (model, horizon, cut, metric, method)."""
    best: dict[tuple[str, int, int, str], tuple[float, str]] = {}
    for score in scores:
        place = (score.model, score.horizon, score.cut, score.metric)
        if np.isfinite(score.value):
            merit = (_merit(score), score.method)
            best[place] = max(best.get(place, merit), merit)
    return {(*place, method) for place, (_, method) in best.items()}


def _merit(score: Score) -> float:
    """Higher is better: errors count down, levels by their distance from 1."""
    if score.metric == "ece":
        return -score.value
    if score.metric in ("level", "bias"):
        return -abs(math.log(max(score.value, 1e-9)))
    return score.value


def _score(
    real: Floats,
    said: Floats,
    *,
    model: str,
    cut: tuple[int, int],
    metric: str,
    method: tuple[str, _Figure],
    draws: int,
) -> Score:
    name, figure = method
    low, high = judging.interval(figure, real, said, draws=draws)
    day, horizon = cut
    value = figure(real, said)
    return Score(model, horizon, day, metric, name, len(real), value, low, high, name in BASELINES)
