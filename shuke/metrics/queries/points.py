"""Values of a metric over periods and over members. Every other read of a value goes through here."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.errors import NotAllowed, WrongUse
from shuke.kernel.period import Period
from shuke.lake.queries import Reader
from shuke.lake.rules import literal
from shuke.metrics import rules
from shuke.metrics.adapters import words
from shuke.metrics.queries.definitions import dimensions_of, metric_of
from shuke.metrics.rules.words import member_name
from shuke.metrics.values import Cell, Metric, Point

_PERIODS = """
select metric, period_start, period_end, mature, note
from metric_periods
where metric in {codes} and grain = $grain and period_start >= $since
order by metric, period_start
"""
_CELLS = """
select metric, period_start, member, numerator, denominator, people
from metric_cells
where metric in {codes} and grain = $grain and dimension = $dimension and period_start >= $since
  and ($member is null or member = $member)
  and ($ending is null or member like '%/' || $ending)
order by metric, period_start, member
"""
_AT = """
select metric, period_start, member, numerator, denominator, people
from metric_cells
where metric in {codes} and grain = $grain and dimension = $dimension and period_start in {starts}
order by metric, period_start, member
"""
_BEGINNING = date(1900, 1, 1)


class UnknownDimension(WrongUse):
    """The metric is not told by that grain or dimension."""


def series(
    actor: Actor, *, lake: Reader, metric: str, grain: str, dimension: str = "all", member: str = "", last: int = 26
) -> tuple[Point, ...]:
    """A metric over its last periods, the oldest first; unfinished and immature ones are there with their note.

    With a store scope `all` means the actor's stores together. Raises `UnknownMetric`, `UnknownDimension`, and
    `NotAllowed` for a store or channel outside the actor's scope.
    """
    found = _asked(actor, metric=metric, grain=grain, dimension=dimension, member=member)
    points = read(actor, lake=lake, metrics=[found], grain=grain, dimension=dimension, member=member)
    return points[metric][-last:]


def read(
    actor: Actor,
    *,
    lake: Reader,
    metrics: Sequence[Metric],
    grain: str,
    dimension: str = "all",
    member: str = "",
    since: date = _BEGINNING,
) -> dict[str, tuple[Point, ...]]:
    """Points of several metrics at once from a day on, by code, the oldest first. The caller has checked what the actor
    may see.
    """
    require(actor, Permission.SEE_WEEK)
    if not lake.has("metric_periods"):
        return {metric.code: () for metric in metrics}
    codes = literal([metric.code for metric in metrics])
    kind = _seen_dimension(actor, dimension=dimension)
    is_added = kind != dimension
    cells: dict[tuple[str, date], list[Mapping[str, Any]]] = {}
    for row in lake.rows(
        _CELLS.format(codes=codes),
        grain=grain,
        dimension=kind,
        since=since,
        member=None if is_added else member,
        ending=member if is_added and dimension == "band" else None,
    ):
        cells.setdefault((row["metric"], row["period_start"]), []).append(row)
    by_code = {metric.code: metric for metric in metrics}
    found: dict[str, list[Point]] = {code: [] for code in by_code}
    for row in lake.rows(_PERIODS.format(codes=codes), grain=grain, since=since):
        code = row["metric"]
        known = cells.get((code, row["period_start"]), [])
        found[code].append(_point(by_code[code], row=row, cells=known))
    return {code: tuple(points) for code, points in found.items()}


def point(
    actor: Actor,
    *,
    lake: Reader,
    metric: str,
    grain: str,
    period_start: date,
    dimension: str = "all",
    member: str = "",
) -> Point | None:
    """A metric in one period; None where the data have no such period."""
    found = _asked(actor, metric=metric, grain=grain, dimension=dimension, member=member)
    points = read(
        actor, lake=lake, metrics=[found], grain=grain, dimension=dimension, member=member, since=period_start
    )
    return next((one for one in points[metric] if one.period.start_on == period_start), None)


def breakdown(
    actor: Actor,
    *,
    lake: Reader,
    metric: str,
    grain: str,
    period_start: date,
    dimension: str,
    language: str | None = None,
) -> tuple[tuple[str, str, Point], ...]:
    """The members of a dimension in one period as (member, its name, point), the greatest numerator first; bands in
    their order. Raises as `series`.
    """
    found = _asked(actor, metric=metric, grain=grain, dimension=dimension, member=None)
    read_points = members(actor, lake=lake, metrics=[found], grain=grain, dimension=dimension, starts=[period_start])
    tongue = language or settings.WORKSPACE.language
    points = [
        (member, _name(found, dimension=dimension, member=member, language=tongue), one)
        for (_, member, _), one in read_points.items()
    ]
    if dimension in ("band", "store_band"):
        return tuple(sorted(points, key=lambda entry: (entry[0].rpartition("/")[0], int(entry[0].rpartition("/")[2]))))
    return tuple(sorted(points, key=lambda entry: (-entry[2].numerator, entry[0])))


def members(
    actor: Actor, *, lake: Reader, metrics: Sequence[Metric], grain: str, dimension: str, starts: Sequence[date]
) -> dict[tuple[str, str, date], Point]:
    """Points of all members of a dimension in some periods, by metric, member and first day. The caller has checked
    what the actor may see.
    """
    require(actor, Permission.SEE_WEEK)
    if not lake.has("metric_periods"):
        return {}
    kind = _seen_dimension(actor, dimension=dimension)
    codes, wanted = literal([metric.code for metric in metrics]), list(starts)
    cells: dict[tuple[str, str, date], list[Mapping[str, Any]]] = {}
    for row in lake.rows(_AT.format(codes=codes, starts=literal(wanted)), grain=grain, dimension=kind):
        member = row["member"]
        if kind != dimension:
            member = "" if dimension == "all" else member.partition("/")[2]
        cells.setdefault((row["metric"], member, row["period_start"]), []).append(row)
    spans = {
        (row["metric"], row["period_start"]): row
        for row in lake.rows(_PERIODS.format(codes=codes), grain=grain, since=min(wanted))
    }
    by_code = {metric.code: metric for metric in metrics}
    return {
        (code, member, start): _point(by_code[code], row=spans[code, start], cells=rows)
        for (code, member, start), rows in cells.items()
        if (code, start) in spans
    }


def periods(actor: Actor, *, lake: Reader, metric: str, grain: str, last: int = 60) -> tuple[tuple[Period, str], ...]:
    """The last periods of a metric with their note, the oldest first."""
    require(actor, Permission.SEE_WEEK)
    spans = _spans(lake, metric=metric, grain=grain)[-last:]
    return tuple((Period(row["period_start"], row["period_end"]), row["note"]) for row in spans)


def latest_period(actor: Actor, *, lake: Reader, metric: str, grain: str) -> Period | None:
    """The last period of a metric that stands (finished and mature); None where none does."""
    standing = [period for period, note in periods(actor, lake=lake, metric=metric, grain=grain) if not note]
    return standing[-1] if standing else None


def as_of(actor: Actor, *, lake: Reader) -> date | None:
    """The day on which the metrics stand; None before the first week."""
    require(actor, Permission.SEE_WEEK)
    found: date | None = lake.value("select max(as_of) from metric_periods") if lake.has("metric_periods") else None
    return found


def _asked(actor: Actor, *, metric: str, grain: str, dimension: str, member: str | None) -> Metric:
    require(actor, Permission.SEE_WEEK)
    found = metric_of(actor, code=metric)
    if grain not in found.grains:
        raise UnknownDimension(f"{metric} is not told by {grain}.", hint=f"It is told by {', '.join(found.grains)}.")
    if dimension not in found.dimensions:
        hint = f"It is told by {', '.join(found.dimensions)}."
        raise UnknownDimension(f"{metric} is not told by {dimension}.", hint=hint)
    if dimension not in dimensions_of(actor, metric=found):
        raise NotAllowed(f"{actor.name} has a store scope and may not see {dimension}s.", hint="Look by store.")
    if member and dimension in ("band", "store_band") and not rules.is_band(member):
        raise UnknownDimension(f"{metric} has no band '{member[:60]}'.", hint="Choose one of its bands.")
    if member and actor.stores is not None and dimension in ("store", "associate", "store_band"):
        store = member if dimension == "store" else member.partition("/")[0]
        if store not in actor.stores:
            raise NotAllowed(f"{actor.name} may not see {store}.", hint="Choose a store of your own.")
    return found


def _seen_dimension(actor: Actor, *, dimension: str) -> str:
    """Where the numbers of an actor come from: with a store scope, whole and bands are added up over their stores."""
    if actor.stores is None:
        return dimension
    return {"all": "store", "band": "store_band"}.get(dimension, dimension)


def _spans(lake: Reader, *, metric: str, grain: str, since: date = _BEGINNING) -> list[Mapping[str, Any]]:
    if not lake.has("metric_periods"):
        return []
    return list(lake.rows(_PERIODS.format(codes=literal([metric])), grain=grain, since=since))


def _point(metric: Metric, *, row: Mapping[str, Any], cells: Iterable[Mapping[str, Any]]) -> Point:
    """The point of a period from its cells; none at all means that nothing counted."""
    nothing = 0.0 if metric.has_denominator else None
    known = [Cell(c["numerator"], c["denominator"], people=c["people"]) for c in cells] or [Cell(0.0, nothing)]
    total = rules.added(known)
    cell = Cell(total.numerator, total.denominator, people=total.people, mature=row["mature"], note=row["note"])
    return rules.point_of(cell, period=Period(row["period_start"], row["period_end"]))


def _name(metric: Metric, *, dimension: str, member: str, language: str) -> str:
    return member_name(
        member,
        dimension=dimension,
        split=metric.split,
        currency=settings.WORKSPACE.currency,
        language=language,
        words=words(),
    )
