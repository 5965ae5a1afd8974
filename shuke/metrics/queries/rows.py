"""The rows behind a number: they are counted by the same expressions as the number, so they add up to it."""

from datetime import date
from typing import Literal

from django.conf import settings

from shuke.access.rules import Permission, require
from shuke.checkup.rules import source_name, tongue
from shuke.kernel.actor import Actor
from shuke.kernel.period import Period
from shuke.lake.queries import Reader
from shuke.lake.rules import literal
from shuke.metrics import rules
from shuke.metrics.adapters import words
from shuke.metrics.queries.definitions import metric_of
from shuke.metrics.queries.points import UnknownDimension, point
from shuke.metrics.queries.points import as_of as day_of
from shuke.metrics.values import Counting, Metric, RowPage

_ORDERS = ("day", "order_no", "store", "channel", "associate", "customer_id", "amount")
_DAYS = ("customer_id", "day", "store", "channel", "associate", "before_on", "next_on", "amount")
_SEEN = ("customer_id", "day", "store", "next_on", "amount")
_SPENT = ("day", "channel", "amount")
_FIRSTS = ("customer_id", "day", "store", "channel", "associate", "amount")
_COLUMNS = {
    "metric_orders": _ORDERS,
    "metric_days": _DAYS,
    "metric_seen": _SEEN,
    "metric_spent": _SPENT,
    "metric_firsts": _FIRSTS,
}
_DAY_COLUMN = {"metric_orders": "ordered_on"}
_ALL = ("day", "order_no", "store", "channel", "associate", "customer_id", "before_on", "next_on", "amount")
Part = Literal["numerator", "denominator"]


def rows(
    actor: Actor,
    *,
    lake: Reader,
    metric: str,
    grain: str,
    period_start: date,
    dimension: str = "all",
    member: str = "",
    part: Part = "numerator",
    limit: int = 50,
    skip: int = 0,
    language: str | None = None,
) -> RowPage:
    """Rows behind the numerator or denominator of one cell, by day; `total` and `sum` are of all of them, and `sum`
    equals that part of the cell. At most 10,000 a page. Raises as `series`.
    """
    require(actor, Permission.SEE_WEEK)
    here = language or settings.WORKSPACE.language
    found = metric_of(actor, code=metric)
    cell = point(
        actor, lake=lake, metric=metric, grain=grain, period_start=period_start, dimension=dimension, member=member
    )
    if cell is None:
        raise UnknownDimension(f"The data have no {grain} from {period_start}.", hint="Choose a period of the chart.")
    countings = found.numerator if part == "numerator" or found.is_whole else found.denominator
    if dimension in ("band", "store_band") and not member and not (part == "denominator" and found.is_whole):
        raise UnknownDimension(f"{metric} is opened band by band.", hint="Choose one of its bands.")
    if not countings:
        raise UnknownDimension(f"{metric} has no denominator.", hint="Ask for the numerator.")
    end = min(cell.period.end_on, day_of(actor, lake=lake) or cell.period.end_on)
    scope = _scope(metric=found, dimension=dimension, member=member, part=part)
    span = Period(cell.period.start_on, max(end, cell.period.start_on))
    parts = [
        _statement(actor, metric=found, counting=c, grain=grain, span=span, scope=scope, dimension=dimension)
        for c in countings
    ]
    sql = " union all ".join(f"({one})" for one in parts)
    total = lake.row(f"select count(*) as n, coalesce(sum(amount), 0) as s from ({sql}) x") or {}
    columns = tuple(name for name in _ALL if any(name in _COLUMNS.get(c.table, _ALL) for c in countings))
    shown = lake.rows(
        f"select {', '.join(columns)} from ({sql}) x order by {', '.join(columns)} limit $limit offset $skip",
        limit=min(limit, 10_000),
        skip=skip,
    )
    named = words()["columns"]
    return RowPage(
        columns=columns,
        names=tuple(str(named[name][tongue(here)]) for name in columns),
        rows=tuple(tuple(_shown(name, row[name], language=here) for name in columns) for row in shown),
        total=int(total.get("n", 0)),
        sum=round(float(total.get("s", 0.0)) * 1000) / 1000,
    )


def _shown(column: str, value: object, *, language: str) -> object:
    if column == "channel" and isinstance(value, str):
        return source_name(value, language=language)
    if column == "customer_id" and value is not None:
        return str(value)
    return value


def _scope(*, metric: Metric, dimension: str, member: str, part: Part) -> str:
    """The condition that keeps the rows of a member; the whole of a share of the whole keeps its store's."""
    store, _, rest = member.partition("/")
    is_whole = part == "denominator" and metric.is_whole
    if dimension == "all" or (is_whole and dimension in ("band", "source")):
        return "true"
    if dimension == "store":
        return f"l.store = {literal(member)}"
    if dimension in ("channel", "source"):
        return f"l.channel = {literal(member)}"
    if dimension == "associate":
        return f"l.store = {literal(store)} and l.associate = {literal(rest)}"
    band = "true" if is_whole or metric.split is None else f"{rules.band_of(metric.split)} = {int(rest or member)}"
    return f"l.store = {literal(store)} and {band}" if dimension == "store_band" else band


def _statement(
    actor: Actor, *, metric: Metric, counting: Counting, grain: str, span: Period, scope: str, dimension: str
) -> str:
    """The rows of one counting with the columns of `_ALL`."""
    kind = next(g for g in metric.grains if g == grain)
    where = rules.resolved(counting.where, day=counting.day, grain=kind)
    if counting.is_standing:
        moment = literal(span.start_on if counting.at == "start" else span.end_on)
        start, until = counting.start, counting.until
        when = f"{start} < {moment} and {moment} <= {until}"
    else:
        days = rules.before(span, grain=kind) if counting.period == "next" else span
        when = f"{counting.day} >= {literal(days.start_on)} and {counting.day} < {literal(days.end_on)}"
    day = _DAY_COLUMN.get(counting.table, "day_on")
    has = _COLUMNS.get(counting.table, _ALL)
    before = "x.previous_on" if "before_on" in has else "cast(null as date)"
    after = "x.next_on" if "next_on" in has else "cast(null as date)"
    number = "x.order_no" if "order_no" in has else "cast(null as varchar)"
    customer = "x.customer_id" if "customer_id" in has else "cast(null as bigint)"
    listed = (
        f"select x.{day} as day, {number} as order_no, l.store as store, l.channel as channel,"
        " l.associate as associate,"
        f" {customer} as customer_id, {before} as before_on, {after} as next_on,"
        f" cast({counting.amount} as double) as amount"
        f" from (select * from {counting.table} where ({where}) and {when}"
        f" and ({counting.amount}) is not null) x"
        " left join metric_places l on l.place = x.place"
        f" where {scope}"
    )
    if counting.each == "row":
        return listed
    # A person counts once; for someone with a store scope once a store, as their number is added up over stores.
    by = ", store" if actor.stores is not None and dimension == "all" else ""
    return (
        "select min(day) as day, min(order_no) as order_no, min(store) as store, min(channel) as channel,"
        " min(associate) as associate, customer_id, cast(null as date) as before_on, cast(null as date) as next_on,"
        f" cast(1 as double) as amount from ({listed}) y group by customer_id{by}"
    )
