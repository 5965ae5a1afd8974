"""Programmes, and accounts, lots, holds and orders as the rules see them. Points are whole numbers, instants are aware.

The rules read these values and never change them; `rules.books.post` is the only place where a change arrives.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from shuke.loyalty.values.perks import Perks


class Validity(StrEnum):
    """How long points last, counted from the business date of the purchase."""

    NEVER = "never"
    DAYS = "days"
    MONTHS = "months"
    DATE = "date"
    YEAR_END = "year_end"


class RefundWay(StrEnum):
    """What happens to points that a refund takes back but the account no longer has."""

    DEBT = "debt"
    CLAMP = "clamp"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Programme:
    """The settings of one programme; the defaults are those of a shop that sets nothing.

    `points_each` points are earned for each `minor_each` minor units of `currency`; `pending_days` is how long they
    wait before they can be used, `validity_length` counts days, months or years, `valid_until` belongs to `DATE`.
    `point_cost_thousandths` of a minor unit is what a point costs when it is spent. A request may be dated at most
    `ahead_minutes` after the ledger's clock and `late_days` before it; one that takes points `behind_minutes` before.
    """

    code: str = "main"
    zh: str = "会员"
    en: str = "Members"
    zone: str = "Asia/Shanghai"
    currency: str = "CNY"
    points_each: int = 1
    minor_each: int = 100
    pending_days: int = 0
    validity: Validity = Validity.MONTHS
    validity_length: int = 12
    valid_until: date | None = None
    refunds: RefundWay = RefundWay.DEBT
    grace_days: int = 30
    point_cost_thousandths: int = 1000
    ahead_minutes: int = 10
    behind_minutes: int = 1440
    late_days: int = 400
    perks: Perks = field(default_factory=Perks)


# Where points are. Free, held and owed belong to the member; the others say where points came from or went.
FREE, HELD, OWED = "free", "held", "owed"
ISSUED, BURNED, CLAWED, RETURNED = "issued", "burned", "clawed", "returned"
EXPIRED, TRANSFERRED = "expired", "transferred"
BOOKS = (FREE, HELD, OWED, ISSUED, CLAWED, BURNED, RETURNED, EXPIRED, TRANSFERRED)


class Part(NamedTuple):
    """Some points of one lot, and whose the lot is."""

    lot: int
    points: int
    account: int


class BurnedPart(NamedTuple):
    """Some points of one lot that an order burned, and how many of them came back."""

    lot: int
    points: int
    account: int
    returned: int


class Posting(NamedTuple):
    """Points that move from one book of an account to another; `lot` is 0 where only debt moves."""

    account: int
    lot: int
    source: str
    target: str
    points: int
    at: datetime


@dataclass(slots=True)
class Account:
    """A member's account; merged ones share `group`, the id of the account that stands for all of them."""

    id: int
    programme: str
    member: str
    customer_id: int | None
    group: int
    merged_into: int | None
    opened_at: datetime
    frozen_reason: str = ""


@dataclass(slots=True)
class Lot:
    """Points that came together. What is not free, held or (posted as) expired is spent or taken back.

    Usable from `available_at` up to but not at `expires_at` (None: for ever).
    """

    id: int
    account: int
    txn: int
    kind: str
    points: int
    free: int
    available_at: datetime
    expires_at: datetime | None
    created_at: datetime
    order_source: str = ""
    order_no: str = ""
    held: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True)
class Hold:
    """Points set aside for a checkout until `expires_at`; from then on they are back in their lots by themselves."""

    id: int
    code: str
    account: int
    points: int
    parts: tuple[Part, ...]
    expires_at: datetime
    txn: int
    state: str = "open"
    coupons: tuple[str, ...] = ()
    order_source: str = ""
    order_no: str = ""


@dataclass(frozen=True, slots=True)
class Earning:
    """What an order earned: its points at first, its eligible amount, what was refunded of it and dealt with for it.

    `settled` counts points that refunds have dealt with, whether taken, owed, written off or forgiven; `forgiven`
    those of them that had expired unspent. `lot` is 0 where the order earned no points.
    """

    source: str
    no: str
    account: int
    txn: int
    lot: int
    amount_minor: int
    currency: str
    points: int
    bought_on: date
    growth: int = 0
    multiplier_thousandths: int = 1000
    refunded_minor: int = 0
    settled: int = 0
    forgiven: int = 0


@dataclass(frozen=True, slots=True)
class Burning:
    """What an order burned: from which lots, over which total, and what of it came back."""

    source: str
    no: str
    account: int
    txn: int
    amount_minor: int
    currency: str
    points: int
    bought_on: date
    parts: tuple[BurnedPart, ...]
    refunded_minor: int = 0

    @property
    def returned(self) -> int:
        """Points that came back already."""
        return sum(part.returned for part in self.parts)


@dataclass(frozen=True, slots=True)
class Balance:
    """Where a member's points are at an instant."""

    available: int
    pending: int
    held: int
    owed: int
    expired: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write did, as it is answered now and to every repeat: `points` is signed, `details` depend on `kind`."""

    txn: int
    member: str
    kind: str
    points: int
    balance: Mapping[str, int]
    tier: str = ""
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def document(self) -> dict[str, object]:
        """The answer as JSON has it."""
        return {name: getattr(self, name) for name in Answer.__slots__}
