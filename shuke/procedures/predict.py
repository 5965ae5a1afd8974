"""Clocks, scores and stages alone: what the week computes before it proposes, for those who plan by themselves."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction

import shuke.predictions.actions as predictions
import shuke.predictions.queries as predicted
import shuke.segments.actions as segments
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.procedures.refresh import commit, refresh


def predict(
    actor: Actor, *, workspace: Workspace, as_of: date | None, progress: Callable[[str], None]
) -> dict[str, Any]:
    """Publishes features, stages and segment members as of a day and returns their counts.

    The document: as_of, customers, buyers, cycle_days_median (own clocks, shrunk), stages and segments by code, and the
    models with what they are made of.
    """
    with open_run(workspace, kind="predict") as run:
        refreshed = refresh(actor, run=run, as_of=as_of, progress=progress)
        progress("purchase clocks and scores")
        predictions.build(actor, run=run, parameters=refreshed.parameters)
        predictions.build_recommendations(actor, run=run, parameters=refreshed.parameters)
        progress("who will come back, and what everybody is worth")
        predictions.score(actor, run=run, parameters=refreshed.parameters)
        progress("lifecycle stages and segments")
        segments.build(actor, run=run, parameters=refreshed.parameters)
        lake = run.reader()
        stages = lake.rows("select stage as code, count(*) as people from lifecycle group by stage order by stage")
        members = lake.rows(
            "select segment as code, count(*) as people from segment_members group by segment order by segment"
        )
        document = {
            "as_of": str(refreshed.parameters["as_of"]),
            "customers": sum(row["people"] for row in stages),
            "buyers": lake.row_count("customer_features"),
            "cycle_days_median": lake.value("select median(cycle_days) from customer_features"),
            "stages": {row["code"]: row["people"] for row in stages},
            "segments": {row["code"]: row["people"] for row in members},
            "models": [
                {
                    "model": card.model,
                    "horizon_days": card.horizon_days,
                    "version": card.version,
                    "rows": card.rows,
                    "state": card.details.get("state", ""),
                    "method": card.details.get("method", ""),
                    "level": card.details.get("level", {}),
                    "notes": [note["code"] for note in card.details.get("notes", ())],
                }
                for card in predicted.model_cards(SYSTEM, lake=lake)
            ],
        }
        with transaction.atomic():
            commit(actor, run=run, refreshed=refreshed)
    return document
