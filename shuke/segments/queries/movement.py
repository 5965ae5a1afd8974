"""Layers, movement between stages and layers, and the trend of people about to lapse."""

from datetime import date, timedelta

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.segments.adapters import definition
from shuke.segments.queries.scope import as_of_day, of_store
from shuke.segments.queries.stages import stage_counts
from shuke.segments.values import AXES, LAYERS, STAGES, Flow, LapsingTrend, LayerCount, LayerView, Movement

_MONTH_DAYS = 30.4


def layer_counts(actor: Actor, *, lake: Reader, language: str, store: str | None = None) -> LayerView:
    """Customers by value layer and home store, and the axes on which the shop has no data, in sentences."""
    require(actor, Permission.SEE_CUSTOMERS)
    texts = definition("layers")
    key = "zh" if language.startswith("zh") else "en"
    found: dict[str, int] = {}
    missing: tuple[str, ...] = ()
    if lake.has("segment_facts"):
        rows = lake.rows(
            f"select layer, count(*) as n from segment_facts where true{of_store(actor, store=store)} group by layer"
        )
        found = {row["layer"]: row["n"] for row in rows}
        known = _known_axes(lake)
        missing = tuple(
            texts["missing"][key].format(axis=texts["axes"][axis][key], needs=texts["axes"][axis][f"needs_{key}"])
            for axis in AXES
            if not known.get(axis)
        )
    layers = tuple(
        LayerCount(code, texts["layers"][code][key], texts["layers"][code][f"what_{key}"], found.get(code, 0))
        for code in LAYERS
    )
    return LayerView(layers, missing)


def movement(
    actor: Actor, *, lake: Reader, language: str, kind: str = "stage", store: str | None = None, months: int = 1
) -> Movement:
    """Who moved from which stage (or layer) to which, from about `months` months ago to now, by home store.

    Starts at the month end nearest to that day (for layers also the first week computed). Flows in the order of the
    life; those who stayed are in it, and '' is 'not yet known to the shop'.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    day = as_of_day(lake)
    if not isinstance(day, date) or not lake.has("stage_moves"):
        return Movement(None, None, ())
    rows = lake.rows(
        "select from_on, from_state, to_state, sum(people)::bigint as people from stage_moves"
        f" where kind = $kind and to_on = $day{of_store(actor, store=store)} group by from_on, from_state, to_state",
        kind=kind,
        day=day,
    )
    if not rows:
        return Movement(None, None, ())
    target = day - timedelta(days=round(months * _MONTH_DAYS))
    start = min({row["from_on"] for row in rows}, key=lambda one: (abs((one - target).days), one))
    names = _names(kind, language=language)
    order = list(names)
    chosen = [row for row in rows if row["from_on"] == start]
    chosen.sort(key=lambda row: (order.index(row["from_state"]), order.index(row["to_state"])))
    flows = tuple(
        Flow(row["from_state"], names[row["from_state"]], row["to_state"], names[row["to_state"]], row["people"])
        for row in chosen
    )
    return Movement(start, day, flows)


def lapsing_trend(actor: Actor, *, lake: Reader, store: str | None = None) -> LapsingTrend:
    """People in stage lapsing: now, on the same lunar day last year, and at the month ends up to now, by home store."""
    require(actor, Permission.SEE_CUSTOMERS)
    now = {count.code: count.people for count in stage_counts(actor, lake=lake, language="en", store=store)}["lapsing"]
    if not lake.has("stage_counts_then"):
        return LapsingTrend(now, None, ())
    own = of_store(actor, store=store)
    rows = lake.rows(
        f"select on_day, kind, coalesce(sum(people) filter (where stage = 'lapsing'{own}), 0)::bigint as people"
        " from stage_counts_then group by on_day, kind order by on_day"
    )
    then = next((row["people"] for row in rows if row["kind"] == "lunar"), None)
    return LapsingTrend(now, then, tuple((row["on_day"], row["people"]) for row in rows if row["kind"] != "lunar"))


def _known_axes(lake: Reader) -> dict[str, int]:
    """Of how many customers each axis is known, over the whole shop."""
    rows = lake.rows("select field, people from segment_fields where starts_with(field, 'axis_')")
    return {row["field"].removeprefix("axis_"): row["people"] for row in rows}


def _names(kind: str, *, language: str) -> dict[str, str]:
    """Words of all states in the order of the life; '' first."""
    key = "zh" if language.startswith("zh") else "en"
    texts = definition("lifecycle")["stages"] if kind == "stage" else definition("layers")["layers"]
    nobody = "还不认识" if key == "zh" else "Not yet known"
    return {"": nobody} | {code: texts[code][key] for code in (STAGES if kind == "stage" else LAYERS)}
