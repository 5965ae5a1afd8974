"""What stands beside a balance: sums by book, open holds, bookings, and the history of merges."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.loyalty.models import Balance, BenefitUse, Hold, Txn

_SUMS = ("issued", "clawed", "burned", "returned", "transferred")


@dataclass(frozen=True)
class BookSums:
    """Points by where they came from and went, over all accounts of a group; `transferred` is signed."""

    issued: int
    clawed: int
    burned: int
    returned: int
    transferred: int


@dataclass(frozen=True)
class OpenHold:
    """Points set aside until an instant at which they come back by themselves."""

    code: str
    points: int
    until: datetime
    order_source: str
    order_no: str
    coupons: tuple[str, ...]


@dataclass(frozen=True)
class Booking:
    """A benefit that is booked and not yet used."""

    id: int
    benefit: str
    at: datetime
    store: str
    associate: str
    note: str


@dataclass(frozen=True)
class Joining:
    """A merge or split: `kind` merge or split, the member numbers, the reason given."""

    at: datetime
    kind: str
    member_no: str
    other_no: str
    reason: str


def book_sums(actor: Actor, *, accounts: Sequence[int]) -> BookSums:
    """Sums over the accounts of a group."""
    require(actor, Permission.SEE_LOYALTY)
    found = Balance.objects.filter(account_id__in=accounts).aggregate(**{name: Sum(name) for name in _SUMS})
    return BookSums(**{name: int(found[name] or 0) for name in _SUMS})


def open_holds(actor: Actor, *, accounts: Sequence[int], now: datetime) -> Sequence[OpenHold]:
    """Holds that protect points at this moment, the first to end first."""
    require(actor, Permission.SEE_LOYALTY)
    rows = Hold.objects.filter(account_id__in=accounts, state="open", expires_at__gt=now).order_by("expires_at", "pk")
    return [
        OpenHold(row.code, row.points, row.expires_at, row.order_source, row.order_no, tuple(row.coupons))
        for row in rows
    ]


def bookings(actor: Actor, *, accounts: Sequence[int]) -> Sequence[Booking]:
    """Booked benefits that wait to be used, the oldest first."""
    require(actor, Permission.SEE_LOYALTY)
    rows = BenefitUse.objects.filter(account_id__in=accounts, state="booked").order_by("at", "pk")[:50]
    return [Booking(row.pk, row.benefit, row.at, row.store, row.associate, row.note) for row in rows]


def joinings(actor: Actor, *, accounts: Sequence[int], limit: int = 20) -> Sequence[Joining]:
    """Merges and splits of these accounts, the newest first."""
    require(actor, Permission.SEE_LOYALTY)
    rows = Txn.objects.filter(account_id__in=accounts, kind__in=("merge", "split")).order_by("-pk")[:limit]
    return [
        Joining(
            at=row.at,
            kind=row.kind,
            member_no=str(row.answer.get("member", "")),
            other_no=str(row.answer.get("details", {}).get("other", "")),
            reason=row.reason,
        )
        for row in rows
    ]
