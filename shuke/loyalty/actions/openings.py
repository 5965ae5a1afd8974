"""Opening balances from a file: checked whole before anything is written, written in chunks that each stand or fall.

A load that was killed goes on where it stopped when it is run again with the same file: each chunk commits with its
keys, and nothing is written twice.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.loyalty.adapters import bulk, opening_rows
from shuke.loyalty.adapters.opening_files import OpeningFile, mark_of, opening_file
from shuke.loyalty.adapters.opening_rows import CLIENT, Chunk, Terms
from shuke.loyalty.adapters.programme import programme as programme_of
from shuke.loyalty.rules.validity import expires_at, months_later, starts_at
from shuke.loyalty.values.ledger import Programme
from shuke.loyalty.values.openings import OpeningReport, OpeningRequest, OpeningTotals

__all__ = ["OpeningNotEqual", "TotalsDiffer", "load_openings", "mark_of"]
Progress = Callable[[str], None]
# Members a transaction. SQLite has one writer: tills wait as long as a chunk takes.
_CHUNK_SERVER = 250_000
_CHUNK_FILE = 20_000
_ASKED = 10_000
Rest = list[tuple[Any, ...]]


class TotalsDiffer(ShukeError):
    """The file's good rows do not add up to the control totals; nothing was written."""


class OpeningNotEqual(ShukeError):
    """What the database holds after a chunk is not what the file says; the chunk was taken back."""


def load_openings(
    actor: Actor, *, workspace: Workspace, request: OpeningRequest, now: datetime, progress: Progress
) -> tuple[OpeningReport, Rest]:
    """Opens an account for every member of the file, with points, growth and tier.

    Gives the report and the rows (member_no, place, points, last day) of members who have an account already, which
    the caller posts one by one. Raises `TotalsDiffer` before anything is written, `BadOpeningFile`.
    """
    require(actor, Permission.MANAGE_PROGRAMME)
    started = time.monotonic()
    settings = programme_of(workspace)
    instant = now.replace(microsecond=0)
    today = instant.astimezone(ZoneInfo(settings.zone)).date()
    tiers = _tiers(settings)
    told = tuple(name for name, _ in tiers)
    with opening_file(workspace, path=request.path, expires_on=request.expires_on, today=today, tiers=told) as file:
        aside, bad = _set_aside(workspace, file=file, path=request.path), file.bad()
        found = file.totals()
        _compare(found, request=request, bad=bad, aside=aside)
        rows = file.rows()
        terms = Terms(
            mark=file.mark,
            programme=settings.code,
            actor=actor.name,
            now=instant,
            today=today,
            since=starts_at(today, zone=settings.zone),
            until=starts_at(months_later(today, settings.perks.ladder.months), zone=settings.zone),
        )
        days = {day: expires_at(day, zone=settings.zone) for day in opening_rows.last_days(file.cursor)}
        ends = {day: None if end is None else opening_rows.stored(end) for day, end in days.items()}
        opening_rows.prepare(file.cursor, ends=ends, tiers=tiers)
        loaded, rest = _load(file, terms=terms, workspace=workspace, progress=progress)
        known = found.members - loaded - len({row[0] for row in rest})
    report = OpeningReport(
        rows, found.points, found.members, bad, aside, loaded, known, time.monotonic() - started
    )  # fmt: skip
    told_of = {"rows": rows, "points": found.points, "members": found.members, "loaded": loaded, "known": known}
    note(actor, "load_openings", object_type="opening_file", object_id=terms.mark, quarantined=bad, **told_of)
    return report, rest


def _tiers(settings: Programme) -> list[tuple[str, str]]:
    """Every way to write a tier, and its code."""
    named = [(name, tier.code) for tier in settings.perks.ladder.tiers for name in (tier.code, tier.zh, tier.en)]
    return list(dict(named).items())


def _set_aside(workspace: Workspace, *, file: OpeningFile, path: Path) -> Path | None:
    if not file.bad():
        return None
    aside = workspace.quarantine / f"openings-{file.mark}-{path.stem}.csv"
    file.write_bad(aside)
    return aside


def _compare(found: OpeningTotals, *, request: OpeningRequest, bad: dict[str, int], aside: Path | None) -> None:
    if found == request.totals:
        return
    put = f" {sum(bad.values()):,} rows are put aside in {aside}." if aside else ""
    raise TotalsDiffer(
        f"The file's good rows hold {found.points:,} points of {found.members:,} members; the control totals say"
        f" {request.totals.points:,} of {request.totals.members:,}. Nothing was written.{put}",
        hint="Mend the file, or give the totals of the rows that are to be loaded.",
    )


def _load(file: OpeningFile, *, terms: Terms, workspace: Workspace, progress: Progress) -> tuple[int, Rest]:
    """Writes chunk by chunk, two at a time on a server; returns members written and the rows of known members."""
    size = _CHUNK_SERVER if bulk.is_postgresql() else _CHUNK_FILE
    total = file.totals().members
    job = _Job(file, terms=terms, scratch=workspace.scratch)
    loaded, rest, done = 0, Rest(), 0
    for members, more in _each(job, chunks=_chunks(total, size=size)):
        loaded, done = loaded + members, done + 1
        rest += more
        progress(f"{min(done * size, total):,} of {total:,} members")
    return loaded, rest


def _each(job: "_Job", *, chunks: Sequence[Chunk]) -> Iterator[tuple[int, Rest]]:
    if not bulk.is_postgresql() or len(chunks) < 2:
        yield from map(job.run, chunks)
        return
    with ThreadPoolExecutor(max_workers=2) as workers:
        yield from workers.map(job.run_alone, chunks)


def _chunks(members: int, *, size: int) -> list[Chunk]:
    return [Chunk(first, min(first + size - 1, members)) for first in range(1, members + 1, size)]


class _Job:
    """One load: writes a chunk in one transaction, again with a look at known members where somebody enrolled."""

    def __init__(self, file: OpeningFile, *, terms: Terms, scratch: Path) -> None:
        self._file = file
        self._terms = terms
        self._scratch = scratch
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from (select 1 from loyalty_account limit 1) a")
            self._some_known = bool(cursor.fetchall()[0][0])

    def run_alone(self, chunk: Chunk) -> tuple[int, Rest]:
        """As `run`, on a connection of this thread that is given back."""
        try:
            return self.run(chunk)
        finally:
            connection.close()

    def run(self, chunk: Chunk) -> tuple[int, Rest]:
        """Members written, and the rows of members with an account that this load has not written."""
        try:
            return self._written(chunk, look=self._some_known)
        except IntegrityError:  # a till enrolled one of them a moment ago
            return self._written(chunk, look=True)

    def _written(self, chunk: Chunk, *, look: bool) -> tuple[int, Rest]:
        session = self._file.session()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                known, rest = self._known(session, cursor=cursor, chunk=chunk) if look else ([], Rest())
                return self._pour(session, cursor=cursor, chunk=chunk, known=known), rest
        finally:
            session.close()

    def _known(self, session: Any, *, cursor: Any, chunk: Chunk) -> tuple[list[str], Rest]:
        wanted = opening_rows.members(session, chunk=chunk)
        known = _found(
            cursor, sql="select member_no from loyalty_account where programme = %s and member_no", values=wanted,
            first=self._terms.programme,
        )  # fmt: skip
        rows = opening_rows.rows_of(session, members=known) if known else []
        keys = {f"{self._terms.mark}:{row[0]}:{row[1]}": row for row in rows}
        sql = "select key from loyalty_txn where client = %s and key"
        posted = set(_found(cursor, sql=sql, values=list(keys), first=CLIENT))
        return known, [row for key, row in keys.items() if key not in posted]

    def _pour(self, session: Any, *, cursor: Any, chunk: Chunk, known: Sequence[str]) -> int:
        """Writes the chunk's rows and compares what the database then holds."""
        count = session.execute(
            f"select count(*) from opening_placed where m between {chunk.first} and {chunk.last}"
        ).fetchall()[0][0]
        firsts = {
            name: bulk.reserve(cursor, table=f"loyalty_{name}", rows=count)
            for name in ("account", "txn", "lot", "entry")
        }
        members, points = opening_rows.take(session, chunk=replace(chunk, **firsts), terms=self._terms, known=known)
        if not members:
            return 0
        for table, columns, sql in opening_rows.statements(self._terms):
            rows = bulk.Rows(session, sql=sql)
            bulk.pour(cursor, table=table, columns=columns, rows=rows, scratch=self._scratch)
        _check(cursor, firsts=firsts, count=count, members=members, points=points)
        return members


def _check(cursor: Any, *, firsts: dict[str, int], count: int, members: int, points: int) -> None:
    """Lots, entries and balances of the ids just given hold what the chunk holds."""
    held = []
    for table, column, key in (("lot", "free", "id"), ("entry", "points", "id"), ("balance", "free", "account_id")):
        first = firsts["account" if table == "balance" else table]
        cursor.execute(
            f"select coalesce(sum({column}), 0), count(*) from loyalty_{table} where {key} >= %s and {key} < %s",
            [first, first + count],
        )
        held.append(cursor.fetchall()[0])
    if {int(row[0]) for row in held} != {points} or int(held[2][1]) != members:
        raise OpeningNotEqual(
            f"The database holds {held}, the file {points} points of {members} members.", hint="Tell who keeps it."
        )


def _found(cursor: Any, *, sql: str, values: Sequence[str], first: str) -> list[str]:
    """The values of many that a query knows."""
    found: list[str] = []
    for start in range(0, len(values), _ASKED):
        part = list(values[start : start + _ASKED])
        if bulk.is_postgresql():
            cursor.execute(f"{sql} = any(%s)", [first, part])
        else:
            cursor.execute(f"{sql} in ({', '.join('%s' for _ in part)})", [first, *part])
        found += [row[0] for row in cursor.fetchall()]
    return found
