"""The one way into the ledger: a batch of requests, decided in memory between one load and one store.

A refusal of one request never touches its neighbours; a request that was answered before gets the same answer again.
"""

import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.collector import collector_paused
from shuke.kernel.errors import ShukeError
from shuke.loyalty.actions.loading import Loaded, Wider, load, wanted
from shuke.loyalty.actions.shelving import add_rows, open_shelf
from shuke.loyalty.actions.storing import Request, Stored, batch_of, note, to_json
from shuke.loyalty.adapters import places
from shuke.loyalty.adapters import programme as programme_of
from shuke.loyalty.adapters.doors import Again, Batch, Door, Lost
from shuke.loyalty.rules import counter
from shuke.loyalty.rules.books import Books, Change, post
from shuke.loyalty.rules.deciding import decide
from shuke.loyalty.rules.lots import balance, time_out
from shuke.loyalty.rules.refusals import Busy, KeyReused
from shuke.loyalty.rules.requests import check, check_clock, in_utc, request_hash
from shuke.loyalty.rules.standings import keep, standing_of
from shuke.loyalty.rules.validity import local_day
from shuke.loyalty.values.commands import Burn, Capture, Command, Earn, RefundOrder, Release
from shuke.loyalty.values.ledger import Answer, Programme
from shuke.loyalty.values.shelf import PerkChange, Shelf, Who

Outcome = Answer | ShukeError
_CHUNK = 1000
_TRIES = 12
_OWN = "shuke"
# Requests that never name coupons or benefits.
_PLAIN = (Earn, Burn, RefundOrder)


def write(actor: Actor, *, commands: Sequence[Command], now: datetime) -> list[Outcome]:
    """Answers of all commands in their order; refusals stand in the list. Durable when it returns.

    All commands of a chunk of 1,000 are one transaction. Inside somebody's Django transaction it is part of that.
    """
    require(actor, Permission.WORK_LOYALTY)
    programme = programme_of(settings.WORKSPACE)
    answers: list[Outcome] = []
    for start in range(0, len(commands), _CHUNK):
        chunk = commands[start : start + _CHUNK]
        answers += write_batch(chunk, programme=programme, now=now, actors=[actor.name] * len(chunk))
    return answers


def write_batch(
    commands: Sequence[Command],
    *,
    programme: Programme,
    now: datetime,
    actors: Sequence[str],
    door_of: Callable[[], Door] = places.door,
) -> list[Outcome]:
    """One transaction, tried again where another came in between, a bounded number of times; then `Busy`.

    Losing a race never becomes a refusal of another kind: each try reads everything anew.
    """
    for attempt in range(_TRIES):
        try:
            with collector_paused():
                return _write_once(door_of(), commands, programme=programme, now=now, actors=actors)
        except Again as again:
            _wait(attempt + (3 if isinstance(again, Lost) else 0))
    busy = Busy("The ledger is busy.", hint="Send the same request with the same key again.")
    return [busy] * len(commands)


def _wait(attempt: int) -> None:
    """A moment that grows, and differs between those who wait, so that they do not meet again."""
    if attempt:
        time.sleep((0.5 + random.SystemRandom().random()) * 0.002 * 2 ** min(attempt, 8))


def _write_once(
    door: Door, commands: Sequence[Command], *, programme: Programme, now: datetime, actors: Sequence[str]
) -> list[Outcome]:
    now = in_utc(now)
    answers = [_unsound(command, programme=programme) for command in commands]
    sound = [command for command, refusal in zip(commands, answers, strict=True) if refusal is None]
    if not sound:
        return [answer for answer in answers if answer is not None]
    names = iter([actor for actor, refusal in zip(actors, answers, strict=True) if refusal is None])
    try:
        loaded = _opened(door, sound, programme=programme, now=now)
        stored = Stored()
        shelf = open_shelf(door, sound, books=loaded.books)
        over = _let_go(loaded, stored)
        answered = iter([_answer(loaded, stored, command=command, actor=next(names), shelf=shelf) for command in sound])
        batch = batch_of(stored, loaded) if len(stored.txns) > over else Batch()
        if shelf is not None:
            add_rows(shelf, batch)
        if batch.inserts or batch.updates:
            door.store(batch)
        door.commit()
    except BaseException:
        door.rollback()
        raise
    return [next(answered) if answer is None else answer for answer in answers]


def _opened(door: Door, commands: Sequence[Command], *, programme: Programme, now: datetime) -> Loaded:
    """A transaction with all that the commands need; begun anew where more must be locked than they say."""
    needs = wanted(commands, programme=programme.code)
    while True:
        door.begin()
        try:
            return load(door, needs, programme=programme, now=now)
        except Wider as wider:
            door.rollback()
            needs.held += wider.codes


def _unsound(command: Command, *, programme: Programme) -> Outcome | None:
    """A refusal of what no honest client sends."""
    try:
        check(command, programme=programme)
        if not isinstance(command, _PLAIN):
            counter.check_perks(command)
    except ShukeError as refusal:
        return refusal
    return None


def _let_go(loaded: Loaded, stored: Stored) -> int:
    """Gives back the points of holds that are over, each in a transaction of its own; how many there were."""
    books, count = loaded.books, 0
    for hold in list(books.holds.values()):
        if hold.state != "open" or hold.expires_at > books.now:
            continue
        touched = [books.accounts.get(account) for account in {hold.account, *(part.account for part in hold.parts)}]
        if any(one is None or one.frozen_reason for one in touched):
            continue
        change = time_out(hold)
        request = Request(
            kind="time_out",
            client=_OWN,
            key=f"time_out:{hold.id}",
            request_hash="",
            at=hold.expires_at,
            business_on=local_day(hold.expires_at, zone=books.programme.zone),
            actor=_OWN,
        )
        _enter(loaded, stored, change=change, request=request, member=books.accounts[hold.account].member)
        count += 1
    return count


def _answer(loaded: Loaded, stored: Stored, *, command: Command, actor: str, shelf: Shelf | None) -> Outcome:
    """The first answer again, a new one, or a refusal that leaves no trace."""
    books, request = loaded.books, request_hash(command)
    known = loaded.answers.get((command.client, command.key))
    if known is not None:
        if known[0] != request:
            return KeyReused(
                f"The key {command.key} was used for another request.", hint="Give each request its own key."
            )
        return Answer(**known[1])
    try:
        check_clock(command, programme=books.programme, now=books.now, today=books.today)
        if not books.txn:
            books.txn = next(loaded.txn_ids)
        change = decide(books, command)
        perks = _perks(shelf, command, books=books, change=change) if shelf is not None else None
    except ShukeError as refusal:
        if shelf is not None:
            counter.refuse(shelf, command, error=refusal, account=books.members.get(getattr(command, "member", "")))
        return refusal
    if shelf is not None and perks is not None:
        counter.apply(shelf, perks)
        change.details.update(perks.details)
    at = in_utc(command.at)
    asked = Request(
        kind=command.kind,
        client=command.client,
        key=command.key,
        request_hash=request,
        at=at,
        business_on=getattr(command, "bought_on", None) or local_day(at, zone=books.programme.zone),
        actor=actor,
        store=getattr(command, "store", ""),
        channel=getattr(command, "channel", ""),
        reason=getattr(command, "reason", ""),
    )
    return _enter(loaded, stored, change=change, request=asked, member=getattr(command, "member", ""))


def _perks(shelf: Shelf, command: Command, *, books: Books, change: Change) -> PerkChange | None:
    """What the command does to coupons and benefits besides; raises refusals."""
    before = books.holds.get(command.code) if isinstance(command, Capture | Release) else change.hold
    if not counter.needs_shelf(command, hold=before):
        return None
    root = books.accounts[change.account].group
    who = Who(change.account, tuple(books.groups[root]), standing_of(books, root).tier, books.txn)
    sides = [side for side in (change.earning, change.burning) if side is not None]
    is_whole = bool(sides) and all(side.refunded_minor >= side.amount_minor for side in sides)
    return counter.decide(shelf, command, who=who, hold=before, is_whole=is_whole)


def _enter(loaded: Loaded, stored: Stored, *, change: Change, request: Request, member: str) -> Answer:
    """Posts a change, makes its answer and notes its rows."""
    books = loaded.books
    txn = books.txn or next(loaded.txn_ids)
    books.txn = 0
    known = books.standings.get(change.account)
    post(books, change)
    keep(books, change, known=known)
    root = books.accounts[change.account].group
    shown = balance(books, root)
    answer = Answer(
        txn=txn,
        member=member or books.accounts[change.account].member,
        kind=request.kind,
        points=change.points,
        balance={
            "available": shown.available,
            "pending": shown.pending,
            "held": shown.held,
            "owed": shown.owed,
            "expired": shown.expired,
        },
        tier=standing_of(books, root).tier,
        details=change.details,
    )
    said = answer.document
    note(stored, loaded, change=change, request=request, answer=to_json(said), txn=txn)
    loaded.answers[(request.client, request.key)] = (request.request_hash, said)
    return answer
