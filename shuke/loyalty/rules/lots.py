"""Balances at an instant, and taking points out of lots in burn order."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from shuke.loyalty.rules.books import Books, Change
from shuke.loyalty.rules.refusals import NotEnough
from shuke.loyalty.values.ledger import EXPIRED, FREE, HELD, OWED, Balance, Hold, Lot, Part, Posting

_FOR_EVER = datetime.max.replace(tzinfo=UTC)


def over(lot: Lot, *, now: datetime) -> bool:
    """Whether a lot can no longer be used."""
    return lot.expires_at is not None and lot.expires_at <= now


def usable(lot: Lot, *, now: datetime) -> bool:
    """Whether a lot's free points can be burned at `now`."""
    return lot.available_at <= now and not over(lot, now=now)


def balance(ledger: Books, root: int) -> Balance:
    """Where a group's points are now, once its holds that are over were let go; no other job need have run."""
    now, free, pending, gone = ledger.now, 0, 0, 0
    for account in ledger.groups[root]:
        free += ledger.books[account][FREE]
        waiting, ended = ledger.rest[account]
        pending += waiting
        gone += ended
    for account in ledger.groups[root]:
        for number in ledger.aside.get(account, ()):
            lot = ledger.lots[number]
            if over(lot, now=now):
                gone += lot.free
            else:
                pending += lot.free
    return Balance(
        available=free - pending - gone,
        pending=pending,
        held=ledger.total(root, book=HELD),
        owed=-ledger.total(root, book=OWED),
        expired=ledger.total(root, book=EXPIRED) + gone,
    )


def time_out(hold: Hold) -> Change:
    """Points of a hold that is over go back to their lots, at the instant at which its time was out."""
    return Change(
        hold.account,
        postings=moved(hold.parts, source=HELD, target=FREE, at=hold.expires_at),
        hold=replace(hold, state="timed_out"),
        details={"code": hold.code},
    )


def moved(parts: Iterable[Part], *, source: str, target: str, at: datetime) -> list[Posting]:
    """Each part from one book of its account to another."""
    return [Posting(part.account, part.lot, source, target, part.points, at) for part in parts if part.points]


def burn_order(lots: Iterable[Lot], *, now: datetime) -> list[Lot]:
    """Usable lots: the earliest end first, those without an end last, then by availability, then by creation."""
    open_lots = [lot for lot in lots if lot.free > 0 and usable(lot, now=now)]
    return sorted(open_lots, key=lambda lot: (lot.expires_at or _FOR_EVER, lot.available_at, lot.id))


def pick(lots: Sequence[Lot], *, points: int) -> list[Part]:
    """Parts of `lots`, in the order given, up to `points`; fewer where there are not enough."""
    found: list[Part] = []
    for lot in lots:
        wanted = min(lot.free, points)
        if wanted > 0:
            found.append(Part(lot.id, wanted, lot.account))
            points -= wanted
    return found


def pick_exactly(ledger: Books, root: int, *, points: int) -> list[Part]:
    """Parts that make up `points` of a group in burn order. Raises `NotEnough`."""
    parts = pick(burn_order(ledger.lots_in(root), now=ledger.now), points=points)
    found = sum(part.points for part in parts)
    if found < points:
        raise NotEnough(f"{points} points were asked for, {found} are available.", hint="Ask for at most the balance.")
    return parts
