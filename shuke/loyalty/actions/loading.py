"""From a batch of commands to the books that it is decided on: what to lock, what to read, what to make of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shuke.kernel.errors import ShukeError
from shuke.loyalty.adapters import reading
from shuke.loyalty.adapters.doors import Again, Door, Row
from shuke.loyalty.adapters.reading import Wanted
from shuke.loyalty.rules.books import Books
from shuke.loyalty.rules.validity import local_day
from shuke.loyalty.values import commands as asked
from shuke.loyalty.values.commands import Command, OrderRef
from shuke.loyalty.values.ledger import (
    BURNED,
    CLAWED,
    EXPIRED,
    FREE,
    HELD,
    ISSUED,
    OWED,
    RETURNED,
    TRANSFERRED,
    Account,
    BurnedPart,
    Burning,
    Earning,
    Hold,
    Lot,
    Part,
    Programme,
)
from shuke.loyalty.values.tiers import GrowthRow, TierRow


class Wider(ShukeError):
    """The batch touches more accounts than it has locked: once more with these holds."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__("more accounts are needed")
        self.codes = codes


# Requests that never make a lot; the others make at least one.
_WITHOUT_LOT = frozenset({asked.Enrol, asked.Burn, asked.Hold, asked.Capture, asked.Release, asked.Merge, asked.Split})


@dataclass(slots=True)
class Loaded:
    """The books of a batch, first answers by key, the end of each account's chain, and ids for new transactions.

    `known` are orders and holds that the database has, so that they are updated and not inserted.
    """

    books: Books
    answers: dict[tuple[str, str], tuple[str, dict[str, Any]]]
    heads: dict[int, str] = field(default_factory=dict)
    known: set[object] = field(default_factory=set)
    txn_ids: Iterator[int] = field(default_factory=lambda: iter(()))


def wanted(commands: Sequence[Command], *, programme: str) -> Wanted:
    """What a batch needs. `lookups` and `held` lead to accounts; `orders` and `codes` are only looked at."""
    found = Wanted(programme)
    members: dict[str, None] = {}
    for command in commands:
        found.keys.append((command.client, command.key))
        for name in ("member", "to", "kept", "other"):
            member = getattr(command, name, None)
            if member is not None:
                members[member] = None
                if command.deep:
                    found.deep.add(member)
        order = getattr(command, "order", None)
        if order is not None:
            found.orders.append((order.source, order.no))
        if isinstance(command, asked.RefundOrder):
            found.lookups.append((command.order.source, command.order.no))
        elif isinstance(command, asked.Capture | asked.Release):
            found.held.append(command.code)
        elif isinstance(command, asked.Hold):
            found.codes.append(command.code)
        elif isinstance(command, asked.Grow):
            found.behaviours.append(command.behaviour)
    found.members = sorted(members)
    kinds = [type(command) for command in commands]
    found.new = {
        "loyalty_txn": len(commands),
        "loyalty_lot": sum(1 for kind in kinds if kind not in _WITHOUT_LOT),
        "loyalty_hold": kinds.count(asked.Hold),
        "loyalty_account": kinds.count(asked.Enrol),
    }
    return found


def load(door: Door, asked_for: Wanted, *, programme: Programme, now: datetime) -> Loaded:
    """Locks, then reads in one exchange; a second one where lots of orders or holds are needed. Raises `Again`."""
    ids = door.lock(reading.locking(asked_for))
    questions = [reading.keys(asked_for.keys)]
    if ids:
        questions += [reading.accounts(ids), reading.open_holds(ids), reading.rest(ids, now=now)]
        questions += [reading.growth(ids), reading.tiers(ids)]
    if asked_for.orders:
        questions.append(reading.orders(asked_for.programme, pairs=asked_for.orders))
    codes = [*asked_for.codes, *asked_for.held]
    if codes:
        questions.append(reading.holds(asked_for.programme, codes=codes))
    if asked_for.behaviours and ids:
        questions.append(reading.behaviours(ids, kinds=asked_for.behaviours))
    for table, number in asked_for.new.items():
        questions.append(door.next_ids(table, count=number))
    answers = iter(door.ask(questions))
    loaded = Loaded(
        Books(programme, now, local_day(now, zone=programme.zone)),
        {(client, key): (request, answer) for client, key, request, answer in next(answers)},
    )
    books = loaded.books
    if ids:
        _take_accounts(loaded, next(answers), locked=set(ids))
        _take_holds(loaded, next(answers))
        for account, pending, gone in next(answers):
            books.rest[account] = (int(pending), int(gone))
        for account, day, points in next(answers):
            books.growth.setdefault(account, {})[day] = points
        _take_tiers(books, next(answers))
    if asked_for.orders:
        _take_orders(loaded, next(answers))
    if codes:
        _take_holds(loaded, next(answers))
    if asked_for.behaviours and ids:
        for account, kind, points, day, reference in next(answers):
            books.behaviours.setdefault(account, []).append(GrowthRow(kind, points, day, reference))
    loaded.txn_ids = door.ids("loyalty_txn", answer=next(answers))
    books.lot_ids = door.ids("loyalty_lot", answer=next(answers))
    books.hold_ids = door.ids("loyalty_hold", answer=next(answers))
    books.account_ids = door.ids("loyalty_account", answer=next(answers))
    _ask_for_strangers(door, books, known=asked_for.held)
    _take_lots(door, books, asked_for=asked_for)
    return loaded


def _ask_for_strangers(door: Door, books: Books, *, known: list[str]) -> None:
    """After a split an account may have points in another's hold; where its time is out, that account is needed too.

    Raises `Wider` with the codes of such holds.
    """
    told = dict.fromkeys(books.accounts, 0)
    for hold in books.holds.values():
        for part in hold.parts if hold.state == "open" else ():
            told[part.account] = told.get(part.account, 0) + part.points
    short = {account for account in books.accounts if books.books[account][HELD] > told[account]}
    if not short:
        return
    (rows,) = door.ask([reading.all_open_holds()])
    codes = [row[1] for row in rows if row[5] <= books.now and any(part[2] in short for part in row[4])]
    missing = [code for code in codes if code not in known]
    if missing:
        raise Wider(missing)


def _take_accounts(loaded: Loaded, rows: list[Row], *, locked: set[int]) -> None:
    books = loaded.books
    for row in rows:
        number = row[0]
        if number not in locked:
            raise Again("a group grew while it was being locked")
        books.accounts[number] = Account(*row[:8])
        books.members[row[2]] = number
        books.groups.setdefault(row[4], []).append(number)
        books.books[number] = _signed(row[8:17])
        books.lots_of[number] = []
        books.rest[number] = (0, 0)
        loaded.heads[number] = row[17]


def _signed(row: Row) -> dict[str, int]:
    """Books as the rules have them, from the row's columns, where all sums stand positive."""
    free, held, owed, issued, clawed, burned, returned, expired, transferred = row
    return {
        FREE: free,
        HELD: held,
        OWED: -owed,
        ISSUED: -issued,
        CLAWED: clawed,
        BURNED: burned,
        RETURNED: -returned,
        EXPIRED: expired,
        TRANSFERRED: -transferred,
    }


def _take_holds(loaded: Loaded, rows: list[Row]) -> None:
    for number, code, account, points, parts, expires_at, txn, state, coupons, source, no in rows:
        loaded.known.add(code)
        loaded.books.holds[code] = Hold(
            number,
            code,
            account,
            points,
            tuple(Part(*part) for part in parts),
            expires_at,
            txn,
            state,
            tuple(coupons),
            source,
            no,
        )


def _take_orders(loaded: Loaded, rows: list[Row]) -> None:
    books = loaded.books
    for row in rows:
        source, no, role, account, txn, lot, amount, currency, points, refunded, settled, forgiven = row[:12]
        growth, times, parts, bought_on = row[12:]
        loaded.known.add((source, no, role))
        if role == "burn":
            burned = tuple(BurnedPart(*part) for part in parts)
            books.burnings[OrderRef(source, no)] = Burning(
                source, no, account, txn, amount, currency, points, bought_on, burned, refunded
            )
        else:
            books.earnings[OrderRef(source, no)] = Earning(
                source, no, account, txn, lot or 0, amount, currency, points, bought_on, growth, times,
                refunded, settled, forgiven,
            )  # fmt: skip


def _take_tiers(books: Books, rows: list[Row]) -> None:
    for account, tier, since, until, reason in rows:
        row = TierRow(tier, since, until, reason)
        books.tiers[account] = row
        if reason.startswith("granted"):
            books.granted.setdefault(account, []).append(row)


def _take_lots(door: Door, books: Books, *, asked_for: Wanted) -> None:
    """Lots in full for those who spend, and for whose holds are over; single lots that orders and holds name."""
    deep = {books.members[member] for member in asked_for.deep if member in books.members}
    for order in asked_for.lookups:
        for side in (books.earnings.get(OrderRef(*order)), books.burnings.get(OrderRef(*order))):
            if side is not None:
                deep.add(side.account)
            if isinstance(side, Burning):
                deep |= {part.account for part in side.parts}
    named: set[int] = set()
    for hold in books.holds.values():
        if hold.state == "open" and (hold.expires_at <= books.now or hold.code in asked_for.held):
            deep |= {part.account for part in hold.parts} | {hold.account}
            named |= {part.lot for part in hold.parts}
    for order in asked_for.lookups:
        earning, burning = books.earnings.get(OrderRef(*order)), books.burnings.get(OrderRef(*order))
        named |= {earning.lot} if earning is not None and earning.lot else set()
        named |= {part.lot for part in burning.parts} if burning is not None else set()
    deep &= books.accounts.keys()  # a hold whose code is asked for again may be of somebody else, who is not locked
    if not deep:
        return
    whole = sorted({one for account in deep for one in books.groups[books.accounts[account].group]})
    questions = [reading.open_lots(whole)] + ([reading.lots(sorted(named))] if named else [])
    for rows in door.ask(questions):
        for row in rows:
            if row[0] not in books.lots and row[1] in books.lots_of:
                books.put(Lot(*row))
    for account in whole:
        books.rest[account] = (0, 0)
