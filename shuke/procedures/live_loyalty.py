"""The demo's members live with the programme: what their tills and mini-programs would have told the ledger.

Everything goes through the ledger's front door, week by week, under one client's keys; a second run changes nothing.
Who enrols and buys stands in the exports; who burns, redeems a coupon or uses a benefit is drawn by the seed. Points
and coupons are redeemed on Sundays, the members' day: what takes points must reach the ledger within a day.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import Reader, open_reader
from shuke.lake.rules import literal
from shuke.loyalty.actions import write
from shuke.loyalty.actions.adjustments import ask_adjustment
from shuke.loyalty.models import Adjustment
from shuke.loyalty.queries.links import accounts, member_numbers
from shuke.loyalty.rules.refusals import Refusal
from shuke.loyalty.values.commands import Burn, Capture, Command, Earn, Enrol, Grow, Hold, OrderRef, RefundOrder
from shuke.loyalty.values.openings import OpeningReport, OpeningRequest, OpeningTotals
from shuke.loyalty.values.perk_commands import IssueCoupon, UseBenefit, UseCoupons
from shuke.procedures.claim_order import claim_order
from shuke.procedures.load_openings import load_openings

CLIENT = "demo"
Progress = Callable[[str], None]
_WEEKS_TOLD = 13
_MEMBERS = """
create or replace temp table demo_members as
select i.source_row_id as member_no, i.customer_id, coalesce(p.registered_on, p.first_seen_on, {since}) as since_on,
  coalesce(p.store, '') as store, stable_hash({seed} || '|' || i.source_row_id) % 1000 as draw
from identity i join customer_profiles p on p.customer_id = i.customer_id
where i.source = 'member' and not coalesce(i.is_staff, false) and not p.is_staff
"""
# The first card of a customer is the one that is scanned.
_ORDERS = """
create or replace temp table demo_orders as
with cards as (select customer_id, min(member_no) as member_no from demo_members group by 1),
returned as (
  select original_key as order_key, sum(-net_minor)::bigint as minor, max(ordered_at) as returned_at
  from orders where counted and is_return and original_key is not null group by 1
),
bought as (
  select o.source, o.order_no, o.ordered_at, o.ordered_on, coalesce(o.store, '') as store, o.currency, m.member_no,
    m.draw, m.since_on, o.order_key, stable_hash({seed} || '|' || o.order_key) % 1000 as chance,
    (o.gross_minor - coalesce(o.freight_minor, 0))::bigint as eligible_minor,
    least(o.gross_minor - coalesce(o.freight_minor, 0), coalesce(o.refund_minor, 0) + coalesce(r.minor, 0))::bigint
      as refunded_minor,
    coalesce(r.returned_at, o.ordered_at + interval 3 day) as returned_at
  from orders o
  join cards c on c.customer_id = o.customer_id
  join demo_members m on m.member_no = c.member_no
  left join returned r on r.order_key = o.order_key
  where o.counted and not o.is_return and not o.is_wholesale and o.gross_minor > coalesce(o.freight_minor, 0)
    and o.order_no <> '' and o.ordered_on >= m.since_on and o.ordered_on >= {born}
)
select *, row_number() over (partition by member_no order by ordered_at, order_key) as nth,
  coalesce(sum(eligible_minor) over (partition by member_no order by ordered_at, order_key
    rows between 12 preceding and 1 preceding), 0)::bigint as before_minor
from bought
"""
_OPENINGS = """
select s.card as member_no, max(s.opening_points)::bigint as points
from staged_persons s join identity i on i.source = 'member' and i.source_row_id = s.card
where s.source = 'member' and s.opening_points > 0 and not coalesce(i.is_staff, false)
group by s.card order by s.card
"""
_UNCLAIMED = """
select order_no, gross_minor from orders
where source = 'meituan' and counted and not is_return and customer_id is null and gross_minor > 0
  and net_minor = gross_minor
order by ordered_at desc, order_no limit $most
"""
_EVENTS = """
select * from (
  select 'enrol' as kind, case when since_on < {born} then {start} else {noon} end as moment, member_no,
    customer_id as number, '' as source, '' as no, 0::bigint as amount, 0::bigint as points, '' as currency, store,
    {born} as day, '' as text, 0 as place
  from demo_members where member_no not in (select member_no from ledger_known)
  union all
  select 'coupon', {noon} + interval 1 minute, member_no, 0, '', '', 0, 0, '', store, since_on, 'welcome', 1
  from demo_members where since_on >= {born} and draw % 2 = 0
  union all
  select 'coupon_use', ordered_at - interval 1 minute, member_no, 0, source, order_no, eligible_minor, 0, currency,
    store, ordered_on, 'welcome', 2
  from demo_orders where since_on >= {born} and draw % 2 = 0 and eligible_minor >= 9900 and {is_sunday}
    and ordered_on <= since_on + 28 and ordered_on > since_on
  union all
  select 'earn', ordered_at, member_no, 0, source, order_no, eligible_minor, 0, currency, store, ordered_on, '', 3
  from demo_orders
  union all
  select case when source in ('youzan', 'tmall') then 'hold' else 'burn' end, ordered_at, member_no, 0, source,
    order_no, eligible_minor, before_minor // 15000 * 100, currency, store, ordered_on, '', 4
  from demo_orders where draw < 800 and before_minor >= 15000 and {is_sunday}
  union all
  select 'refund', returned_at, member_no, 0, source, order_no, refunded_minor, 0, currency, store, ordered_on, '', 5
  from demo_orders where refunded_minor > 0
  union all
  select 'benefit', ordered_at + interval 5 minute, member_no, 0, source, order_no, 0, 0, '', store, ordered_on,
    case when chance % 2 = 0 then 'care' else 'free_alteration' end, 6
  from demo_orders where before_minor >= 150000 and chance between 500 and 530 and source = 'pos'
  union all
  select 'grow', i."at", m.member_no, i.record_id, '', '', 0, 0, '', '', i.happened_on, i.kind, 7
  from interactions i join (select customer_id, min(member_no) as member_no, min(since_on) as since_on
    from demo_members group by 1) m on m.customer_id = i.customer_id
  where i.kind in ('review', 'event') and i.happened_on >= m.since_on
)
where moment >= {from_at} and moment < {until_at}
order by moment, place, member_no, no, number
"""


@dataclass(frozen=True)
class Lived:
    """What was told to the ledger: requests taken by kind, refusals by code."""

    taken: dict[str, int]
    refused: dict[str, int]


def live_loyalty(workspace: Workspace, *, born: date, since: date, until: date, seed: int, progress: Progress) -> Lived:
    """Tells the ledger what happened from `since` up to, not at, `until`; the programme began on `born`."""
    zone = ZoneInfo(workspace.timezone)
    taken: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    with open_reader(SYSTEM, workspace) as lake:
        if not lake.has("orders") or not lake.has("customer_profiles"):
            return Lived({}, {})
        sql = _prepare(lake, born=born, since=since, until=until, seed=seed, zone=zone)
        for number, rows in enumerate(_weeks(lake, sql=sql, zone=zone)):
            commands = [command for row in rows for command in _commands(row)]
            answers = write(SYSTEM, commands=commands, now=max(command.at for command in commands))
            for command, answer in zip(commands, answers, strict=True):
                if isinstance(answer, ShukeError):
                    refused[getattr(answer, "code", "refused")] += 1
                else:
                    taken[command.kind] += 1
            if number % _WEEKS_TOLD == 0:
                progress(f"points up to {rows[0]['at']:%Y-%m-%d}")
    return Lived(dict(taken), dict(refused))


def open_balances(workspace: Workspace, *, path: Path, born: date, progress: Progress) -> OpeningReport:
    """Writes what the member file says of points into a file, and loads it as a shop that changes systems would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open_reader(SYSTEM, workspace) as lake:
        lake.copy_to(path, sql=_OPENINGS, options="format csv, header true")
        told = lake.row(f"select sum(points)::bigint as points, count(*) as members from ({_OPENINGS})") or {}
    totals = OpeningTotals(int(told["points"] or 0), int(told["members"]))
    end = born.replace(year=born.year + 1, month=12, day=31)
    request = OpeningRequest(path, totals, expires_on=end)
    now = datetime.combine(born, time(), tzinfo=ZoneInfo(workspace.timezone)).astimezone(UTC)
    return load_openings(SYSTEM, workspace=workspace, request=request, now=now, progress=progress)


def ask_for_points(*, now: datetime) -> None:
    """One adjustment that waits for somebody else's approval, where none was ever asked for."""
    found = accounts(SYSTEM)
    if not found or Adjustment.objects.exists():
        return
    asker = Actor(name="林晓", role=Role.OPERATOR)
    account = found[len(found) // 2].account
    ask_adjustment(asker, account_id=account, points=200, reason="快递破损，补偿积分", now=now)


def claim_orders(workspace: Workspace, *, now: datetime, most: int = 12) -> None:
    """Some members claim deliveries that carried no number of theirs; one of them mistypes the amount first."""
    members = member_numbers(SYSTEM)
    with open_reader(SYSTEM, workspace) as lake:
        rows = lake.rows(_UNCLAIMED, most=most) if lake.has("orders") else []
    for place, row in enumerate(rows if members else ()):
        member = members[(place * 7_919 + 11) % len(members)]
        for amount in (row["gross_minor"] + 100, row["gross_minor"])[0 if place % 4 == 0 else 1 :]:
            try:
                claim_order(
                    SYSTEM, workspace=workspace, member=member, order_no=row["order_no"], amount_minor=amount, now=now
                )
            except Refusal:
                continue


def _prepare(lake: Reader, *, born: date, since: date, until: date, seed: int, zone: ZoneInfo) -> str:
    """Makes the demo's members and orders known to the session; gives the statement of their events."""
    lake.use("identity", "customer_profiles", "orders", "interactions")
    words = {
        "seed": literal(str(seed)), "born": literal(born), "since": literal(born),
        "start": literal(_midnight(born, zone)), "noon": "(since_on::timestamp - interval 8 hour)",
        "is_sunday": "extract(isodow from ordered_on) = 7",
        "from_at": literal(_midnight(since, zone)), "until_at": literal(_midnight(until, zone)),
    }  # fmt: skip
    known = pa.table({"member_no": pa.array(member_numbers(SYSTEM), pa.string())})
    lake.cursor.register("ledger_known", known)
    for statement in (_MEMBERS, _ORDERS):
        lake.cursor.execute(statement.format(**words)).fetchall()
    return _EVENTS.format(**words)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _weeks(lake: Reader, *, sql: str, zone: ZoneInfo) -> Iterator[list[dict[str, Any]]]:
    """Events by local week from Monday, in order of time."""
    result = lake.cursor.execute(sql)
    names = [column[0] for column in result.description or []]
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    for row in rows:
        row["at"] = row.pop("moment").replace(tzinfo=UTC)
    for _, found in groupby(rows, key=lambda row: row["at"].astimezone(zone).isocalendar()[:2]):
        yield list(found)


def _commands(row: dict[str, Any]) -> list[Command]:
    """The requests of one event."""
    at, member, kind = row["at"], row["member_no"], row["kind"]
    order, money = OrderRef(row["source"], row["no"]), row["amount"]
    key = f"{kind}:{row['source']}:{row['no']}" if row["no"] else f"{kind}:{member}:{row['number']}"
    place = {"store": row["store"], "channel": row["source"]}
    made: list[Command] = []
    if kind == "enrol":
        made = [Enrol(client=CLIENT, key=key, at=at, member=member, customer_id=row["number"])]
    elif kind == "earn":
        made = [
            Earn(client=CLIENT, key=key, at=at, member=member, order=order, eligible_minor=money,
                 currency=row["currency"], bought_on=row["day"], **place)
        ]  # fmt: skip
    elif kind == "burn":
        made = [
            Burn(client=CLIENT, key=key, at=at, member=member, order=order, points=row["points"], total_minor=money,
                 currency=row["currency"], **place)
        ]  # fmt: skip
    elif kind == "hold":
        made = _checkout(row, order=order, key=key)
    elif kind == "refund":
        made = [
            RefundOrder(client=CLIENT, key=key, at=at, order=order, refunded_minor=money, currency=row["currency"],
                        **place)
        ]  # fmt: skip
    elif kind == "grow":
        made = [Grow(client=CLIENT, key=key, at=at, member=member, behaviour=row["text"], reference=str(row["number"]))]
    elif kind == "coupon":
        made = [IssueCoupon(client=CLIENT, key=key, at=at, member=member, campaign=row["text"], coupon=f"WEL{member}")]
    elif kind == "coupon_use":
        cart = {"lines": [{"sku": "ALL", "amount_minor": money}]}
        made = [
            UseCoupons(client=CLIENT, key=key, at=at, member=member, order=order, coupons=(f"WEL{member}",), cart=cart,
                       **place)
        ]  # fmt: skip
    elif kind == "benefit":
        made = [UseBenefit(client=CLIENT, key=key, at=at, member=member, benefit=row["text"], store=row["store"])]
    return made


def _checkout(row: dict[str, Any], *, order: OrderRef, key: str) -> list[Command]:
    """Points set aside when the basket is made, burned when it is paid; of one checkout in nine nobody pays."""
    code = f"cart-{order.no}"
    held = Hold(
        client=CLIENT, key=key, at=row["at"], member=row["member_no"], code=code, points=row["points"],
        store=row["store"], channel=row["source"],
    )  # fmt: skip
    if row["points"] % 900 == 0:
        return [held]
    paid = Capture(
        client=CLIENT, key=f"capture:{key}", at=row["at"] + timedelta(minutes=2), code=code, order=order,
        total_minor=row["amount"], currency=row["currency"], store=row["store"], channel=row["source"],
    )  # fmt: skip
    return [held, paid]
