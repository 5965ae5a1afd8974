"""Back-tests of a shop's own past, and the lake's scoreboard of them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pyarrow as pa

from shuke.lake.actions import Run
from shuke.predictions.adapters import definition
from shuke.predictions.adapters.boosting import learn_return
from shuke.predictions.queries.purchases import FIRST_DAY
from shuke.predictions.rules.backtest import Score, judge_return, judge_spend, winners
from shuke.predictions.rules.level import level_ahead
from shuke.predictions.rules.panel import panel, some
from shuke.predictions.rules.returns import baselines, past_windows, predict_return, usual_spend
from shuke.predictions.values import Floats, Level, Prediction, Purchases, Window

RETURN_DAYS = (30, 90)
SPEND_DAYS = 90
_STEP_DAYS = 30
_NAMES = ("model", "horizon_days", "cut_on", "metric", "method", "customers", "value", "low", "high", "is_baseline")


@dataclass(frozen=True)
class Study:
    """What one run reads once: purchases known on the day, and how far BG/NBD was off in past windows."""

    known: Purchases
    day: int
    windows: tuple[Window, ...]


def study(known: Purchases, *, day: int) -> Study:
    """Everything that the models of a day need besides what they learn themselves."""
    return Study(known, day, past_windows(known, day=day, horizons=RETURN_DAYS, settings=definition("returns")))


def predicted(found: Study, *, day: int, horizon: int, known: Purchases | None = None) -> Prediction:
    """The return model as of a day that is not after the study's."""
    settings = (definition("returns"), definition("level"))
    return predict_return(
        known or found.known, day=day, horizon=horizon, learn=learn_return, settings=settings, windows=found.windows
    )


def spend_of(found: Study, prediction: Prediction) -> tuple[Floats, Level]:
    """Sales to expect of each customer within the prediction's horizon, and the level they are set to."""
    now = prediction.panel
    raw = prediction.chances["expected"] * usual_spend(now)
    windows = [w for w in found.windows if w.horizon == now.horizon]
    level = level_ahead(windows, day=now.cut, settings=definition("level"), of="spend_shift")
    return raw * math.exp(level.shift), level


def back_test(found: Study, *, cuts: int, most: int) -> list[Score]:
    """The last `cuts` closed windows of each horizon, a month apart, the newest first."""
    settings = definition("returns")
    some_known, scores = some(found.known, most=most), []
    if not len(some_known.days):
        return []
    first = int(some_known.days.min())
    for horizon in RETURN_DAYS:
        for number in range(cuts):
            cut = found.day - horizon - number * _STEP_DAYS
            if cut - first < settings["history_min_days"]:
                break
            scores += _one_cut(found, some_known, cut=cut, horizon=horizon)
    return scores


def _one_cut(found: Study, known: Purchases, *, cut: int, horizon: int) -> list[Score]:
    draws = int(definition("returns")["bootstrap_draws"])
    said = predicted(found, day=cut, horizon=horizon, known=known)
    now = panel(known, cut=cut, horizon=horizon)
    came = (now.orders > 0).astype(float)
    scores = judge_return((cut, horizon), came=came, methods=said.methods, value=said.value, draws=draws)
    if horizon == SPEND_DAYS:
        value, _ = spend_of(found, said)
        rules = {**baselines(now), "last_spend": now.columns["net_90"]}
        scores += judge_spend(
            (cut, horizon), spent=now.spend, methods={"value": value, **rules}, value=value, draws=draws
        )
    return scores


def write_scoreboard(run: Run, *, scores: Sequence[Score], used: Mapping[tuple[str, int], str]) -> None:
    """Replaces the rows of the scores' models in the scoreboard; rows of other models stay."""
    best = winners(scores)
    rows = [_row(score, best=best, used=used) for score in scores]
    table = pa.Table.from_pylist(rows, schema=_SCHEMA)
    lake = run.reader()
    models = "', '".join(sorted({score.model for score in scores})) or "-"
    names = ", ".join(_SCHEMA.names)
    kept = lake.arrow(f"select {names} from scoreboard where model not in ('{models}')").cast(_SCHEMA)
    run.write_arrow("scoreboard", rows=pa.concat_tables([kept, table]))


def _row(score: Score, *, best: set[Any], used: Mapping[tuple[str, int], str]) -> dict[str, Any]:
    place = (score.model, score.horizon, score.cut, score.metric, score.method)
    cells = (
        score.model, score.horizon, FIRST_DAY + timedelta(days=score.cut), score.metric, score.method,
        score.customers, *(_finite(x) for x in (score.value, score.low, score.high)), score.is_baseline,
    )  # fmt: skip
    is_used = score.method in (used.get((score.model, score.horizon)), "told")
    return {**dict(zip(_NAMES, cells, strict=True)), "is_winner": place in best, "is_used": is_used}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


_SCHEMA = pa.schema(
    [
        ("model", pa.string()),
        ("horizon_days", pa.int32()),
        ("cut_on", pa.date32()),
        ("metric", pa.string()),
        ("method", pa.string()),
        ("customers", pa.int64()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("is_baseline", pa.bool_()),
        ("is_winner", pa.bool_()),
        ("is_used", pa.bool_()),
    ]
)
