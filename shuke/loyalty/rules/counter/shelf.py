"""The shelf of a transaction: which commands need it, one decision for each, and the one place where it changes."""

from dataclasses import replace
from datetime import datetime

from shuke.loyalty.rules.budgets import moved
from shuke.loyalty.rules.counter import benefits, coupons
from shuke.loyalty.rules.refusals import BadRequest
from shuke.loyalty.values.commands import Capture, Command, Hold, RefundOrder, Release
from shuke.loyalty.values.coupons import CouponState
from shuke.loyalty.values.ledger import Hold as HoldRow
from shuke.loyalty.values.perk_commands import (
    BENEFIT_COMMANDS,
    PERK_COMMANDS,
    BookBenefit,
    CancelBenefit,
    IssueCoupon,
    UseBenefit,
    UseCoupons,
    VoidCoupon,
)
from shuke.loyalty.values.shelf import CouponRow, PerkChange, Shelf, Who

_LENGTHS = {"campaign": 60, "benefit": 60, "associate": 60, "note": 500}
_CODE, _MOST_COUPONS = 60, 50
_COUNTED = (CouponState.HELD, CouponState.USED)


def check_perks(command: Command) -> None:
    """Refuses texts and coupons that no honest request has. Raises `BadRequest`."""
    for name, length in _LENGTHS.items():
        text = getattr(command, name, "")
        if not isinstance(text, str) or len(text) > length or not text.replace("\n", " ").isprintable():
            raise BadRequest(f"The {name} is no text of at most {length} signs.", hint="Check the request.")
    codes = named_coupons(command)
    if not isinstance(codes, tuple | list) or len(codes) > _MOST_COUPONS:
        raise BadRequest(f"A cart takes at most {_MOST_COUPONS} coupons.", hint="Send fewer.")
    if any(not isinstance(code, str) or not 0 < len(code) <= _CODE or not code.isprintable() for code in codes):
        raise BadRequest(f"A coupon's code is a text of 1 to {_CODE} signs.", hint="Check the codes.")


def needs_shelf(command: Command, *, hold: HoldRow | None = None) -> bool:
    """Whether a command touches coupons or benefits; `hold` is that of a capture or release."""
    if isinstance(command, Hold):
        return bool(command.coupons)
    if isinstance(command, Capture | Release):
        return hold is not None and bool(hold.coupons)
    return isinstance(command, (RefundOrder, *PERK_COMMANDS))


def named_coupons(command: Command) -> tuple[str, ...]:
    """The codes that a command names, as they were typed."""
    if isinstance(command, Hold | UseCoupons):
        return command.coupons
    return (command.coupon,) if isinstance(command, VoidCoupon | IssueCoupon) and command.coupon else ()


def decide(
    shelf: Shelf, command: Command, *, who: Who, hold: HoldRow | None = None, is_whole: bool = False
) -> PerkChange:
    """What a command does to coupons and benefits; nothing is changed yet.

    `hold` is the one that the command makes, captures or releases; `is_whole` says that a refund gives back all of the
    order. Raises refusals.
    """
    if isinstance(command, Hold) and hold is not None:
        return coupons.hold_coupons(shelf, command, who=who, hold=hold.id, until=hold.expires_at)
    if isinstance(command, Capture) and hold is not None:
        return coupons.capture_coupons(shelf, hold.coupons, who=who, order=command.order)
    if isinstance(command, Release) and hold is not None:
        return coupons.release_coupons(shelf, hold.coupons, who=who)
    if isinstance(command, RefundOrder):
        return coupons.return_coupons(shelf, command.order, who=who) if is_whole else PerkChange()
    return (
        _benefit(shelf, command, who=who) if isinstance(command, BENEFIT_COMMANDS) else _coupon(shelf, command, who=who)
    )


def _benefit(shelf: Shelf, command: Command, *, who: Who) -> PerkChange:
    if isinstance(command, BookBenefit):
        return benefits.book_benefit(shelf, command, who=who)
    if isinstance(command, UseBenefit):
        return benefits.use_benefit(shelf, command, who=who)
    return benefits.cancel_benefit(shelf, command, who=who) if isinstance(command, CancelBenefit) else PerkChange()


def _coupon(shelf: Shelf, command: Command, *, who: Who) -> PerkChange:
    if isinstance(command, UseCoupons):
        return coupons.use_coupons(shelf, command, who=who)
    if isinstance(command, IssueCoupon):
        return coupons.issue_coupon(shelf, command, who=who)
    return coupons.void_coupon(shelf, command, who=who) if isinstance(command, VoidCoupon) else PerkChange()


def apply(shelf: Shelf, change: PerkChange) -> None:
    """Lets a decided change happen on the shelf; what it touched is stored at the end of the transaction."""
    for coupon in change.coupons:
        _put(shelf, coupon)
    for code, (reserved, used) in change.budgets.items():
        if code in shelf.budgets:
            shelf.budgets[code] = moved(shelf.budgets[code], reserved=reserved, used=used)
            shelf.touched_budgets.add(code)
    for row in change.uses:
        if row.id not in shelf.uses:
            shelf.fresh_uses.add(row.id)
        shelf.uses[row.id] = row
        shelf.touched_uses.add(row.id)
    shelf.events += change.events


def _put(shelf: Shelf, coupon: CouponRow) -> None:
    before = shelf.coupons.get(coupon.code)
    if before is None:
        shelf.fresh_coupons.add(coupon.code)
    for row, step in ((before, -1), (coupon, 1)):
        if row is not None and row.account is not None and row.state in _COUNTED:
            key = (row.account, row.campaign)
            shelf.counts[key] = shelf.counts.get(key, 0) + step
    if coupon.state == CouponState.USED and coupon.order_no:
        shelf.by_order.setdefault((coupon.order_source, coupon.order_no), set()).add(coupon.code)
    shelf.coupons[coupon.code] = coupon
    shelf.touched_coupons.add(coupon.code)


def refuse(shelf: Shelf, command: Command, *, error: Exception, account: int | None) -> None:
    """Keeps why the coupons of a refused command were refused; one without a reason of its own has the command's."""
    own = dict(error.reasons) if isinstance(error, coupons.CouponsRefused) else {}
    named = [coupons.stored_code(name) for name in named_coupons(command)]
    reasons = own or dict.fromkeys(named, str(getattr(error, "code", "refused")))
    shelf.events += coupons.refusals(shelf, sorted(set(named)), reasons=reasons, account=account)


def settle(shelf: Shelf) -> None:
    """Writes down holds that have timed out: their coupons are free again, and so is what they reserved."""
    for coupon in sorted(shelf.coupons.values(), key=lambda row: row.id):
        if coupon.state == CouponState.HELD and coupons.state_at(coupon, now=shelf.now) == CouponState.ISSUED:
            until: datetime = coupon.held_until or shelf.now
            # Counts leave such coupons out already; giving them back takes one off.
            if coupon.account is not None:
                key = (coupon.account, coupon.campaign)
                shelf.counts[key] = shelf.counts.get(key, 0) + 1
            change = coupons.release_coupons(
                replace(shelf, now=until),
                [coupon.code],
                who=Who(coupon.account or 0, (), "", coupon.txn or 0),
                reason="timed_out",
            )
            apply(shelf, change)
