"""The ledger's door to SQLite: one immediate transaction at a time, every commit on the disk before it is answered."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import count as counting
from typing import Any

from shuke.loyalty.adapters.columns import Table
from shuke.loyalty.adapters.doors import Again, Batch, Question, Row

_WAIT_SECONDS = 20
_START = ("pragma journal_mode=wal", "pragma synchronous=full", "pragma foreign_keys=on", "pragma cache_size=-65536")
_BUSY = ("database is locked", "database table is locked")


def connect(path: str) -> sqlite3.Connection:
    """A connection for the ledger: durable, patient with other processes, with `sha256_hex` for chains in SQL."""
    connection = sqlite3.connect(
        path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    for pragma in _START:
        connection.execute(pragma)
    teach(connection)
    return connection


def teach(connection: sqlite3.Connection) -> None:
    """Gives a connection the function `sha256_hex(text)`."""
    connection.create_function("sha256_hex", 1, _sha256, deterministic=True)


class SqliteDoor:
    """See `doors.Door`. With `inside` the connection is somebody else's, in whose transaction a savepoint is made."""

    engine = "sqlite"

    def __init__(self, connection: sqlite3.Connection, *, inside: bool = False) -> None:
        self.connection = connection
        self._inside = inside

    @property
    def is_broken(self) -> bool:
        """Whether the connection is of no more use."""
        return False

    def begin(self) -> None:
        """Starts a transaction."""
        try:
            self.connection.execute("savepoint ledger" if self._inside else "begin immediate")
        except sqlite3.OperationalError as error:
            raise _again(error) from error

    def lock(self, question: Question) -> list[int]:
        """Locks balances in id order."""
        sql, parameters = _put(question)
        return [row[0] for row in self.connection.execute(sql, parameters)]

    def ask(self, questions: Sequence[Question]) -> list[list[Row]]:
        """All answers, in their order."""
        return [self._ask(question) for question in questions]

    def next_ids(self, table: str, *, count: int) -> Question:
        """Asks for new ids."""
        del count
        return Question(f"select coalesce(max(id), 0) from {table}", (), "i")

    def ids(self, table: str, *, answer: list[Row]) -> Iterator[int]:
        """Those ids, then more."""
        del table
        return counting(answer[0][0] + 1)

    def store(self, batch: Batch) -> None:
        """Writes all rows."""
        try:
            for table, rows in batch.inserts:
                self.connection.executemany(_insert(table), _encoded(table, rows))
            for table, rows in batch.updates:
                self.connection.executemany(_update(table), _encoded(table, rows))
        except sqlite3.IntegrityError as error:
            raise _again(error) from error

    def commit(self) -> None:
        """Ends the transaction, durably."""
        self.connection.execute("release ledger" if self._inside else "commit")

    def rollback(self) -> None:
        """Ends the transaction without a trace."""
        if self._inside:
            self.connection.execute("rollback to ledger")
            self.connection.execute("release ledger")
        elif self.connection.in_transaction:
            self.connection.execute("rollback")

    def cursor(self) -> sqlite3.Cursor:
        """A plain cursor inside the transaction."""
        return self.connection.cursor()

    def close(self) -> None:
        """Gives the connection back."""
        if not self._inside:
            self.connection.close()

    def _ask(self, question: Question) -> list[Row]:
        sql, parameters = _put(question)
        rows = self.connection.execute(sql, parameters).fetchall()
        readers = [(place, _READ[kind]) for place, kind in enumerate(question.decode) if kind != "i"]
        return [_read(row, readers) for row in rows] if readers else rows


def _again(error: sqlite3.Error) -> Exception:
    """A race for a unique key or for the file may be tried again; anything else is a fault."""
    text = str(error)
    if text.startswith("UNIQUE constraint failed") or text in _BUSY:
        return Again(text)
    return error


def _put(question: Question) -> tuple[str, list[object]]:
    return _sql(question.sql), [_parameter(value) for value in question.parameters]


@lru_cache(maxsize=512)
def _sql(text: str) -> str:
    return (
        text.replace("{=numbers}", "in (select value from json_each(?))")
        .replace("{=texts}", "in (select value from json_each(?))")
        .replace("{numbers k}", "(select value as id from json_each(?)) k")
        .replace("{pairs k}", "(select value ->> 0 as a, value ->> 1 as b from json_each(?)) k")
        .replace("{each part of o}", "json_each(o.parts) p")
        .replace("{each part of h}", "json_each(h.parts) p")
        .replace("{account of part}", "p.value ->> 2")
        .replace("{json}", "")
        .replace("{lock}", "")
        .replace("{?}", "?")
    )


def _parameter(value: object) -> object:
    if isinstance(value, list):
        return json.dumps(value)
    return text_of(value) if isinstance(value, datetime) else value


def text_of(at: datetime) -> str:
    """An instant as Django stores it: UTC, without a fraction where it is whole, so that texts compare as instants."""
    return str(at)[:-6]


def _read(row: Row, readers: list[tuple[int, Any]]) -> Row:
    values = list(row)
    for place, reader in readers:
        if values[place] is not None:
            values[place] = reader(values[place])
    return tuple(values)


def _instant(value: str | datetime) -> datetime:
    """Django's own connections read instants and days already."""
    return (value if isinstance(value, datetime) else datetime.fromisoformat(value)).replace(tzinfo=UTC)


def _day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


_READ = {"t": _instant, "d": _day, "j": json.loads}


@lru_cache(maxsize=64)
def _insert(table: Table) -> str:
    return f"insert into {table.name} ({', '.join(table.names)}) values ({', '.join('?' * len(table.names))})"


@lru_cache(maxsize=64)
def _update(table: Table) -> str:
    sets = ", ".join(f"{name} = ?" for name in table.sets)
    return f"update {table.name} set {sets} where {' and '.join(f'{name} = ?' for name in table.keys)}"


def _encoded(table: Table, rows: list[Row]) -> Iterator[Row]:
    """JSON goes as text already; instants and days are written as Django writes them."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for place, kind in enumerate(table.types):
        if kind in ("timestamptz", "date"):
            cut = -6 if kind == "timestamptz" else None
            texts = {value: None if value is None else str(value)[:cut] for value in set(columns[place])}
            columns[place] = [texts[value] for value in columns[place]]
    return zip(*columns, strict=True)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
