"""Coupons of a member; campaigns, budgets and refusals for those who run the programme."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.loyalty.adapters import programme as programme_of
from shuke.loyalty.adapters.coupon_counts import counts_by_state
from shuke.loyalty.models import Account, Budget, Coupon, CouponEvent
from shuke.loyalty.queries.tier_views import AnAccount, group_of
from shuke.loyalty.rules.budgets import no_campaign
from shuke.loyalty.rules.counter import stored_code
from shuke.loyalty.values.coupons import BudgetView, CouponState, CouponView
from shuke.loyalty.values.ledger import Programme
from shuke.loyalty.values.perk_views import CampaignCount, RefusalView

EXPIRED = "expired"
_NAMES = ("code", "campaign", "state", "held_until", "expires_at")


def coupons(actor: Actor, *, account: AnAccount, now: datetime, with_closed: bool = False) -> tuple[CouponView, ...]:
    """A member's coupons, those that end first before the others; used, void and expired ones only `with_closed`.

    `state` is issued, held, used, void or expired at the instant, whether or not a job has run.
    """
    require(actor, Permission.SEE_LOYALTY)
    programme = programme_of(settings.WORKSPACE)
    rows = Coupon.objects.filter(account_id__in=group_of(actor, account=account), programme=programme.code)
    if not with_closed:
        rows = rows.filter(state__in=(CouponState.ISSUED, CouponState.HELD))
    found = [_view(row, programme=programme, now=now) for row in rows.values_list(*_NAMES)]
    shown = [view for view in found if with_closed or view.state != EXPIRED]
    last = datetime.max.replace(tzinfo=now.tzinfo)
    return tuple(sorted(shown, key=lambda view: (view.expires_at or last, view.code)))


def campaign_counts(actor: Actor, *, now: datetime, days: int = 30) -> Mapping[str, CampaignCount]:
    """Coupons by campaign and state, and refusals of the last `days` days by reason.

    Coupons are counted as they are stored, each state from an index of its own.
    """
    require(actor, Permission.SEE_LOYALTY)
    programme = programme_of(settings.WORKSPACE)
    states: dict[str, dict[str, int]] = {code: {} for code in programme.perks.campaigns}
    for campaign, state, number in counts_by_state(programme.code):
        states.setdefault(campaign, {})[state] = number
    refused: dict[str, dict[str, int]] = {}
    since = now - timedelta(days=days)
    events = CouponEvent.objects.filter(kind="refused", at__gte=since, campaign__in=list(states)).order_by()
    for campaign, reason, number in events.values_list("campaign", "reason").annotate(number=Count("pk")):
        refused.setdefault(campaign, {})[reason] = number
    return {campaign: CampaignCount(**counts, refused=refused.get(campaign, {})) for campaign, counts in states.items()}


def budgets(actor: Actor) -> Mapping[str, BudgetView]:
    """Budgets by code with the limits of the programme's files, and what was reserved and used of them."""
    require(actor, Permission.SEE_LOYALTY)
    programme = programme_of(settings.WORKSPACE)
    limits = programme.perks.budgets
    rows = Budget.objects.filter(programme=programme.code, code__in=list(limits))
    known = {
        code: (reserved, used) for code, reserved, used in rows.values_list("code", "reserved_minor", "used_minor")
    }
    return {code: BudgetView(code, limit, *known.get(code, (0, 0))) for code, limit in limits.items()}


def refusals(actor: Actor, *, campaign: str, limit: int = 50) -> tuple[RefusalView, ...]:
    """The latest refusals of a campaign's coupons ('': of codes that nobody issued)."""
    require(actor, Permission.SEE_LOYALTY)
    rows = CouponEvent.objects.filter(campaign=campaign, kind="refused").order_by("-at", "-pk")
    found = list(rows.values_list("at", "account_id", "coupon_id", "reason", "details")[:limit])
    members = dict(Account.objects.filter(pk__in={row[1] for row in found}).values_list("pk", "member_no"))
    codes = dict(Coupon.objects.filter(pk__in={row[2] for row in found}).values_list("pk", "code"))
    return tuple(
        RefusalView(at, members.get(account or 0, ""), codes.get(coupon or 0, str(details.get("code", ""))), reason)
        for at, account, coupon, reason, details in found
    )


def coupon(actor: Actor, *, code: str, now: datetime) -> CouponView | None:
    """One coupon by its code, None where nobody issued it."""
    require(actor, Permission.SEE_LOYALTY)
    programme = programme_of(settings.WORKSPACE)
    row = Coupon.objects.filter(programme=programme.code, code=stored_code(code)).values_list(*_NAMES).first()
    return None if row is None else _view(row, programme=programme, now=now)


def _view(row: tuple[Any, ...], *, programme: Programme, now: datetime) -> CouponView:
    code, campaign, state, held_until, expires_at = row
    if state == CouponState.HELD and held_until is not None and held_until <= now:
        state = CouponState.ISSUED
    if state == CouponState.ISSUED and expires_at is not None and expires_at <= now:
        state = EXPIRED
    rules = programme.perks.campaigns.get(campaign) or no_campaign(campaign)
    return CouponView(
        code=code,
        campaign=campaign,
        zh=rules.zh,
        en=rules.en,
        kind=rules.kind,
        state=str(state),
        expires_at=expires_at,
        amount_minor=rules.amount_minor,
        percent_thousandths=rules.percent_thousandths,
        cap_minor=rules.cap_minor,
        least_minor=rules.least_minor,
        gift_sku=rules.gift_sku,
        currency=rules.currency,
    )
