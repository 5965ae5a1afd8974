"""Reads of what customers did: one customer's timeline and sums, sales by period and store."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from shuke.access.rules import Permission, require
from shuke.activity.values import Event, Line, Sales, Totals
from shuke.kernel.actor import Actor
from shuke.kernel.errors import WrongUse
from shuke.kernel.period import Period
from shuke.lake.queries import Reader

_PERIODS = ("day", "week", "month")

_ORDERS = """
select order_key, source, order_no, ordered_at, ordered_on, store, associate, status, gross_minor, net_minor,
  refund_minor, currency, counted, duplicate_of, original_order_no, is_return
from orders
where customer_id in ({ids}){cut}
order by ordered_at desc, order_no desc
limit $most
"""
_LINES = """
select order_key, position, sku, product, quantity, amount_minor, refund_minor, line_kind
from order_lines
where customer_id in ({ids}) and ordered_on >= $since_on
order by order_key, amount_minor desc, position
"""
_TOTALS = """
select
  count(*) filter (where not is_return and gross_minor > 0) as orders,
  count(*) filter (where is_return) as returns,
  coalesce(sum(net_minor), 0)::bigint as net_minor,
  coalesce(sum(gross_minor), 0)::bigint as gross_minor,
  coalesce(sum(refund_minor), 0)::bigint as refund_minor,
  min(ordered_on) filter (where not is_return and gross_minor > 0) as first_on,
  max(ordered_on) filter (where not is_return and gross_minor > 0) as last_on,
  coalesce(min(currency), '') as currency
from orders
where counted and customer_id in ({ids}){cut}
"""
_SALES = """
select
  date_trunc('{unit}', ordered_on)::date as period_on, store, source,
  sum(net_minor)::bigint as net_minor,
  coalesce(sum(net_minor) filter (where customer_id is not null), 0)::bigint as attached_minor,
  count(*) filter (where not is_return and gross_minor > 0) as orders,
  count(*) filter (where not is_return and gross_minor > 0 and customer_id is not null) as attached_orders
from orders
where counted and ordered_on >= $start_on and ordered_on < $end_on
group by all
order by period_on, store nulls last, source
"""


def timeline(
    actor: Actor,
    *,
    lake: Reader,
    customer_ids: Sequence[int],
    as_of: date | None = None,
    kinds: Iterable[str] = ("order", "return", "interaction", "coupon", "contact"),
    most: int = 200,
) -> list[Event]:
    """Everything a customer did, newest first, over the whole alias set `customer_ids`.

    `as_of` cuts to what happened before that day; `kinds` filters; `most` bounds the number of entries.
    Rows outside the actor's store scope are not in it. Raises `NotAllowed` without the right to see customers.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    if not customer_ids:
        return []
    wanted = set(kinds)
    found: list[Event] = []
    if wanted & {"order", "return"}:
        found += [e for e in _orders(lake, ids=customer_ids, as_of=as_of, most=most) if e.kind in wanted]
    if "interaction" in wanted:
        found += _interactions(lake, ids=customer_ids, most=most)
    if "coupon" in wanted:
        found += _coupons(lake, ids=customer_ids, most=most)
    if "contact" in wanted:
        found += _contacts(lake, ids=customer_ids, most=most)
    kept = [event for event in found if as_of is None or event.on < as_of]
    return sorted(kept, key=lambda event: (event.at, event.reference), reverse=True)[:most]


def totals(actor: Actor, *, lake: Reader, customer_ids: Sequence[int], as_of: date | None = None) -> Totals:
    """A customer's sums over the alias set: counted orders only, returns apart, money net of refunds."""
    require(actor, Permission.SEE_CUSTOMERS)
    ids, cut = _ids(customer_ids), _cut(as_of)
    row = lake.rows(_TOTALS.format(ids=ids, cut=cut))[0]
    sources = lake.rows(
        f"select distinct source from orders where counted and customer_id in ({ids}){cut} order by source"
    )
    return Totals(**row, sources=tuple(r["source"] for r in sources))


def sales(actor: Actor, *, lake: Reader, period: Period, by: str = "month") -> list[Sales]:
    """Sales by day, week (from Monday) or month, store and source, from counted orders.

    For people who see all stores; store managers read `checkup_months`, which is cut to their stores.
    """
    require(actor, Permission.SEE_CHECKUP)
    if by not in _PERIODS:
        raise WrongUse(f"Sales by {by} are not known.", hint=f"Choose one of {', '.join(_PERIODS)}.")
    rows = lake.rows(_SALES.format(unit=by), start_on=period.start_on, end_on=period.end_on)
    return [Sales(**row) for row in rows]


def _ids(customer_ids: Sequence[int]) -> str:
    return ", ".join(str(int(one)) for one in customer_ids) or "null"


def _cut(as_of: date | None) -> str:
    return f" and ordered_on < date '{as_of:%Y-%m-%d}'" if as_of else ""


def _orders(lake: Reader, *, ids: Sequence[int], as_of: date | None, most: int) -> list[Event]:
    rows = lake.rows(_ORDERS.format(ids=_ids(ids), cut=_cut(as_of)), most=most)
    if not rows:
        return []
    since = min((row["ordered_on"] for row in rows if row["ordered_on"]), default=date(1970, 1, 1))
    lines: dict[int, list[Line]] = {}
    for row in lake.rows(_LINES.format(ids=_ids(ids)), since_on=since):
        lines.setdefault(row["order_key"], []).append(_line(row))
    return [_order(row, lines=tuple(lines.get(row["order_key"], ()))) for row in rows]


def _order(row: dict[str, Any], *, lines: tuple[Line, ...]) -> Event:
    return Event(
        kind="return" if row["is_return"] else "order",
        what=row["status"],
        at=row["ordered_at"] or datetime.combine(row["ordered_on"] or date(1970, 1, 1), datetime.min.time()),
        on=row["ordered_on"] or date(1970, 1, 1),
        source=row["source"],
        reference=row["order_no"],
        store=row["store"],
        associate=row["associate"],
        gross_minor=row["gross_minor"],
        net_minor=row["net_minor"],
        refund_minor=row["refund_minor"],
        currency=row["currency"],
        counted=row["counted"],
        duplicate_of=row["duplicate_of"],
        original_order_no=row["original_order_no"],
        lines=lines,
    )


def _line(row: dict[str, Any]) -> Line:
    return Line(
        product=row["product"] or row["sku"] or "",
        sku=row["sku"],
        quantity=float(row["quantity"] or 0),
        amount_minor=row["amount_minor"],
        refund_minor=row["refund_minor"],
        line_kind=row["line_kind"],
    )


def _interactions(lake: Reader, *, ids: Sequence[int], most: int) -> list[Event]:
    rows = lake.rows(
        f"select * from interactions where customer_id in ({_ids(ids)}) order by interactions.at desc limit $most",
        most=most,
    )
    return [
        Event(
            kind="interaction",
            what=row["kind"],
            at=row["at"],
            on=row["happened_on"],
            source=row["source"],
            reference=str(row["record_id"]),
            store=row["store"],
            associate=row["associate"],
            score=None if row["score"] is None else float(row["score"]),
            note=row["note"] or "",
        )
        for row in rows
    ]


def _coupons(lake: Reader, *, ids: Sequence[int], most: int) -> list[Event]:
    rows = lake.rows(
        "select *, coalesce(used_at, issued_at, expires_at) as last_at from coupons"
        f" where customer_id in ({_ids(ids)}) order by last_at desc nulls last limit $most",
        most=most,
    )
    return [
        Event(
            kind="coupon",
            what=row["status"] or "issued",
            at=row["last_at"],
            on=row["last_at"].date(),
            source=row["source"],
            reference=row["coupon_no"],
            store=None,
            associate=None,
            note=row["name"] or "",
        )
        for row in rows
        if row["last_at"] is not None
    ]


def _contacts(lake: Reader, *, ids: Sequence[int], most: int) -> list[Event]:
    rows = lake.rows(
        f"select * from contacts where customer_id in ({_ids(ids)}) order by touched_on desc limit $most",
        most=most,
    )
    return [
        Event(
            kind="contact",
            what=row["play"],
            # a touch is known by its day; a moment inside that day keeps it in order among the others
            at=datetime.combine(row["touched_on"], datetime.min.time()) + timedelta(hours=4),
            on=row["touched_on"],
            source=row["channel"],
            reference=f"{row['play']} {row['touched_on']}",
            store=None,
            associate=None,
            note=row["outcome"] or "",
        )
        for row in rows
    ]
