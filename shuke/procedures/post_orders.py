"""Points for imported orders, where no till tells the ledger at once: run after an import, as often as you like.

Every counted order of a member earns once, under its own number; a refund takes back what the order's lot still owes.
A second run, or the same files imported again, changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from shuke.access.rules import Permission, require
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import Reader, open_reader
from shuke.lake.rules import literal
from shuke.loyalty.actions import write
from shuke.loyalty.adapters import programme as programme_of
from shuke.loyalty.queries.books import known_orders, members_by_customer
from shuke.loyalty.values.commands import Command, Earn, OrderRef, RefundOrder

CLIENT = "imports"
Progress = Callable[[str], None]
_BATCH = 5_000
# What each order of a member is worth to the programme: paid for goods, less what was given back since, by document
# or on the order itself.
ORDERS = """
with owners as (
  select coalesce(a.customer_id, m.customer_id) as customer_id, min(m.member_no) as member_no,
    min(m.since_on) as since_on
  from ledger_members m left join customer_aliases a on a.alias_id = m.customer_id group by 1
),
returned as (
  select original_key as order_key, sum(-net_minor)::bigint as minor, max(ordered_at) as returned_at
  from orders where counted and is_return and original_key is not null group by 1
)
select o.source, o.order_no, o.ordered_at, o.ordered_on, coalesce(o.store, '') as store, o.currency, w.member_no,
  o.customer_id, o.order_key, (o.gross_minor - coalesce(o.freight_minor, 0))::bigint as eligible_minor,
  least(o.gross_minor - coalesce(o.freight_minor, 0), coalesce(o.refund_minor, 0) + coalesce(r.minor, 0))::bigint
    as refunded_minor,
  r.returned_at
from orders o
join owners w on w.customer_id = o.customer_id
left join returned r on r.order_key = o.order_key
where o.counted and not o.is_return and not o.is_wholesale and o.gross_minor > coalesce(o.freight_minor, 0)
  and o.order_no <> '' and o.ordered_on >= w.since_on
"""
_NEW = """
select o.*, k.refunded_minor as known_minor from ({orders}) o
left join ledger_orders k on k.source = o.source and k.order_no = o.order_no
where o.ordered_on >= {since} and o.ordered_on <= {until} and {sources}
  and (k.source is null or o.refunded_minor > k.refunded_minor)
order by o.ordered_at, o.order_key
"""


@dataclass(frozen=True)
class Posted:
    """How many orders earned, how many refunds were taken into account, and why others were refused."""

    earned: int
    refunded: int
    points: int
    refused: dict[str, int] = field(default_factory=dict)


def post_orders(
    actor: Actor, *, workspace: Workspace, now: datetime, progress: Progress, without: Collection[str] = ()
) -> Posted:
    """Posts what imported orders of members earn, and their refunds. `without` are channels whose till does it itself.

    Orders from before the account was opened, or older than the programme takes late sales, are left out.
    """
    require(actor, Permission.WORK_LOYALTY)
    programme = programme_of(workspace)
    today = now.astimezone(ZoneInfo(programme.zone)).date()
    since = today - timedelta(days=programme.late_days)
    earned = refunded = points = 0
    refused: Counter[str] = Counter()
    with open_reader(SYSTEM, workspace) as lake:
        if not lake.has("orders") or not tell_members(lake, actor=actor, zone=programme.zone):
            return Posted(0, 0, 0)
        chosen = f"o.source not in {literal(sorted(without))}" if without else "true"
        sql = _NEW.format(orders=ORDERS, since=literal(since), until=literal(today), sources=chosen)
        for rows in parts(lake, sql=sql):
            commands = [command for row in rows for command in _commands(row, now=now)]
            for command, answer in zip(commands, write(actor, commands=commands, now=now), strict=True):
                if isinstance(answer, ShukeError):
                    refused[getattr(answer, "code", "refused")] += 1
                    continue
                earned += isinstance(command, Earn)
                refunded += isinstance(command, RefundOrder)
                points += answer.points
            progress(f"{earned:,} orders earned, {refunded:,} refunds")
    return Posted(earned, refunded, points, dict(refused))


def tell_members(lake: Reader, *, actor: Actor, zone: str) -> bool:
    """Makes the ledger's members and orders known to the engine's session; False where there is no member."""
    members = members_by_customer(actor, zone=zone)
    if not members:
        return False
    lake.use("orders", "customer_aliases")
    names = ("customer_id", "member_no", "since_on")
    columns = dict(zip(names, zip(*members, strict=True), strict=True))
    lake.cursor.register("ledger_members", pa.table(columns))
    kinds = (("source", pa.string()), ("order_no", pa.string()), ("refunded_minor", pa.int64()))
    rows = known_orders(actor)
    listed = {name: pa.array([row[place] for row in rows], kind) for place, (name, kind) in enumerate(kinds)}
    lake.cursor.register("ledger_orders", pa.table(listed))
    return True


def parts(lake: Reader, *, sql: str, size: int = _BATCH) -> Iterator[list[dict[str, Any]]]:
    """The rows of a statement, some thousands at a time."""
    result = lake.cursor.execute(sql)
    names = [column[0] for column in result.description or []]
    while rows := result.fetchmany(size):
        yield [dict(zip(names, row, strict=True)) for row in rows]


def earning(row: dict[str, Any], *, client: str) -> Earn:
    """The ledger's request for an order of `ORDERS`."""
    return Earn(
        client=client,
        key=f"earn:{row['source']}:{row['order_no']}",
        at=row["ordered_at"].replace(tzinfo=UTC),
        member=row["member_no"],
        order=OrderRef(row["source"], row["order_no"]),
        eligible_minor=row["eligible_minor"],
        currency=row["currency"],
        bought_on=row["ordered_on"],
        store=row["store"],
        channel=row["source"],
    )


def _commands(row: dict[str, Any], *, now: datetime) -> Sequence[Command]:
    found: list[Command] = [] if row["known_minor"] is not None else [earning(row, client=CLIENT)]
    more = row["refunded_minor"] - (row["known_minor"] or 0)
    if more > 0:
        found.append(
            RefundOrder(
                client=CLIENT,
                key=f"refund:{row['source']}:{row['order_no']}:{row['refunded_minor']}",
                at=now,
                order=OrderRef(row["source"], row["order_no"]),
                refunded_minor=more,
                currency=row["currency"],
                store=row["store"],
                channel=row["source"],
            )
        )
    return found
