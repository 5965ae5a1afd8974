"""What can be asked of coupons and benefits. Every one names the member whose account it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from shuke.loyalty.values.commands import Command, OrderRef


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCoupon(Command):
    """Gives a member a coupon; its code is made where `coupon` is empty. `expires_on` only shortens its time."""

    member: str
    campaign: str
    coupon: str = ""
    expires_on: date | None = None

    kind: ClassVar[str] = "coupon_issue"
    deep: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidCoupon(Command):
    """Takes an unused coupon of a member out of use for ever."""

    member: str
    coupon: str
    reason: str = ""

    kind: ClassVar[str] = "coupon_void"
    deep: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCoupons(Command):
    """Uses coupons on an order at once, without a hold. `cart` as in `rules.coupons.read_cart`."""

    member: str
    order: OrderRef
    coupons: tuple[str, ...]
    cart: Mapping[str, object]
    store: str = ""
    channel: str = ""

    kind: ClassVar[str] = "coupon_use"
    takes: ClassVar[bool] = True
    deep: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BookBenefit(Command):
    """Books a benefit; the booking counts against the quota. `birthday` (any year) where the benefit asks for it."""

    member: str
    benefit: str
    store: str = ""
    associate: str = ""
    note: str = ""
    birthday: date | None = None

    kind: ClassVar[str] = "benefit_book"
    deep: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UseBenefit(Command):
    """Uses a benefit: the booking of that number, or at once (None) where the benefit is not booked."""

    member: str
    benefit: str
    booking: int | None = None
    store: str = ""
    associate: str = ""
    note: str = ""
    birthday: date | None = None

    kind: ClassVar[str] = "benefit_use"
    deep: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelBenefit(Command):
    """Cancels a booking; its quota is free again."""

    member: str
    booking: int
    reason: str = ""

    kind: ClassVar[str] = "benefit_cancel"
    deep: ClassVar[bool] = False


BENEFIT_COMMANDS = (BookBenefit, UseBenefit, CancelBenefit)
COUPON_COMMANDS = (IssueCoupon, VoidCoupon, UseCoupons)
PERK_COMMANDS = (*COUPON_COMMANDS, *BENEFIT_COMMANDS)
