"""A business day is closed: what is over is written down, ledger and sales are compared, the close is stored."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.conf import settings

from shuke.access.rules import Permission, require
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import Reader, open_reader
from shuke.lake.rules import literal
from shuke.loyalty.actions import closing
from shuke.loyalty.actions.expiry import expire_points
from shuke.loyalty.adapters import programme as programme_of
from shuke.loyalty.adapters.sums import earned_orders, enrolled
from shuke.loyalty.queries.finance import liability
from shuke.loyalty.rules.validity import local_day, starts_at
from shuke.loyalty.values.finance import ClosedDay, DayDifference
from shuke.procedures.post_orders import ORDERS, tell_members

Progress = Callable[[str], None]
_SOLD = "select source, order_no, eligible_minor from ({orders}) where ordered_on = {day} order by source, order_no"
_KNOWN = "select source, order_no from orders where not is_return and ordered_on >= {since} and ordered_on <= {until}"


def close_days(
    actor: Actor,
    *,
    now: datetime,
    workspace: Workspace | None = None,
    progress: Progress = lambda _: None,
    until: date | None = None,
) -> tuple[ClosedDay, ...]:
    """Closes every day that is over, up to `until` (yesterday), from the one after the last close on.

    Where none was ever closed only the last day is; everything before it is its opening. Raises `DayNotOver`.
    """
    require(actor, Permission.SEE_FINANCE)
    workspace = workspace or settings.WORKSPACE
    zone = programme_of(workspace).zone
    yesterday = local_day(now, zone=zone) - timedelta(days=1)
    last = until or yesterday
    if last > yesterday:
        raise closing.DayNotOver(f"{last} is not over yet.", hint="Close it tomorrow.")
    day = closing.next_open_day(actor) or last
    expire_points(SYSTEM, workspace=workspace, now=now, progress=progress)
    closed = []
    with open_reader(SYSTEM, workspace) as lake:
        sales = lake if lake.has("orders") and tell_members(lake, actor=SYSTEM, zone=zone) else None
        while day <= last:
            differences, counts = _compared(sales, day=day)
            evening = starts_at(day + timedelta(days=1), zone=zone)
            counts["enrolled"] = enrolled(starts_at(day, zone=zone), evening)
            # The forecast goes through every lot: once, with the last of several days.
            told = liability(SYSTEM, workspace=workspace, at=evening) if day == last else None
            closed.append(
                closing.close_day(
                    actor,
                    workspace=workspace,
                    day=day,
                    now=now,
                    differences=differences,
                    counts=counts,
                    liability=told,
                )
            )
            progress(f"{day}: {len(differences)} differences")
            day += timedelta(days=1)
    return tuple(closed)


def _compared(lake: Reader | None, *, day: date) -> tuple[list[DayDifference], dict[str, int]]:
    """Orders of a day on which the ledger and the sales of members differ, and what was counted.

    Sales that do not reach the day yet (`sales_known` 0) differ in nothing.
    """
    earned = earned_orders(day)
    counts = {"orders_earned": len(earned), "orders_sold": 0, "sales_known": 0}
    if lake is None or not _reaches(lake, day=day):
        return [], counts
    counts["sales_known"] = 1
    sold, known = _sold(lake, day=day), _known(lake, day=day)
    counts["orders_sold"] = len(sold)
    found = []
    for source, number, account, amount, _ in earned:
        if (source, number) not in known:
            found.append(DayDifference("no_order", source, number, account, amount, None))
        elif sold.get((source, number), amount) != amount:
            found.append(DayDifference("amount_differs", source, number, account, amount, sold[(source, number)]))
    ours = {(source, number) for source, number, *_ in earned}
    found += [
        DayDifference("earned_nothing", source, number, None, None, amount)
        for (source, number), amount in sold.items()
        if (source, number) not in ours
    ]
    counts |= Counter(one.kind for one in found)
    return found, counts


def _reaches(lake: Reader, *, day: date) -> bool:
    last = lake.value("select max(ordered_on) from orders")
    return last is not None and last >= day


def _sold(lake: Reader, *, day: date) -> dict[tuple[str, str], int]:
    rows = lake.rows(_SOLD.format(orders=ORDERS, day=literal(day)))
    return {(row["source"], row["order_no"]): int(row["eligible_minor"]) for row in rows}


def _known(lake: Reader, *, day: date) -> set[tuple[str, str]]:
    """Orders of the day and of the days beside it, for a till's midnight is not everybody's."""
    since, until = literal(day - timedelta(days=2)), literal(day + timedelta(days=2))
    return {(row["source"], row["order_no"]) for row in lake.rows(_KNOWN.format(since=since, until=until))}
