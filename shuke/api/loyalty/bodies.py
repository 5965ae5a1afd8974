"""Bodies of writes: each is one command of the ledger. `at` may be left out, it is then now."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from shuke.api.loyalty.fields import (
    At,
    Channel,
    Code,
    Currency,
    Day,
    Member,
    Minor,
    Order,
    Points,
    Reason,
    Store,
    Strict,
    Text,
)
from shuke.loyalty.values import commands, perk_commands
from shuke.loyalty.values.commands import Command, OrderRef


class Write(Strict):
    """What all writes have."""

    at: At | None = None
    programme: Code = "main"

    makes: ClassVar[type[Command]]

    def command(self, *, client: str, key: str, now: datetime) -> Command:
        """The command of this body; `at` is `now` where it was left out."""
        values: dict[str, Any] = vars(self).copy()
        at = values.pop("at")
        for name in ("deed", "key"):
            values.pop(name, None)
        order = values.get("order")
        if order is not None:
            values["order"] = OrderRef(order.source, order.no)
        if values.get("cart") is not None:
            values["cart"] = values["cart"].model_dump(exclude_unset=True)
        return self.makes(client=client, key=key, at=now if at is None else at, **values)


class Enrol(Write):
    """Opens an account for a member number."""

    member: Member
    customer_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None

    makes = commands.Enrol


class Earn(Write):
    """Points and growth for an order, once. `eligible_minor` is what of it earns; they count from `bought_on`."""

    member: Member
    order: Order
    eligible_minor: Minor
    currency: Currency
    bought_on: Day
    store: Store = ""
    channel: Channel = ""

    makes = commands.Earn


class Burn(Write):
    """Points spent on an order of `total_minor`, at once."""

    member: Member
    order: Order
    points: Points
    total_minor: Minor
    currency: Currency
    store: Store = ""
    channel: Channel = ""

    makes = commands.Burn


class CartLine(Strict):
    """A line of a cart: `amount_minor` is the whole line before coupons."""

    sku: Annotated[str, Field(min_length=1, max_length=120)]
    amount_minor: Minor
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    category: Annotated[str, Field(max_length=120)] = ""
    list_minor: Minor = 0
    cost_minor: Minor | None = None


class Cart(Strict):
    """What a member is about to pay, which coupons are judged by: all of them or none, or the `best` subset.

    Store, channel and currency are those of the request where left out; `freight_minor` is on top of the lines.
    """

    lines: Annotated[tuple[CartLine, ...], Field(min_length=1, max_length=500, strict=False)]
    store: Store = ""
    channel: Channel = ""
    freight_minor: Minor = 0
    currency: Currency = "CNY"
    mode: Literal["all", "best"] = "all"


Coupons = Annotated[tuple[Code, ...], Field(max_length=50, strict=False)]


class Hold(Write):
    """Sets points and coupons aside for a checkout, in one commit, for `seconds`."""

    member: Member
    code: Code
    points: Annotated[int, Field(ge=0, le=10**15)]
    coupons: Coupons = ()
    cart: Cart | None = None
    seconds: Annotated[int, Field(ge=1, le=86_400)] = 900
    order: Order | None = None
    store: Store = ""
    channel: Channel = ""

    makes = commands.Hold


class Capture(Write):
    """Burns a hold, all of it or `points` of it; the rest goes back."""

    code: Code
    order: Order
    total_minor: Minor
    currency: Currency
    points: Annotated[int, Field(ge=0, le=10**15)] | None = None
    store: Store = ""
    channel: Channel = ""

    makes = commands.Capture


class Release(Write):
    """Gives a hold back."""

    code: Code

    makes = commands.Release


class Refund(Write):
    """A refund of `refunded_minor` more of an order: takes back what it earned, gives back what it burned."""

    order: Order
    refunded_minor: Minor
    currency: Currency
    store: Store = ""
    channel: Channel = ""

    makes = commands.RefundOrder


class Transfer(Write):
    """Points given to another member; they keep their dates."""

    member: Member
    to: Member
    points: Points
    reason: Text = ""

    makes = commands.Transfer


class Grow(Write):
    """Growth value for a behaviour, once a `reference`."""

    member: Member
    behaviour: Code
    reference: Annotated[str, Field(min_length=1, max_length=80)]

    makes = commands.Grow


class Merge(Write):
    """`other` becomes an alias of `kept`: one balance, nothing rewritten."""

    kept: Member
    other: Member
    reason: Text = ""

    makes = commands.Merge


class Split(Write):
    """Undoes a merge: the member stands alone again."""

    member: Member
    reason: Text = ""

    makes = commands.Split


class IssueCoupon(Write):
    """Gives a member one coupon of a campaign; its code is made where `coupon` is empty."""

    member: Member
    campaign: Code
    coupon: Annotated[str, Field(max_length=60, pattern=r"^[!-~]*$")] = ""
    expires_on: Day | None = None

    makes = perk_commands.IssueCoupon


class VoidCoupon(Write):
    """Takes an unused coupon out of use for ever."""

    member: Member
    coupon: Code
    reason: Text = ""

    makes = perk_commands.VoidCoupon


class UseCoupons(Write):
    """Uses coupons on an order at once, all of them or none."""

    member: Member
    order: Order
    coupons: Coupons
    cart: Cart
    store: Store = ""
    channel: Channel = ""

    makes = perk_commands.UseCoupons


class PriceCart(Strict):
    """A member's cart and the coupons that may be used on it."""

    member: Member
    coupons: Coupons
    cart: Cart
    store: Store = ""
    channel: Channel = ""


class BookBenefit(Write):
    """Books a benefit; it counts against the quota. `birthday` (any year) where the benefit is for that month."""

    member: Member
    benefit: Code
    store: Store = ""
    associate: Annotated[str, Field(max_length=60)] = ""
    note: Text = ""
    birthday: Day | None = None

    makes = perk_commands.BookBenefit


class UseBenefit(Write):
    """Uses a benefit: the booking of that number, or at once where it needs none."""

    member: Member
    benefit: Code
    store: Store = ""
    associate: Annotated[str, Field(max_length=60)] = ""
    note: Text = ""
    birthday: Day | None = None
    booking: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None

    makes = perk_commands.UseBenefit


class CancelBenefit(Write):
    """Cancels a booking; its quota is free again."""

    member: Member
    booking: Annotated[int, Field(ge=1, le=2**63 - 1)]
    reason: Text = ""

    makes = perk_commands.CancelBenefit


class AskAdjustment(Strict):
    """Points to be added, or taken (negative), once another person approves."""

    member: Member
    points: Annotated[int, Field(ge=-(10**7), le=10**7)]
    reason: Reason


class ClaimOrder(Strict):
    """An order without a member's key (delivery, marketplace): its number and amount on the receipt."""

    member: Member
    order_no: Annotated[str, Field(min_length=1, max_length=80)]
    amount_minor: Minor


# The writes of one address each, by the last part of it.
DEEDS: dict[str, type[Write]] = {
    "enrol": Enrol,
    "earn": Earn,
    "burn": Burn,
    "hold": Hold,
    "capture": Capture,
    "release": Release,
    "refund": Refund,
    "transfer": Transfer,
    "grow": Grow,
    "merge": Merge,
    "split": Split,
    "coupons/issue": IssueCoupon,
    "coupons/void": VoidCoupon,
    "coupons/use": UseCoupons,
    "benefits/book": BookBenefit,
    "benefits/use": UseBenefit,
    "benefits/cancel": CancelBenefit,
}
