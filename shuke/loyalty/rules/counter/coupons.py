"""Coupons at the counter: hold, capture, release, use, issue, void; decided on a shelf, changed by `apply` alone."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from shuke.loyalty.rules import budgets
from shuke.loyalty.rules.coupons.carts import read_cart
from shuke.loyalty.rules.coupons.choosing import price
from shuke.loyalty.rules.coupons.codes import is_code, plain_code
from shuke.loyalty.rules.refusals import Refusal
from shuke.loyalty.rules.validity import expires_at
from shuke.loyalty.values.commands import Hold as HoldCommand
from shuke.loyalty.values.commands import OrderRef
from shuke.loyalty.values.coupons import Campaign, Cart, CouponState, Given, InHand, Limits, Mode, Priced, Refused
from shuke.loyalty.values.perk_commands import IssueCoupon, UseCoupons, VoidCoupon
from shuke.loyalty.values.shelf import CouponEvent, CouponRow, PerkChange, Shelf, Who

_NO_LIMIT = 1 << 60


class CouponsRefused(Refusal):
    """At least one coupon cannot be used, and all were wanted; `reasons` names each with its reason."""

    def __init__(self, reasons: Iterable[tuple[str, str]]) -> None:
        self.reasons = tuple(reasons)
        told = ", ".join(f"{code}: {reason}" for code, reason in self.reasons)
        super().__init__(f"Coupons were refused ({told}).", hint="Leave them out, or ask for the best of them.")
        self.code = str(self.reasons[0][1])


class CouponUnknown(Refusal):
    """There is no such coupon of this member."""

    code = "coupon_unknown"


class CouponKnown(Refusal):
    """A coupon with this code was issued before."""

    code = "coupon_known"


class CouponSpent(Refusal):
    """The coupon is held, used or void."""

    code = "coupon_spent"


class CampaignUnknown(Refusal):
    """The programme has no such campaign, or it is over."""

    code = "campaign_unknown"


@lru_cache(maxsize=8192)
def stored_code(code: str) -> str:
    """A code as it is looked up: a generated one without hyphens and in capitals, any other as it was typed."""
    return plain_code(code) if is_code(code) else code.strip()


def hold_coupons(shelf: Shelf, command: HoldCommand, *, who: Who, hold: int, until: datetime) -> PerkChange:
    """Sets a hold's coupons aside until it ends and reserves their cost. Raises `CouponsRefused`, `BadCart`."""
    cart, priced, change = _priced(shelf, command, who=who)
    for given in priced.given:
        coupon = shelf.coupons[given.code]
        campaign = shelf.programme.perks.campaigns[given.campaign]
        held = replace(
            _open_again(coupon),
            account=coupon.account if coupon.account is not None else who.account,
            state=CouponState.HELD,
            hold=hold,
            held_until=until,
            held_minor=given.cost_minor,
            txn=who.txn,
        )
        _move(change, held, campaign=campaign, kind="held", at=shelf.now, reserved=1, who=who)
    change.details.update(_told(cart, priced))
    return change


def use_coupons(shelf: Shelf, command: UseCoupons, *, who: Who) -> PerkChange:
    """Uses coupons on an order at once. Raises `CouponsRefused`, `BadCart`."""
    cart, priced, change = _priced(shelf, command, who=who)
    for given in priced.given:
        coupon = shelf.coupons[given.code]
        campaign = shelf.programme.perks.campaigns[given.campaign]
        account = coupon.account if coupon.account is not None else who.account
        fresh = replace(_open_again(coupon), account=account, held_minor=given.cost_minor)
        used = _used(fresh, order=command.order, at=shelf.now, txn=who.txn)
        _move(change, used, campaign=campaign, kind="used", at=shelf.now, used=1, who=who)
    change.details.update(_told(cart, priced))
    return change


def capture_coupons(shelf: Shelf, codes: Iterable[str], *, who: Who, order: OrderRef) -> PerkChange:
    """Uses the coupons of a hold on an order: what they reserved is used now."""
    change = PerkChange()
    for coupon in _held(shelf, codes):
        used = _used(coupon, order=order, at=shelf.now, txn=who.txn)
        _move(change, used, campaign=_rules(shelf, coupon), kind="used", at=shelf.now, reserved=-1, used=1, who=who)
    change.details["coupons"] = [coupon.code for coupon in change.coupons]
    return change


def release_coupons(shelf: Shelf, codes: Iterable[str], *, who: Who, reason: str = "released") -> PerkChange:
    """Gives the coupons of a hold back, with what they reserved; one whose last day has passed is over all the same."""
    change = PerkChange()
    for coupon in _held(shelf, codes):
        _move(
            change,
            _open_again(coupon),
            campaign=_rules(shelf, coupon),
            kind="released",
            at=shelf.now,
            cost=coupon.held_minor,
            reserved=-1,
            who=who,
            reason=reason,
        )
    return change


def return_coupons(shelf: Shelf, order: OrderRef, *, who: Who) -> PerkChange:
    """Gives the coupons of an order back that was refunded whole, where their campaigns say so."""
    change = PerkChange()
    for code in sorted(shelf.by_order.get((order.source, order.no), ())):
        coupon = shelf.coupons[code]
        campaign = _rules(shelf, coupon)
        if coupon.state != CouponState.USED or not campaign.is_returned:
            continue
        back = replace(_open_again(coupon), used_at=None, order_source="", order_no="")
        _move(
            change,
            back,
            campaign=campaign,
            kind="released",
            at=shelf.now,
            cost=coupon.held_minor,
            used=-1,
            who=who,
            reason="refund",
        )
    if change.coupons:
        change.details["coupons_back"] = [coupon.code for coupon in change.coupons]
    return change


def issue_coupon(shelf: Shelf, command: IssueCoupon, *, who: Who) -> PerkChange:
    """A new coupon for a member. Raises `CampaignUnknown`, `CouponKnown`."""
    campaign = shelf.programme.perks.campaigns.get(command.campaign)
    if campaign is None or (campaign.until and shelf.today > campaign.until):
        known = ", ".join(sorted(shelf.programme.perks.campaigns))
        raise CampaignUnknown(f"There is no campaign '{command.campaign}' now.", hint=f"Known: {known}.")
    code = stored_code(command.coupon) if command.coupon else next(shelf.fresh_codes)
    if code in shelf.coupons:
        raise CouponKnown(f"Coupon {code} was issued before.", hint="Leave the code out to have one made.")
    days = [day for day in (budgets.last_day(campaign, issued_on=shelf.today), command.expires_on) if day]
    ends = expires_at(min(days) if days else None, zone=shelf.programme.zone)
    coupon = CouponRow(
        next(shelf.coupon_ids), code, campaign.code, who.account, CouponState.ISSUED, shelf.now, ends, txn=who.txn
    )
    event = CouponEvent(coupon.id, campaign.code, who.account, who.txn, "issued", shelf.now)
    details: dict[str, object] = {
        "coupon": code,
        "campaign": campaign.code,
        "expires_at": ends.isoformat() if ends else None,
    }
    return PerkChange([coupon], [event], details=details)


def void_coupon(shelf: Shelf, command: VoidCoupon, *, who: Who) -> PerkChange:
    """Takes an unused coupon out of use. Raises `CouponUnknown`, `CouponSpent`."""
    coupon = shelf.coupons.get(stored_code(command.coupon))
    if coupon is None or (coupon.account is not None and coupon.account not in who.group):
        raise CouponUnknown(f"The member has no coupon {command.coupon}.", hint="Check the code.")
    if coupon.state != CouponState.ISSUED:
        raise CouponSpent(f"Coupon {coupon.code} is {coupon.state}.", hint="Release its hold first, if it has one.")
    change = PerkChange([replace(coupon, state=CouponState.VOID, txn=who.txn)])
    change.events.append(
        CouponEvent(coupon.id, coupon.campaign, who.account, who.txn, "void", shelf.now, command.reason[:60])
    )
    change.details["coupon"] = coupon.code
    return change


def refusals(
    shelf: Shelf, codes: Iterable[str], *, reasons: Mapping[str, str], account: int | None
) -> list[CouponEvent]:
    """Events that keep why coupons were refused."""
    found = []
    for said in codes:
        code = stored_code(said)
        coupon = shelf.coupons.get(code)
        if code in reasons:
            campaign = coupon.campaign if coupon else ""
            details = {} if coupon else {"code": code[:60]}
            number = coupon.id if coupon else None
            found.append(
                CouponEvent(number, campaign, account, None, "refused", shelf.now, reasons[code][:60], details)
            )
    return found


def state_at(coupon: CouponRow, *, now: datetime) -> str:
    """The state at an instant: a hold that has timed out is over whether or not anybody wrote it down."""
    is_over = coupon.state == CouponState.HELD and coupon.held_until is not None and coupon.held_until <= now
    return CouponState.ISSUED if is_over else coupon.state


def price_on(
    shelf: Shelf, said: Mapping[str, object] | None, *, codes: Iterable[str], who: Who, store: str, channel: str
) -> tuple[Cart, Mode, Priced]:
    """A cart priced with coupons as they are on the shelf; the result names every refused one. Raises `BadCart`,
    `TooManyCoupons`.
    """
    cart, mode = read_cart(said, store=store, channel=channel, currency=shelf.programme.currency)
    hand: list[InHand] = []
    refused: list[tuple[str, Refused]] = []
    for code in (stored_code(code) for code in codes):
        reason = _closed(shelf, code, who=who)
        if reason is None:
            hand.append(InHand(code, shelf.coupons[code].campaign))
        else:
            refused.append((code, reason))
    limits = _limits(shelf, hand, who=who)
    perks = shelf.programme.perks
    # Where one is refused already, all or nothing is nothing.
    priced = price(cart, coupons=hand, perks=perks, limits=limits, today=shelf.today, mode=mode)
    if refused and mode is Mode.ALL:
        nothing = price(cart, coupons=(), perks=perks, limits=limits, today=shelf.today)
        return cart, mode, replace(nothing, refused=(*refused, *priced.refused))
    return cart, mode, replace(priced, refused=(*refused, *priced.refused))


def _priced(shelf: Shelf, command: HoldCommand | UseCoupons, *, who: Who) -> tuple[Cart, Priced, PerkChange]:
    cart, mode, priced = price_on(
        shelf, command.cart, codes=command.coupons, who=who, store=command.store, channel=command.channel
    )
    if priced.refused and mode is Mode.ALL:
        raise CouponsRefused((code, str(reason)) for code, reason in priced.refused)
    reasons = {code: str(why) for code, why in priced.refused}
    change = PerkChange()
    change.events += refusals(shelf, sorted(reasons), reasons=reasons, account=who.account)
    change.details["refused"] = [{"coupon": code, "reason": str(why)} for code, why in priced.refused]
    return cart, priced, change


def _closed(shelf: Shelf, code: str, *, who: Who) -> Refused | None:
    coupon = shelf.coupons.get(code)
    if coupon is None:
        return Refused.UNKNOWN
    if coupon.account is not None and coupon.account not in who.group:
        return Refused.OTHER_MEMBER
    state = state_at(coupon, now=shelf.now)
    if state != CouponState.ISSUED:
        return {CouponState.USED: Refused.USED, CouponState.HELD: Refused.HELD}.get(CouponState(state), Refused.VOID)
    if coupon.expires_at is not None and coupon.expires_at <= shelf.now:
        return Refused.EXPIRED
    total = shelf.budgets.get(budgets.count_of(coupon.campaign))
    return Refused.TOTAL_LIMIT if total is not None and total.left == 0 else None


def _limits(shelf: Shelf, hand: Iterable[InHand], *, who: Who) -> Limits:
    uses = {}
    for campaign in {coupon.campaign for coupon in hand}:
        rules = shelf.programme.perks.campaigns.get(campaign)
        total = shelf.budgets.get(budgets.count_of(campaign))
        done = sum(shelf.counts.get((account, campaign), 0) for account in who.group)
        mine = rules.per_member - done if rules and rules.per_member else _NO_LIMIT
        uses[campaign] = max(0, min(mine, total.left if total else _NO_LIMIT))
    money = {code: row.left for code, row in shelf.budgets.items()}
    return Limits(who.tier, money, uses)


def _held(shelf: Shelf, codes: Iterable[str]) -> list[CouponRow]:
    return [shelf.coupons[code] for code in codes if shelf.coupons[code].state == CouponState.HELD]


def _used(coupon: CouponRow, *, order: OrderRef, at: datetime, txn: int) -> CouponRow:
    return replace(
        coupon,
        state=CouponState.USED,
        used_at=at,
        txn=txn,
        hold=None,
        held_until=None,
        order_source=order.source,
        order_no=order.no,
    )


def _open_again(coupon: CouponRow) -> CouponRow:
    return replace(coupon, state=CouponState.ISSUED, hold=None, held_until=None, held_minor=0)


def _rules(shelf: Shelf, coupon: CouponRow) -> Campaign:
    """A coupon's campaign; one that the files no longer name has no budget and no limits."""
    found = shelf.programme.perks.campaigns.get(coupon.campaign)
    return found or budgets.no_campaign(coupon.campaign)


def _move(
    change: PerkChange,
    coupon: CouponRow,
    *,
    campaign: Campaign,
    kind: str,
    at: datetime,
    who: Who,
    cost: int | None = None,
    reserved: int = 0,
    used: int = 0,
    reason: str = "",
) -> None:
    money = coupon.held_minor if cost is None else cost
    change.coupons.append(coupon)
    change.events.append(
        CouponEvent(coupon.id, coupon.campaign, who.account, who.txn, kind, at, reason, {"cost_minor": money})
    )
    for code, (more_reserved, more_used) in budgets.moves(campaign, cost=money, reserved=reserved, used=used).items():
        before = change.budgets.get(code, (0, 0))
        change.budgets[code] = (before[0] + more_reserved, before[1] + more_used)


def _told(cart: Cart, priced: Priced) -> dict[str, object]:
    return {
        "coupons": [_told_one(given) for given in priced.given],
        "lines_minor": list(priced.lines_minor),
        "freight_minor": priced.freight_minor,
        "total_minor": priced.total_minor,
        "saved_minor": priced.saved_minor,
        "currency": cart.currency,
    }


def _told_one(given: Given) -> dict[str, object]:
    return {
        "coupon": given.code,
        "campaign": given.campaign,
        "discount_minor": given.discount_minor,
        "by_line": list(given.by_line),
        "freight_minor": given.freight_minor,
        "gift_sku": given.gift_sku,
    }
