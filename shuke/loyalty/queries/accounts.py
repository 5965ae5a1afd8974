"""One account, or the group that it was merged into: who it is, where its points are, and its lots. No job need run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet, Sum

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.loyalty.models import Account, Hold, Lot
from shuke.loyalty.models import Balance as Books
from shuke.loyalty.rules.refusals import UnknownMember
from shuke.loyalty.values.ledger import Balance


@dataclass(frozen=True)
class AccountView:
    """An account with the balance of its group; `group` are the member numbers that share it, itself among them."""

    account_id: int
    member_no: str
    customer_id: int | None
    group: tuple[str, ...]
    accounts: tuple[int, ...]
    programme: str
    balance: Balance
    frozen_reason: str
    opened_at: datetime


@dataclass(frozen=True)
class LotView:
    """Points that came together, as they are now; `free` are neither spent nor held nor posted as expired."""

    id: int
    account_id: int
    kind: str
    points: int
    free: int
    held: int
    available_at: datetime
    expires_at: datetime | None
    order_source: str
    order_no: str
    created_at: datetime


@dataclass(frozen=True)
class Expiring:
    """Points that end at one instant."""

    expires_at: datetime
    points: int


def account(
    actor: Actor,
    *,
    now: datetime,
    member: str | None = None,
    account_id: int | None = None,
    customer_id: int | None = None,
) -> AccountView:
    """The account of a member number, an id or a customer (the first that was opened). Raises `UnknownMember`.

    An alias shows itself with the balance of the account that stands for it.
    """
    require(actor, Permission.SEE_LOYALTY)
    if member is not None:
        rows = Account.objects.filter(member_no=member)
    elif account_id is not None:
        rows = Account.objects.filter(pk=account_id)
    else:
        rows = Account.objects.filter(customer_id=customer_id, customer_id__isnull=False)
    found = rows.order_by(F("merged_into_id").asc(nulls_first=True), "pk").first()
    if found is None:
        name = member or account_id or customer_id
        raise UnknownMember(f"There is no member {name}.", hint="Enrol the member first, or check the number.")
    group = list(Account.objects.filter(group_id=found.group_id).order_by("pk"))
    return AccountView(
        account_id=found.pk,
        member_no=found.member_no,
        customer_id=found.customer_id,
        group=tuple(one.member_no for one in group),
        accounts=tuple(one.pk for one in group),
        programme=found.programme,
        balance=balance_now([one.pk for one in group], now=now),
        frozen_reason=next((one.frozen_reason for one in group if one.frozen_reason), ""),
        opened_at=found.opened_at,
    )


def lots(actor: Actor, *, account: int, now: datetime) -> Sequence[LotView]:
    """Lots of an account's group that have free or held points, in burn order; those that are over stand last.

    Points of holds that are over by `now` are free again.
    """
    require(actor, Permission.SEE_LOYALTY)
    accounts = group_of(account)
    back = _back(accounts, now=now)
    rows = Lot.objects.filter(Q(free__gt=0) | Q(held__gt=0), account_id__in=accounts)
    found = [_lot(row, back=back.get(row.pk, 0)) for row in rows]

    def place(lot: LotView) -> tuple[bool, bool, datetime, datetime, int]:
        ends = lot.expires_at
        return (ends is not None and ends <= now, ends is None, ends or now, lot.available_at, lot.id)

    return sorted(found, key=place)


def expiring(actor: Actor, *, account: int, now: datetime, days: int = 366) -> Sequence[Expiring]:
    """Free points of an account's group that end within some days, by instant, the next one first."""
    found: dict[datetime, int] = {}
    for lot in lots(actor, account=account, now=now):
        if lot.free and lot.expires_at is not None and now < lot.expires_at <= now + timedelta(days=days):
            found[lot.expires_at] = found.get(lot.expires_at, 0) + lot.free
    return [Expiring(at, points) for at, points in sorted(found.items())]


def balance_now(accounts: Sequence[int], *, now: datetime) -> Balance:
    """Where the points of some accounts are, from their books, lots and holds as they stand; `now` is no past."""
    sums = Books.objects.filter(account_id__in=accounts).aggregate(
        free=Sum("free"), held=Sum("held"), owed=Sum("owed"), expired=Sum("expired")
    )
    back = _back(accounts, now=now)
    open_lots = Lot.objects.filter(Q(free__gt=0) | Q(pk__in=list(back)), account_id__in=accounts)
    pending = over = 0
    for number, free, available_at, expires_at in open_lots.values_list("pk", "free", "available_at", "expires_at"):
        points = free + back.get(number, 0)
        if expires_at is not None and expires_at <= now:
            over += points
        elif available_at > now:
            pending += points
    returned = sum(back.values())
    return Balance(
        available=int(sums["free"] or 0) + returned - pending - over,
        pending=pending,
        held=int(sums["held"] or 0) - returned,
        owed=int(sums["owed"] or 0),
        expired=int(sums["expired"] or 0) + over,
    )


def group_of(account: int) -> list[int]:
    """All accounts that are one with an account, itself among them."""
    group = Account.objects.filter(pk=account).values("group_id")
    return list(Account.objects.filter(group_id__in=group).order_by("pk").values_list("pk", flat=True))


def holds_over(accounts: Sequence[int], *, now: datetime) -> QuerySet[Hold]:
    """Holds that nobody has ended yet though their time is out, and that may have lots of these accounts.

    After a split a hold may reach into an account that is not its own: then all such holds are looked at.
    """
    found = Hold.objects.filter(state="open", expires_at__lte=now)
    own = found.filter(account_id__in=accounts)
    held = Books.objects.filter(account_id__in=accounts).aggregate(held=Sum("held"))["held"] or 0
    reached = Hold.objects.filter(state="open", account_id__in=accounts).aggregate(points=Sum("points"))["points"] or 0
    return own if held == reached else found


def _back(accounts: Sequence[int], *, now: datetime) -> dict[int, int]:
    """Points by lot that holds which are over give back."""
    mine, found = set(accounts), dict[int, int]()
    for hold in holds_over(accounts, now=now):
        for lot, points, owner in hold.parts:
            if owner in mine:
                found[lot] = found.get(lot, 0) + points
    return found


def _lot(row: Lot, *, back: int) -> LotView:
    return LotView(
        id=row.pk,
        account_id=row.account_id,
        kind=row.kind,
        points=row.points,
        free=row.free + back,
        held=row.held - back,
        available_at=row.available_at,
        expires_at=row.expires_at,
        order_source=row.order_source,
        order_no=row.order_no,
        created_at=row.created_at,
    )
