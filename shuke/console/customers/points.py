"""What a customer's page says of loyalty: tier, balance, next expiry, coupons, and points in the timeline."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from shuke.access.rules import Permission, may
from shuke.activity.values import Event
from shuke.console.frame.context import language_code
from shuke.console.frame.page import PageRequest
from shuke.console.loyalty import show_member as show
from shuke.kernel.clock import today, utc_now
from shuke.loyalty import queries
from shuke.loyalty.queries.accounts import AccountView
from shuke.loyalty.rules.refusals import UnknownMember

_LINES = 200
_SHOWN = 4


def account_of(request: PageRequest, ids: Sequence[int]) -> AccountView | None:
    """The account of a customer under any id of theirs; None for somebody who is no member."""
    if not may(request.actor, Permission.SEE_MEMBERS):
        return None
    for customer_id in ids:
        try:
            return queries.account(request.actor, customer_id=customer_id, now=utc_now())
        except UnknownMember:
            continue
    return None


def loyalty(request: PageRequest, view: AccountView | None) -> dict[str, Any]:
    """The card beside the timeline: points with what ends next, the way to the next tier, coupons, benefits."""
    if view is None:
        return {"loyalty": None}
    actor, language, now = request.actor, language_code(), utc_now()
    programme = queries.programme(actor, workspace=request.workspace)
    near = today(programme.zone)
    ending = queries.expiring(actor, account=view.account_id, now=now, days=3660)
    first = ending[0] if ending else None
    held = queries.coupons(actor, account=view, now=now)
    having = [
        show.benefit(one, perks=programme.perks, booked=(), near=near, language=language)
        for one in queries.benefits(actor, account=view, now=now)
    ]
    told = {
        "member_no": view.member_no,
        "sentence": show.sentence(
            view.balance,
            next_points=first.points if first else 0,
            next_on=show.last_day(first.expires_at, zone=programme.zone) if first else None,
            near=near,
            language=language,
        ),
        "tier": show.tier(
            queries.tier_progress(actor, account=view, now=now), perks=programme.perks, near=near, language=language
        ),
        "coupons": [
            show.coupon(one, near=near, zone=programme.zone, language=language) for one in held if one.state == "issued"
        ][:_SHOWN],
        "benefits": [one["name"] for one in having if one["open"]],
        "frozen": view.frozen_reason,
    }
    return {"loyalty": told}


def events(request: PageRequest, view: AccountView | None) -> list[Event]:
    """The account's statement as events of the timeline, up to this moment."""
    if view is None:
        return []
    zone = ZoneInfo(request.workspace.timezone)
    lines = queries.statement(request.actor, account=view.account_id, limit=_LINES, now=utc_now())
    return [
        Event(
            kind="points",
            what=line.kind,
            at=line.at.astimezone(UTC).replace(tzinfo=None),
            on=line.at.astimezone(zone).date(),
            source=line.order_source,
            reference=line.order_no,
            store=line.store or None,
            associate=None,
            note=show.signed(line.points),
        )
        for line in lines
    ]


def with_orders(every: Sequence[Event]) -> list[Event]:
    """The timeline with the points of an order told on the order's own line, and not on a line of theirs as well."""
    known = {event.reference for event in every if event.kind in ("order", "return")}
    gained: dict[str, list[str]] = {}
    shown = []
    for event in every:
        if event.kind == "points" and event.reference in known:
            gained.setdefault(event.reference, []).append(event.note)
        else:
            shown.append(event)
    return [
        replace(event, note=" ".join(reversed(gained.pop(event.reference))))
        if event.kind in ("order", "return") and event.reference in gained
        else event
        for event in shown
    ]
