"""What can be asked of the ledger: one value a request, each with the client and the key that make it repeatable.

`at` is when it happened in business (an aware instant); the ledger's own clock is passed to the writer. A command
with `takes` spends points and must be about now; one with `deep` needs the account's lots.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, NamedTuple

MAIN = "main"


class OrderRef(NamedTuple):
    """An order's natural key: the channel's code and its number there."""

    source: str
    no: str


NO_ORDER = OrderRef("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What all requests have."""

    client: str
    key: str
    at: datetime
    programme: str = MAIN

    kind: ClassVar[str] = ""
    takes: ClassVar[bool] = False
    deep: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrol(Command):
    """Opens an account for a member number."""

    member: str
    customer_id: int | None = None

    kind: ClassVar[str] = "enrol"
    deep: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Earn(Command):
    """Points and growth for an order, once; they count from `bought_on` however late the sale arrives."""

    member: str
    order: OrderRef
    eligible_minor: int
    currency: str
    bought_on: date
    store: str = ""
    channel: str = ""

    kind: ClassVar[str] = "earn"
    deep: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn(Command):
    """Points spent on an order of `total_minor`, at once."""

    member: str
    order: OrderRef
    points: int
    total_minor: int
    currency: str
    store: str = ""
    channel: str = ""

    kind: ClassVar[str] = "burn"
    takes: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Command):
    """Points and coupons set aside for a checkout for some seconds. `cart` is what the coupons are judged by."""

    member: str
    code: str
    points: int
    coupons: tuple[str, ...] = ()
    cart: Mapping[str, object] | None = None
    seconds: int = 900
    order: OrderRef | None = None
    store: str = ""
    channel: str = ""

    kind: ClassVar[str] = "hold"
    takes: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture(Command):
    """Burns a hold, all of it or `points` of it; the rest goes back."""

    code: str
    order: OrderRef
    total_minor: int
    currency: str
    points: int | None = None
    store: str = ""
    channel: str = ""

    kind: ClassVar[str] = "capture"
    takes: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Command):
    """Gives a hold back."""

    code: str

    kind: ClassVar[str] = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder(Command):
    """A refund of `refunded_minor` more of an order: takes back what it earned, gives back what it burned."""

    order: OrderRef
    refunded_minor: int
    currency: str
    store: str = ""
    channel: str = ""

    kind: ClassVar[str] = "refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjust(Command):
    """Points added or taken (negative) by hand; `approved_by` is the second person."""

    member: str
    points: int
    reason: str
    approved_by: str
    expires_on: date | None = None

    kind: ClassVar[str] = "adjust"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Command):
    """Points given to another member; they keep their dates."""

    member: str
    to: str
    points: int
    reason: str = ""

    kind: ClassVar[str] = "transfer"
    takes: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Grow(Command):
    """Growth value for a behaviour (a review, an event, ...); `reference` names the occasion, once."""

    member: str
    behaviour: str
    reference: str

    kind: ClassVar[str] = "grow"
    deep: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Command):
    """`other` becomes an alias of `kept`: one balance, nothing rewritten."""

    kept: str
    other: str
    reason: str = ""

    kind: ClassVar[str] = "merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Command):
    """Undoes a merge: the member stands alone again, with what was merged into it before."""

    member: str
    reason: str = ""

    kind: ClassVar[str] = "split"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(Command):
    """Points brought from another system, with their last day (None: for ever)."""

    member: str
    points: int
    expires_on: date | None = None

    kind: ClassVar[str] = "opening"
    deep: ClassVar[bool] = False
