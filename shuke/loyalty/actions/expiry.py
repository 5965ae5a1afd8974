"""Writing down what is over already: points of lots past their end, and holds whose time is out.

No balance depends on it; finance's books do. Each chunk takes some accounts, in id order and for a moment, so that
tills work on meanwhile; a job that is stopped goes on with the next run.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.workspace import Workspace
from shuke.loyalty.adapters.columns import BALANCES, ENTRIES, FACTS, HOLDS, LOTS, TXNS
from shuke.loyalty.adapters.doors import Again, Batch, Door, Question, Row
from shuke.loyalty.adapters.places import door as open_here
from shuke.loyalty.adapters.programme import programme as programme_of
from shuke.loyalty.rules.sealing import sealed, sealed_text
from shuke.loyalty.values.ledger import EXPIRED, FREE, HELD, Posting

CLIENT = "shuke"
Progress = Callable[[str], None]
# Lots looked at and holds let go in one transaction: a tenth of a second on a server.
_CHUNK = 2_000
_SHEAF = 200
_TRIES = 10
_BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
_DUE_LOTS = """
select l.id, l.account_id, l.expires_at from loyalty_lot l join loyalty_account a on a.id = l.account_id
where l.free > 0 and l.expires_at <= {?} and a.frozen_reason = '' and (l.expires_at, l.id) > ({?}, {?})
order by l.expires_at, l.id limit {?}
"""
_DUE_HOLDS = """
select h.id, h.account_id, h.expires_at from loyalty_hold h join loyalty_account a on a.id = h.account_id
where h.state = 'open' and h.expires_at <= {?} and a.frozen_reason = '' and (h.expires_at, h.id) > ({?}, {?})
order by h.expires_at, h.id limit {?}
"""
_LOCK = "select b.account_id from loyalty_balance b where b.account_id {=numbers} order by b.account_id {lock}"
_BALANCES = """
select account_id, free, held, owed, issued, clawed, burned, returned, expired, transferred, head
from loyalty_balance where account_id {=numbers}
"""
_LOTS = """
select id, account_id, free, held, expired, expires_at from loyalty_lot
where account_id {=numbers} and free > 0 and expires_at <= {?} order by expires_at, account_id, id
"""
_HOLDS = """
select id, account_id, parts{json}, expires_at from loyalty_hold
where id {=numbers} and state = 'open' and expires_at <= {?} order by expires_at, id
"""
_LOTS_OF_HOLDS = "select id, account_id, free, held, expired, expires_at from loyalty_lot where id {=numbers}"
_TOUCHED = "select account_id, parts{json} from loyalty_hold where id {=numbers}"
_FROZEN = "select id from loyalty_account where id {=numbers} and frozen_reason <> ''"


@dataclass(frozen=True)
class ExpiryReport:
    """What a run wrote down: lots and points that ended, holds whose time was out, and how long it took."""

    lots: int
    points: int
    holds: int
    seconds: float


def expire_points(actor: Actor, *, workspace: Workspace, now: datetime, progress: Progress) -> ExpiryReport:
    """Posts every hold and every lot that is over at `now`, each dated at its own end. Frozen accounts wait."""
    require(actor, Permission.MANAGE_PROGRAMME)
    started = time.monotonic()
    zone = ZoneInfo(programme_of(workspace).zone)
    door = open_here()
    holds = lots = points = 0
    for chunk in _due(door, sql=_DUE_HOLDS, now=now):
        holds += _repeated(door, partial(_let_go, door, chunk, now=now, zone=zone))[0]
    for chunk in _due(door, sql=_DUE_LOTS, now=now):
        accounts = sorted({row[1] for row in chunk})
        ended = _repeated(door, partial(_expire, door, accounts, now=now, zone=zone))
        lots, points = lots + ended[0], points + ended[1]
        progress(f"{lots:,} lots, {points:,} points")
    return ExpiryReport(lots, points, holds, time.monotonic() - started)


def _due(door: Door, *, sql: str, now: datetime) -> Iterator[list[Row]]:
    """What is due, the earliest first, in parts; what becomes due meanwhile waits for the next run."""
    last: tuple[datetime, int] = (_BEFORE_ALL, 0)
    while True:
        (rows,) = door.ask([Question(sql, (now, *last, _CHUNK), "iit")])
        if not rows:
            return
        yield rows
        last = (rows[-1][2], rows[-1][0])


def _let_go(door: Door, due: list[Row], *, now: datetime, zone: ZoneInfo) -> tuple[int, int]:
    return _Chunk(door, now=now, zone=zone).let_go(due)


def _expire(door: Door, accounts: list[int], *, now: datetime, zone: ZoneInfo) -> tuple[int, int]:
    return _Chunk(door, now=now, zone=zone).expire(accounts)


def _repeated(door: Door, work: Callable[[], tuple[int, int]]) -> tuple[int, int]:
    for tried in range(_TRIES):
        try:
            door.begin()
            done = work()
            door.commit()
        except Again:
            door.rollback()
            if tried == _TRIES - 1:
                raise
        except BaseException:
            door.rollback()
            raise
        else:
            return done
    return 0, 0


class _Chunk:
    """One transaction: balances are locked, then rows are computed and stored together."""

    def __init__(self, door: Door, *, now: datetime, zone: ZoneInfo) -> None:
        self._door = door
        self._now = now
        self._zone = zone
        self._balances: dict[int, list[Any]] = {}
        self._txns: list[Row] = []
        self._entries: list[Row] = []
        self._lots: dict[int, Row] = {}
        self._told: list[list[Any]] = []

    def expire(self, accounts: list[int]) -> tuple[int, int]:
        """Posts the lots of some accounts that are over; returns lots and points."""
        self._lock(accounts)
        (lots,) = self._door.ask([Question(_LOTS, (accounts, self._now), "iiiiit")])
        if not lots:
            return 0, 0
        ids = self._ids(len(lots))
        points = 0
        for (at, account), group in groupby(lots, key=lambda row: (row[5], row[1])):
            postings = []
            for lot, _, free, held, expired, _ in group:
                postings.append(Posting(account, lot, FREE, EXPIRED, free, at))
                self._lots[lot] = (0, held, expired + free, lot)
                points += free
            txn = next(ids)
            self._post(txn, account=account, kind="expire", key=f"expire:{txn}", at=at, postings=postings)
        self._store(holds=[])
        return len(lots), points

    def let_go(self, due: list[Row]) -> tuple[int, int]:
        """Posts holds whose time was out; returns how many, and their points."""
        numbers = [row[0] for row in due]
        (rows,) = self._door.ask([Question(_TOUCHED, (numbers,), "ij")])
        touched = sorted({row[0] for row in rows} | {int(part[2]) for row in rows for part in row[1]})
        self._lock(touched)
        found, closed = self._door.ask(
            [Question(_HOLDS, (numbers, self._now), "iijt"), Question(_FROZEN, (touched,), "i")]
        )
        frozen = {row[0] for row in closed}
        holds = [hold for hold in found if not frozen & {hold[1], *(int(part[2]) for part in hold[2])}]
        if not holds:
            return 0, 0
        wanted = sorted({int(part[0]) for hold in holds for part in hold[2]})
        (rows,) = self._door.ask([Question(_LOTS_OF_HOLDS, (wanted,), "iiiiit")])
        stands = {row[0]: [row[2], row[3], row[4]] for row in rows}
        ids = self._ids(len(holds))
        points = 0
        for number, account, parts, at in holds:
            postings = []
            for lot, moved, owner, *_ in parts:
                postings.append(Posting(owner, lot, HELD, FREE, moved, at))
                stands[lot][0] += moved
                stands[lot][1] -= moved
                self._lots[lot] = (*stands[lot], lot)
                points += moved
            self._post(next(ids), account=account, kind="time_out", key=f"time_out:{number}", at=at, postings=postings)
        self._store(holds=[("timed_out", hold[0]) for hold in holds])
        return len(holds), points

    def _ids(self, count: int) -> Iterator[int]:
        (answer,) = self._door.ask([self._door.next_ids("loyalty_txn", count=count)])
        return self._door.ids("loyalty_txn", answer=answer)

    def _lock(self, accounts: list[int]) -> None:
        self._door.lock(Question(_LOCK, (accounts,), "i"))
        (rows,) = self._door.ask([Question(_BALANCES, (accounts,), "iiiiiiiiiii")])
        self._balances = {row[0]: list(row[1:]) for row in rows}

    def _post(self, txn: int, *, account: int, kind: str, key: str, at: datetime, postings: list[Posting]) -> None:
        """One transaction of an account's chain, dated at the end that it writes down."""
        for posting in postings:
            self._balances[posting.account][_PLACES[posting.source]] -= posting.points
            self._balances[posting.account][_PLACES[posting.target]] += posting.points
        points = -sum(posting.points for posting in postings) if kind == "expire" else 0
        day, previous = at.astimezone(self._zone).date(), self._balances[account][-1]
        text = sealed_text(
            previous, head=(txn, account, kind, CLIENT, key, ""), at=at, recorded_at=self._now, business_on=day,
            order=("", ""), postings=postings,
        )  # fmt: skip
        seal = self._balances[account][-1] = sealed(text)
        answer = json.dumps({"txn": txn, "kind": kind, "points": points})
        self._txns.append(
            (txn, account, kind, CLIENT, key, "", answer, at, self._now, day, *[""] * 5, CLIENT, previous, seal)
        )
        self._entries += [(txn, p.account, p.lot, p.source, p.target, p.points, p.at) for p in postings]
        self._told.append([txn, account, points, f"{at:%Y-%m-%dT%H:%M:%SZ}"])

    def _store(self, *, holds: list[Row]) -> None:
        touched = {row[1] for row in self._txns} | {row[1] for row in self._entries}
        balances = [(*self._balances[account], account) for account in sorted(touched)]
        updates = [(LOTS.update(), list(self._lots.values())), (BALANCES.update(), balances)]
        if holds:
            updates.append((HOLDS.update(), holds))
        kind = self._txns[0][2]
        facts = []
        for start in range(0, len(self._told), _SHEAF):
            part = self._told[start : start + _SHEAF]
            told = {"kind": kind, "fields": ["txn", "account", "points", "at"], "rows": part}
            facts.append(
                (f"loyalty.{kind}_many", f"many:{part[0][0]}", part[0][1], json.dumps(told), self._now, self._now)
            )
        inserts = [(TXNS, self._txns), (FACTS, facts), *([(ENTRIES, self._entries)] if self._entries else [])]
        updates = [(table, rows) for table, rows in updates if rows]
        self._door.store(Batch(inserts=inserts, updates=updates))


# Where a book stands in a balance's row.
_PLACES = {FREE: 0, HELD: 1, EXPIRED: 7}
