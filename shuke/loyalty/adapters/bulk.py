"""Very many rows into the database at once: COPY on PostgreSQL, one statement run many times on SQLite."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection

from shuke.lake.rules import literal

_BLOCK = 1 << 20
_GAP = 10_000
# Any number: it only keeps two bulk jobs from reserving at the same time.
_LOCK = 7_105_108
Cursor = Any


def is_postgresql() -> bool:
    """Whether the workspace lives on a PostgreSQL server."""
    return connection.vendor == "postgresql"


def reserve(cursor: Cursor, *, table: str, rows: int) -> int:
    """The first of `rows` ids of `table` in a row that nobody else will be given.

    On SQLite call it inside the write transaction. On PostgreSQL the sequence jumps ahead by a gap that writers who
    draw from it at the same instant cannot use up.
    """
    if not is_postgresql():
        cursor.execute(f"select coalesce(max(id), 0) + 1 from {table}")
        return int(cursor.fetchall()[0][0])
    name = f"pg_get_serial_sequence('{table}', 'id')"
    cursor.execute(f"select pg_advisory_xact_lock({_LOCK}), nextval({name})")
    first = int(cursor.fetchall()[0][1]) + _GAP
    cursor.execute(f"select setval({name}, {first + rows})")
    cursor.fetchall()
    return first


def pour(cursor: Cursor, *, table: str, columns: Sequence[str], rows: "Rows", scratch: Path) -> int:
    """Writes the result of a statement of the engine into a table; returns how many rows."""
    if is_postgresql():
        return _copied(cursor, table=table, columns=columns, rows=rows, scratch=scratch)
    marks = ", ".join("?" for _ in columns)
    statement = f"insert into {table} ({', '.join(columns)}) values ({marks})"
    raw: sqlite3.Connection = cursor.connection
    written = 0
    result = rows.session.execute(rows.sql)
    for part in _parts(result.fetchmany):
        raw.executemany(statement, part)
        written += len(part)
    return written


class Rows:
    """A statement over the tables of an engine's session."""

    def __init__(self, session: duckdb.DuckDBPyConnection, *, sql: str) -> None:
        self.session = session
        self.sql = sql


def _parts(fetch: Callable[[int], list[Any]]) -> Iterator[list[Any]]:
    while part := fetch(10_000):
        yield part


def _copied(cursor: Cursor, *, table: str, columns: Sequence[str], rows: Rows, scratch: Path) -> int:
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        path = Path(folder) / "rows.csv"
        done = rows.session.execute(f"copy ({rows.sql}) to {literal(str(path))} (format csv, header false)")
        counted = done.fetchall()
        with path.open("rb") as file, cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin (format csv)") as to:
            while block := file.read(_BLOCK):
                to.write(block)
    return int(counted[0][0]) if counted else 0
