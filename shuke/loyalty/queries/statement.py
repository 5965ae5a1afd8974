"""An account's past from its entries alone: the balance at any instant, what explains it, and the statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.loyalty.models import Entry, Lot, Txn
from shuke.loyalty.queries.accounts import group_of, holds_over
from shuke.loyalty.values.ledger import EXPIRED, FREE, HELD, OWED, Balance

# What a member has: points free or held, less points owed.
_HAS = (FREE, HELD, OWED)


@dataclass(frozen=True)
class EntryView:
    """One entry with the transaction that posted it. `txn` is 0 for what no job has written down yet."""

    at: datetime
    txn: int
    kind: str
    account_id: int
    lot: int | None
    source: str
    target: str
    points: int
    order_source: str
    order_no: str
    reason: str


@dataclass(frozen=True)
class Line:
    """One line of a statement: signed points, and what the member had then (free and held less owed)."""

    at: datetime
    txn: int
    kind: str
    points: int
    balance_after: int
    order_source: str
    order_no: str
    store: str
    reason: str


def balance(actor: Actor, *, account: int, at: datetime) -> Balance:
    """Where the points of an account's group were at an instant, summed from the entries that `explain` gives."""
    entries = explain(actor, account=account, at=at)
    free: dict[int, int] = {}
    held = owed = expired = 0
    for one in entries:
        lot = one.lot or 0
        free[lot] = free.get(lot, 0) + one.points * ((one.target == FREE) - (one.source == FREE))
        held += one.points * ((one.target == HELD) - (one.source == HELD))
        owed += one.points * ((one.source == OWED) - (one.target == OWED))
        expired += one.points * (one.target == EXPIRED)
    pending = available = 0
    dates = Lot.objects.filter(pk__in=list(free)).values_list("pk", "available_at", "expires_at")
    for lot, available_at, expires_at in dates:
        if expires_at is not None and expires_at <= at:
            expired += free[lot]
        elif available_at > at:
            pending += free[lot]
        else:
            available += free[lot]
    return Balance(available=available, pending=pending, held=held, owed=owed, expired=expired)


def explain(actor: Actor, *, account: int, at: datetime) -> Sequence[EntryView]:
    """The entries behind the balance of an account's group at an instant, the oldest first.

    A hold whose time was out by then, and a lot that had ended, count as such also where nothing is written yet.
    """
    require(actor, Permission.SEE_LOYALTY)
    accounts = group_of(account)
    entries = list(Entry.objects.filter(account_id__in=accounts, at__lte=at).order_by("at", "pk"))
    txns = Txn.objects.in_bulk({entry.txn_id for entry in entries})
    found = [_entry(entry, txn=txns[entry.txn_id]) for entry in entries]
    return sorted([*found, *_unwritten_time_outs(accounts, at=at)], key=lambda one: one.at)


def statement(
    actor: Actor,
    *,
    account: int,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
    before: int | None = None,
    now: datetime | None = None,
) -> Sequence[Line]:
    """Lines of an account's group, the newest first, within `since` <= at < `until`; further back than txn `before`.

    Only what changes what the member has makes a line; with `now` also lots that have ended and await the job.
    """
    require(actor, Permission.SEE_LOYALTY)
    accounts = group_of(account)
    changes = [*_changes(accounts), *(_unwritten_ends(accounts, now=now) if now is not None else ())]
    after, total = [], 0
    for at, txn, points in sorted(changes):
        total += points
        after.append((at, txn, points, total))
    after.reverse()
    if before is not None:
        place = next((place for place, one in enumerate(after) if one[1] == before), len(after))
        after = after[place + 1 :]
    shown = [one for one in after if (since is None or one[0] >= since) and (until is None or one[0] < until)][:limit]
    txns = Txn.objects.in_bulk([txn for _, txn, _, _ in shown if txn])
    return [_line(one, txn=txns.get(one[1])) for one in shown]


def _changes(accounts: Sequence[int]) -> list[tuple[datetime, int, int]]:
    """(at, transaction, signed points) of each transaction that changed what these accounts have."""
    found: dict[int, tuple[datetime, int]] = {}
    rows = Entry.objects.filter(account_id__in=accounts).order_by("pk")
    for txn, at, source, target, points in rows.values_list("txn_id", "at", "source", "target", "points"):
        change = points * ((target in _HAS) - (source in _HAS))
        before = found.get(txn)
        found[txn] = (at, change + (before[1] if before else 0))
    return [(at, txn, points) for txn, (at, points) in found.items() if points]


def _unwritten_ends(accounts: Sequence[int], *, now: datetime) -> list[tuple[datetime, int, int]]:
    """Points that have ended, free or given back by a hold that is over, which no job has written down yet."""
    rows = Lot.objects.filter(account_id__in=accounts, expires_at__lte=now)
    ends = {number: (at, free) for number, at, free in rows.values_list("pk", "expires_at", "free") if at is not None}
    found: dict[datetime, int] = {}
    for at, free in ends.values():
        found[at] = found.get(at, 0) - free
    for one in _unwritten_time_outs(accounts, at=now):
        if one.lot in ends:
            at = max(one.at, ends[one.lot][0])
            found[at] = found.get(at, 0) - one.points
    return [(at, 0, points) for at, points in found.items() if points]


def _unwritten_time_outs(accounts: Sequence[int], *, at: datetime) -> list[EntryView]:
    mine = set(accounts)
    return [
        EntryView(hold.expires_at, 0, "time_out", owner, lot, HELD, FREE, points, "", "", "")
        for hold in holds_over(accounts, now=at)
        for lot, points, owner in hold.parts
        if owner in mine
    ]


def _entry(entry: Entry, *, txn: Txn) -> EntryView:
    return EntryView(
        at=entry.at,
        txn=entry.txn_id,
        kind=txn.kind,
        account_id=entry.account_id,
        lot=entry.lot_id,
        source=entry.source,
        target=entry.target,
        points=entry.points,
        order_source=txn.order_source,
        order_no=txn.order_no,
        reason=txn.reason,
    )


def _line(one: tuple[datetime, int, int, int], *, txn: Txn | None) -> Line:
    at, number, points, after = one
    if txn is None:
        return Line(at, 0, "expire", points, after, "", "", "", "")
    return Line(at, number, txn.kind, points, after, txn.order_source, txn.order_no, txn.store, txn.reason)
