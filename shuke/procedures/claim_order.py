"""A customer claims an order that carried no key (a delivery, a marketplace) by its number and amount."""

import time
from datetime import UTC, datetime
from typing import Any

from shuke.access.rules import Permission, require
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.loyalty.actions import write
from shuke.loyalty.actions.claiming import NotClaimable, begin_claim, end_claim
from shuke.loyalty.adapters import programme as programme_of
from shuke.loyalty.queries.books import order_is_known
from shuke.loyalty.values.commands import Earn, OrderRef
from shuke.loyalty.values.ledger import Answer

CLIENT = "claims"
# Every try takes at least so long, whatever was found: the time tells nobody whether a number exists.
_LEAST_SECONDS = 0.4
_LOOKED = """
select o.source, o.order_no, o.ordered_at, o.ordered_on, coalesce(o.store, '') as store, o.currency,
  (o.gross_minor - coalesce(o.freight_minor, 0))::bigint as eligible_minor, o.gross_minor, o.net_minor, o.customer_id
from orders o
where o.counted and not o.is_return and o.order_no = $no
order by o.source, o.order_key
limit 3
"""


def claim_order(
    actor: Actor, *, workspace: Workspace, member: str, order_no: str, amount_minor: int, now: datetime
) -> Answer:
    """Gives a member the points of the one counted order with this number and amount that nobody has.

    `amount_minor` is what was paid, freight included. Raises `TooManyTries`, `UnknownMember`, and `NotClaimable` for
    every other reason alike; each try counts, wrong or right.
    """
    require(actor, Permission.WORK_LOYALTY)
    started = time.monotonic()
    programme = programme_of(workspace)
    number = order_no.strip()
    try:
        claim = begin_claim(actor, member=member, programme=programme.code, order_no=number, now=now)
        row, why = _matched(workspace, programme=programme.code, number=number, amount_minor=amount_minor)
        answer = None if row is None else _earned(actor, row=row, member=member, now=now)
        if isinstance(answer, ShukeError):
            why = getattr(answer, "code", "refused")
        granted = isinstance(answer, Answer)
        end_claim(actor, claim_id=claim, source=row["source"] if row else "", result="granted" if granted else why)
    finally:
        time.sleep(max(0.0, _LEAST_SECONDS - (time.monotonic() - started)))
    if not isinstance(answer, Answer):
        raise NotClaimable(
            "No order with this number and amount can be claimed.", hint="Check both on the receipt, or ask in a store."
        )
    return answer


def _matched(
    workspace: Workspace, *, programme: str, number: str, amount_minor: int
) -> tuple[dict[str, Any] | None, str]:
    """The one order that fits, or None and why; the same steps for every answer."""
    with open_reader(SYSTEM, workspace) as lake:
        rows = lake.rows(_LOOKED, no=number) if lake.has("orders") else []
    fitting = [row for row in rows if row["gross_minor"] == amount_minor]
    row = fitting[0] if len(fitting) == 1 and len(rows) == 1 else None
    known = order_is_known(SYSTEM, programme=programme, source=row["source"] if row else "", order_no=number)
    if row is None:
        return None, "no_match" if not fitting else "ambiguous"
    if known or row["customer_id"] is not None:
        return None, "taken"
    if row["net_minor"] != row["gross_minor"]:
        return None, "refunded"
    return row, ""


def _earned(actor: Actor, *, row: dict[str, Any], member: str, now: datetime) -> Answer | ShukeError:
    command = Earn(
        client=CLIENT,
        key=f"earn:{row['source']}:{row['order_no']}",
        at=min(row["ordered_at"].replace(tzinfo=UTC), now),
        member=member,
        order=OrderRef(row["source"], row["order_no"]),
        eligible_minor=row["eligible_minor"],
        currency=row["currency"],
        bought_on=row["ordered_on"],
        store=row["store"],
        channel=row["source"],
    )
    found: Answer | ShukeError = write(actor, commands=[command], now=now)[0]
    return found
