"""Why sales changed from one period to another: buyers, frequency and money per order; then member by member."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.errors import WrongUse
from shuke.kernel.period import Period
from shuke.lake.queries import NotBuilt, Reader
from shuke.metrics import rules
from shuke.metrics.queries.points import as_of as day_of
from shuke.metrics.rules.change import Effects, Trade, effects
from shuke.metrics.rules.mix import Move, Sold, moves

Against = Literal["before", "year"]
Span = Literal["week", "month"]
# What a change can be taken apart by; the last two come from the lines of orders.
CAUSES = ("store", "channel", "people", "standing", "category", "product")
LINE_CAUSES = ("category", "product")
# Members shown one by one; the rest is one row, so that the column still adds up.
_SHOWN = 20
# So many of the known orders must tell their pieces.
_LEAST = 0.5
# What no member shown does: further members, and money on no line (postage, rounding, discounts of whole orders).
REST = "*rest"
UNNAMED = "*none"
_IN_SPANS = """
select o.*, case when o.ordered_on >= $now_on and o.ordered_on < $now_end then 'now' else 'then' end as period
from metric_orders o
where (o.ordered_on >= $now_on and o.ordered_on < $now_end) or (o.ordered_on >= $then_on and o.ordered_on < $then_end)
"""
_TRADE = f"""
select period,
  cast(sum(net_minor) as bigint) as sales_minor,
  cast(sum(case when is_known then net_minor else 0 end) as bigint) as known_minor,
  cast(sum(case when is_known then 1 else 0 end) as bigint) as orders,
  count(distinct case when is_known then customer_id end) as buyers,
  cast(sum(case when is_known and units > 0 then 1 else 0 end) as bigint) as with_units,
  cast(coalesce(sum(case when is_known and units > 0 then units end), 0) as double) as units,
  cast(coalesce(sum(case when is_known and units > 0 then net_minor end), 0) as bigint) as with_units_minor
from (select *, is_purchase and customer_id is not null as is_known from ({_IN_SPANS}) s) o
group by period
"""
_MEMBERS = f"""
select o.period, {{member}} as member, cast(sum(net_minor) as bigint) as sales_minor,
  cast(sum(case when is_purchase then 1 else 0 end) as bigint) as orders
from ({_IN_SPANS}) o
{{joins}}
group by 1, 2
"""
_PLACES = "left join metric_places l on l.place = o.place"
_FIRSTS = """
left join (
  select customer_id, day_on from metric_days
  where previous_on is null
    and ((day_on >= $now_on and day_on < $now_end) or (day_on >= $then_on and day_on < $then_end))
) f on f.customer_id = o.customer_id
  and f.day_on >= case when o.period = 'now' then $now_on else $then_on end
  and f.day_on < case when o.period = 'now' then $now_end else $then_end end
"""
_STANDING = """
left join (
  select customer_id, 'now' as period, count(*) as days from metric_days
  where day_on >= $now_on - 365 and day_on < $now_on group by customer_id
  union all
  select customer_id, 'then' as period, count(*) as days from metric_days
  where day_on >= $then_on - 365 and day_on < $then_on group by customer_id
) d on d.customer_id = o.customer_id and d.period = o.period
"""
_PEOPLE = (
    "case when o.customer_id is null then 'unknown' when f.customer_id is not null then 'new' else 'known' end",
    _FIRSTS,
)
_BY_STANDING = (
    "case when o.customer_id is null then 'unknown' when d.days is null then 'none' when d.days = 1 then 'one'"
    " when d.days <= 3 then 'some' else 'many' end",
    _STANDING,
)
_MEMBER_SQL = {
    "store": ("coalesce(o.store, '')", ""),
    "channel": ("coalesce(l.channel, '')", _PLACES),
    "people": _PEOPLE,
    "standing": _BY_STANDING,
}
_LINES = f"""
select o.period, coalesce(nullif(trim({{member}}), ''), '{UNNAMED}') as member,
  cast(sum(l.amount_minor - l.refund_minor) as bigint) as sales_minor, cast(sum(l.quantity) as double) as orders
from ({_IN_SPANS}) o
join order_lines l on l.order_key = o.order_key
where l.counted and l.line_kind = 'goods'
  and ((l.ordered_on >= $now_on and l.ordered_on < $now_end) or (l.ordered_on >= $then_on and l.ordered_on < $then_end))
group by 1, 2
"""


@dataclass(frozen=True)
class Basket:
    """Money per order = pieces per order x money per piece, over the orders that tell their pieces.

    `units_minor` + `price_minor` + `untold_minor` (orders that tell no pieces) = the effect of the average order.
    """

    units_minor: int
    price_minor: int
    untold_minor: int
    units_now: float
    units_then: float
    price_now: float
    price_then: float


@dataclass(frozen=True)
class Why:
    """The whole page. `then` has no sales where the data do not reach back: `effects` is None.

    `moves` add up to the change, the row `REST` included; `left_out` counts the members in it.
    """

    grain: Span
    against: Against
    period: Period
    compared: Period
    now: Trade
    then: Trade
    effects: Effects | None
    basket: Basket | None
    cause: str
    causes: tuple[str, ...]
    moves: tuple[Move, ...]
    left_out: int


def why(
    actor: Actor,
    *,
    lake: Reader,
    grain: Span = "week",
    against: Against = "year",
    cause: str = "store",
    period_start: date | None = None,
) -> Why:
    """The change in sales from the period before, or a year before (a week: the same lunar week), to a period.

    Without `period_start` the last finished one. Raises `NotBuilt` before the first week, `WrongUse` for an unknown
    cause or a period in the future.
    """
    require(actor, Permission.SEE_WEEK)
    as_of = day_of(actor, lake=lake)
    if as_of is None:
        raise NotBuilt("There are no metrics yet.", hint="Run 'shuke week' once.")
    known = causes(actor)
    if cause not in known:
        raise WrongUse(f"A change is not told by {cause[:60]}.", hint=f"It is told by {', '.join(known)}.")
    period = rules.period_of(period_start, grain=grain) if period_start else rules.last_finished(as_of, grain=grain)
    if period.end_on > as_of:
        raise WrongUse(f"The {grain} from {period.start_on} is not over.", hint="Choose one that is.")
    compared = rules.before(period, grain=grain) if against == "before" else _year_before(period, grain=grain)
    spans = {"now_on": period.start_on, "now_end": period.end_on}
    spans |= {"then_on": compared.start_on, "then_end": compared.end_on}
    trades = {row["period"]: row for row in lake.rows(_TRADE, **spans)}
    now, then = (_trade(trades.get(name)) for name in ("now", "then"))
    told = effects(now, then) if then.sales_minor else None
    found, left_out = _moves(lake, cause=cause, spans=spans, totals=(now, then)) if told else ((), 0)
    return Why(
        grain=grain,
        against=against,
        period=period,
        compared=compared,
        now=now,
        then=then,
        effects=told,
        basket=_basket(told, rows=trades, trades=(now, then)),
        cause=cause,
        causes=known,
        moves=found,
        left_out=left_out,
    )


def causes(actor: Actor) -> tuple[str, ...]:
    """What the actor may take a change apart by: lines of orders belong to customers, whom a store sees in part."""
    require(actor, Permission.SEE_WEEK)
    return CAUSES if actor.stores is None else tuple(cause for cause in CAUSES if cause not in LINE_CAUSES)


def _year_before(period: Period, *, grain: Span) -> Period:
    if grain == "week":
        return rules.lunar_week(period)
    return rules.period_of(period.start_on.replace(year=period.start_on.year - 1), grain=grain)


def _trade(row: Mapping[str, Any] | None) -> Trade:
    names = ("sales_minor", "known_minor", "orders", "buyers")
    return Trade(**{name: int(row[name]) if row else 0 for name in names})


def _basket(
    told: Effects | None, *, rows: Mapping[str, Mapping[str, Any]], trades: tuple[Trade, Trade]
) -> Basket | None:
    """The average order's effect taken further; None where too few orders tell their pieces."""
    sides = [rows[name] for name in ("now", "then") if name in rows]
    if told is None or len(sides) < 2:
        return None
    if any(row["with_units"] < max(1, _LEAST * row["orders"]) or row["with_units_minor"] <= 0 for row in sides):
        return None
    units = (sides[0]["units"] / sides[0]["with_units"], sides[1]["units"] / sides[1]["with_units"])
    prices = (sides[0]["with_units_minor"] / sides[0]["units"], sides[1]["with_units_minor"] / sides[1]["units"])
    parts = rules.basket_effects(told, now=trades[0], then=trades[1], units=units, prices=prices)
    return Basket(*parts, units_now=units[0], units_then=units[1], price_now=prices[0], price_then=prices[1])


def _moves(
    lake: Reader, *, cause: str, spans: Mapping[str, date], totals: tuple[Trade, Trade]
) -> tuple[tuple[Move, ...], int]:
    """The members' moves, the rest in one row, and how many members that row holds."""
    if cause in LINE_CAUSES:
        sql = _LINES.format(member=f"l.{cause}")
    else:
        member, joins = _MEMBER_SQL[cause]
        sql = _MEMBERS.format(member=member, joins=joins)
    sold: dict[str, dict[str, Sold]] = {"now": {}, "then": {}}
    for row in lake.rows(sql, **spans):
        sold[row["period"]][str(row["member"])] = Sold(int(row["sales_minor"]), float(row["orders"] or 0))
    found = moves(sold["now"], sold["then"])
    shown = found[:_SHOWN]
    now, then = (
        Sold(whole.sales_minor - sum(side.sales_minor for side in sides))
        for whole, sides in zip(totals, ([one.now for one in shown], [one.then for one in shown]), strict=True)
    )
    rest = Move(
        REST, now, then, total := now.sales_minor - then.sales_minor, 0, 0, 0, other_minor=total, is_small=False
    )
    has_rest = len(found) > _SHOWN or now.sales_minor or then.sales_minor
    return (*shown, *([rest] if has_rest else [])), len(found) - len(shown)
