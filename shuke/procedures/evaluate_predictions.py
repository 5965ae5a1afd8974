"""Back-tests of the shop's own past, without touching scores: how well would each method have done?"""

import math
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction

import shuke.predictions.actions as predictions
from shuke.kernel.actor import Actor
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.predictions.queries.purchases import FIRST_DAY
from shuke.procedures.refresh import commit, refresh


def evaluate(
    actor: Actor, *, workspace: Workspace, as_of: date | None, cuts: int, progress: Callable[[str], None]
) -> dict[str, Any]:
    """Back-tests the last `cuts` closed windows of each horizon; publishes scores, cards and scoreboard as of a day.

    The document: as_of, cuts, and a line a model, horizon, cut, metric and method with value, low, high.
    """
    with open_run(workspace, kind="predict") as run:
        refreshed = refresh(actor, run=run, as_of=as_of, progress=progress)
        progress("purchase clocks and features")
        predictions.build(actor, run=run, parameters=refreshed.parameters)
        progress(f"back-tests on {cuts} past windows of each horizon")
        scores = predictions.score(actor, run=run, parameters=refreshed.parameters, cuts=cuts)
        progress("next baskets: the last one of each customer held out")
        scores = [*scores, *predictions.judge_baskets(actor, run=run, parameters=refreshed.parameters)]
        used = {
            (row["model"], row["horizon_days"], row["method"])
            for row in run.reader().rows("select distinct model, horizon_days, method from customer_scores")
        }
        with transaction.atomic():
            commit(actor, run=run, refreshed=refreshed)
    return {
        "as_of": str(refreshed.parameters["as_of"]),
        "cuts": cuts,
        "figures": [
            {
                "model": s.model,
                "horizon_days": s.horizon,
                "cut_on": str(FIRST_DAY + timedelta(days=s.cut)),
                "metric": s.metric,
                "method": s.method,
                "customers": s.customers,
                "value": _finite(s.value),
                "low": _finite(s.low),
                "high": _finite(s.high),
                "is_baseline": s.is_baseline,
                "is_used": s.method == "told" or (s.model, s.horizon, s.method) in used,
            }
            for s in scores
        ],
    }


def _finite(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None
