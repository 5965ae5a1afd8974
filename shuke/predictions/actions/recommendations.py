"""Recommendations, replenishment, prices and habits in a run of the lake."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.actions import Run
from shuke.predictions.adapters import definition

RECOMMENDATION_TABLES = (
    "customer_prices",
    "customer_habits",
    "also_bought",
    "bought_together",
    "similar_products",
    "popular_products",
    "replenishment",
    "repeat_rates",
    "recommendations",
)


def build_recommendations(actor: Actor, *, run: Run, parameters: Mapping[str, object]) -> None:
    """Builds what to name to whom, after `build`; only the system runs a week."""
    require(actor, Permission.IMPORT_FILES)
    zone = {"zone_hours": zone_hours(parameters["as_of"], timezone=str(parameters["timezone"]))}
    written = definition("tastes") | definition("recommendations")
    run.build(RECOMMENDATION_TABLES, parameters={**parameters, **written, **zone})


def zone_hours(day: object, *, timezone: str) -> int:
    """Whole hours that the shop's zone is ahead of UTC on a day; half hours are cut."""
    if not isinstance(day, date):
        raise TypeError("A day is needed to know a zone's hours.")
    ahead = datetime.combine(day, time(12), ZoneInfo(timezone)).utcoffset()
    return int(ahead.total_seconds() // 3600) if ahead is not None else 0
