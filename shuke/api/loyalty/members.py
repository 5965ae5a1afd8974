"""Addresses about one member: balance at any time, statement, what ends next, tier, benefits, coupons."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema

from shuke.access.rules import Permission, require
from shuke.api.loyalty.answers import (
    BalanceAtOut,
    BenefitOut,
    CouponOut,
    ExpiryOut,
    LineOut,
    MemberOut,
    PricedOut,
    TierOut,
)
from shuke.api.loyalty.bodies import PriceCart
from shuke.api.loyalty.describing import REFUSALS, described
from shuke.api.loyalty.fields import Instant
from shuke.api.loyalty.writes import actor_of, body_of
from shuke.api.loyalty.writing import MOST_BYTES, read_body
from shuke.kernel.actor import Role
from shuke.kernel.clock import utc_now
from shuke.lake.queries import open_reader
from shuke.loyalty import queries
from shuke.loyalty.queries.members import may_see
from shuke.loyalty.rules.refusals import UnknownMember

router = Router(tags=["loyalty: members"])


class Page(Schema):
    """A part of a statement, the newest first: at most `limit` lines, older than the line of txn `before`."""

    since: Instant | None = None
    until: Instant | None = None
    limit: int = 50
    before: int | None = None


def member_of(request: HttpRequest, member: str, *, now: datetime) -> queries.AccountView:
    """A member's account. A key sees any member who names their number; people of a store those that they may see."""
    actor = actor_of(request)
    require(actor, Permission.SEE_MEMBERS)
    found = queries.account(actor, member=member, now=now)
    if actor.role is not Role.CLIENT and actor.stores is not None:
        with open_reader(actor, settings.WORKSPACE) as lake:
            if not may_see(actor, lake=lake, account_id=found.account_id):
                raise UnknownMember(f"There is no member {member}.", hint="Check the number on the card.")
    return found


@router.get("/members/{member}", url_name="loyalty-member", response={200: MemberOut, **REFUSALS})
def account(request: HttpRequest, member: str) -> Any:
    """A member's account with its balance now."""
    found = member_of(request, member, now=utc_now())
    return {
        "member": found.member_no,
        "programme": found.programme,
        "group": found.group,
        "opened_at": found.opened_at,
        "frozen_reason": found.frozen_reason,
        "balance": found.balance,
    }


@router.get("/members/{member}/balance", url_name="loyalty-balance", response={200: BalanceAtOut, **REFUSALS})
def balance(request: HttpRequest, *, member: str, at: Instant | None = None, explain: bool = False) -> Any:
    """The balance at an instant (default now), whether or not a job has run; `explain` lists the entries behind it."""
    actor, when = actor_of(request), at or utc_now()
    found = member_of(request, member, now=utc_now())
    return {
        "member": found.member_no,
        "at": when,
        "balance": queries.balance(actor, account=found.account_id, at=when),
        "entries": queries.explain(actor, account=found.account_id, at=when) if explain else [],
    }


@router.get("/members/{member}/statement", url_name="loyalty-statement", response={200: list[LineOut], **REFUSALS})
def statement(request: HttpRequest, *, member: str, page: Query[Page]) -> Any:
    """Lines, the newest first; `before` is the last line's txn of the page before."""
    now = utc_now()
    found = member_of(request, member, now=now)
    return queries.statement(
        actor_of(request),
        account=found.account_id,
        since=page.since,
        until=page.until,
        limit=max(1, min(page.limit, 500)),
        before=page.before,
        now=now,
    )


@router.get("/members/{member}/expiry", url_name="loyalty-expiry", response={200: list[ExpiryOut], **REFUSALS})
def expiry(request: HttpRequest, *, member: str, days: int = 366) -> Any:
    """Points that end within some days, by instant, the next first."""
    now = utc_now()
    found = member_of(request, member, now=now)
    return queries.expiring(actor_of(request), account=found.account_id, now=now, days=max(1, min(days, 3660)))


@router.get("/members/{member}/tier", url_name="loyalty-tier", response={200: TierOut, **REFUSALS})
def tier(request: HttpRequest, member: str) -> Any:
    """The tier, what the next one and keeping this one need, and what earns growth."""
    now = utc_now()
    found = queries.tier_progress(actor_of(request), account=member_of(request, member, now=now), now=now)
    how = [{"behaviour": behaviour, "growth": growth} for behaviour, growth in found.how]
    return {name: getattr(found, name) for name in TierOut.model_fields if name != "how"} | {"how": how}


@router.get("/members/{member}/benefits", url_name="loyalty-benefits", response={200: list[BenefitOut], **REFUSALS})
def benefits(request: HttpRequest, member: str) -> Any:
    """All benefits with what is left of them; locked ones say what unlocks them."""
    now = utc_now()
    return queries.benefits(actor_of(request), account=member_of(request, member, now=now), now=now)


@router.get("/members/{member}/coupons", url_name="loyalty-coupons", response={200: list[CouponOut], **REFUSALS})
def coupons(request: HttpRequest, *, member: str, closed: bool = False) -> Any:
    """Coupons that can be used or are held, those that end first before the others; `closed` shows all."""
    now = utc_now()
    found = member_of(request, member, now=now)
    return queries.coupons(actor_of(request), account=found, now=now, with_closed=closed)


@router.post(
    "/coupons/price",
    url_name="loyalty-coupons-price",
    response={200: PricedOut, **REFUSALS},
    openapi_extra=described("coupons/price", PriceCart, needs_key=False),
)
def price(request: HttpRequest) -> Any:
    """What a cart costs with coupons, and why some are refused; nothing is used or held."""
    now, asked = utc_now(), read_body(PriceCart, body_of(request, most=MOST_BYTES))
    found = queries.price_cart(
        actor_of(request),
        account=member_of(request, asked.member, now=now),
        coupons=asked.coupons,
        cart=asked.cart.model_dump(exclude_unset=True),
        store=asked.store,
        channel=asked.channel,
        now=now,
    )
    return {
        "total_minor": found.total_minor,
        "saved_minor": found.saved_minor,
        "lines_minor": found.lines_minor,
        "freight_minor": found.freight_minor,
        "given": [
            {
                "code": one.code, "campaign": one.campaign, "by_line": one.by_line, "freight_minor": one.freight_minor,
                "gift_sku": one.gift_sku, "saved_minor": one.saved_minor,
            }
            for one in found.given
        ],
        "refused": [{"code": code, "reason": reason} for code, reason in found.refused],
    }  # fmt: skip
