"""What a cart would cost with coupons: the same rules as a hold, without any effect."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.loyalty.adapters import programme as programme_of
from shuke.loyalty.adapters.coupon_counts import reserved_by_holds_that_are_over
from shuke.loyalty.models import Budget, Coupon
from shuke.loyalty.queries.tier_views import AnAccount, group_of, standing_of
from shuke.loyalty.rules import budgets as money
from shuke.loyalty.rules import counter
from shuke.loyalty.rules.validity import local_day
from shuke.loyalty.values.coupons import CouponState, Priced
from shuke.loyalty.values.shelf import BudgetRow, CouponRow, Shelf, Who

_COLUMNS = (
    *("id", "code", "campaign", "account_id", "state", "issued_at", "expires_at", "hold_id", "held_until"),
    *("held_minor", "used_at", "txn_id", "order_source", "order_no"),
)


def price_cart(
    actor: Actor,
    *,
    account: AnAccount,
    coupons: Sequence[str],
    cart: Mapping[str, object],
    now: datetime,
    store: str = "",
    channel: str = "",
) -> Priced:
    """The cart (as `rules.coupons.carts.read_cart` takes it) with the coupons of a member; nothing is held or kept.

    Refused coupons stand in the answer with their reasons; of `mode: all` nothing is given then. Raises `BadCart`,
    `TooManyCoupons`.
    """
    require(actor, Permission.SEE_LOYALTY)
    programme = programme_of(settings.WORKSPACE)
    shelf = Shelf(programme, now, local_day(now, zone=programme.zone))
    group = group_of(actor, account=account)
    tier = standing_of(actor, accounts=group, programme=programme, now=now).tier
    codes = [counter.stored_code(code) for code in coupons]
    rows = Coupon.objects.filter(programme=programme.code, code__in=codes).values_list(*_COLUMNS)
    shelf.coupons = {row[1]: CouponRow(*row) for row in rows}
    _limits(shelf, group=group)
    who = Who(group[0], tuple(group), tier, 0)
    return counter.price_on(shelf, cart, codes=codes, who=who, store=store, channel=channel)[2]


def _limits(shelf: Shelf, *, group: Sequence[int]) -> None:
    """Budgets and counts of the campaigns on the shelf, without what holds reserve that have timed out."""
    programme = shelf.programme
    names = {coupon.campaign for coupon in shelf.coupons.values()} & programme.perks.campaigns.keys()
    rules = [programme.perks.campaigns[name] for name in sorted(names)]
    for code in sorted({code for each in rules for code in money.budgets_of(each)}):
        shelf.budgets[code] = BudgetRow(0, code, money.limit_of(code, programme=programme))
    rows = Budget.objects.filter(programme=programme.code, code__in=list(shelf.budgets))
    for code, reserved, used in rows.values_list("code", "reserved_minor", "used_minor"):
        shelf.budgets[code] = money.moved(shelf.budgets[code], reserved=reserved, used=used)
    for campaign, cost in reserved_by_holds_that_are_over(programme.code, now=shelf.now):
        each = programme.perks.campaigns.get(campaign)
        for code, (reserved, used) in (money.moves(each, cost=cost, reserved=-1) if each else {}).items():
            if code in shelf.budgets:
                shelf.budgets[code] = money.moved(shelf.budgets[code], reserved=reserved, used=used)
    live = Q(state=CouponState.USED) | Q(state=CouponState.HELD, held_until__gt=shelf.now)
    counts = Coupon.objects.filter(live, account_id__in=group, campaign__in=names).order_by()
    for account, campaign, number in counts.values_list("account_id", "campaign").annotate(number=Count("pk")):
        shelf.counts[(account or 0, campaign)] = number
