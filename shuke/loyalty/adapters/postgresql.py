"""The ledger's door to PostgreSQL: read committed with row locks, lists as arrays, each step one pipelined exchange."""

import json
import logging
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import errors

from shuke.loyalty.adapters.columns import Table
from shuke.loyalty.adapters.doors import Again, Batch, Lost, Question, Row

# Every statement here finds rows by an index, however empty the tables were when its plan was made.
_START = """
set timezone = 'UTC'; set synchronous_commit = on; set enable_seqscan = off; set enable_hashjoin = off;
set enable_mergejoin = off; set plan_cache_mode = force_generic_plan; set jit = off;
set enable_bitmapscan = off; set enable_material = off
"""
_RETRIED = (errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation)
_MORE = 200
_APART = "\x1f"
# The driver warns of each statement that follows a failed one in a pipeline; the failure itself is raised.
logging.getLogger("psycopg").setLevel(logging.ERROR)


def connect(settings: dict[str, Any]) -> "psycopg.Connection[Row]":
    """A connection of the ledger's own from Django's description of the database. Raises `Lost`."""
    options = {
        key: value for key, value in settings.get("OPTIONS", {}).items() if key not in ("pool", "isolation_level")
    }
    try:
        connection = psycopg.connect(
            dbname=settings["NAME"],
            user=settings["USER"] or None,
            password=settings["PASSWORD"] or None,
            host=settings["HOST"] or None,
            port=settings["PORT"] or None,
            autocommit=True,
            **options,
        )
        connection.execute(_START, prepare=False)
    except psycopg.OperationalError as away:
        raise Lost("The database does not answer.", hint="Is it running? The same request may be sent again.") from away
    connection.prepare_threshold = 1
    return connection


class PostgresDoor:
    """See `doors.Door`. With `inside` the connection is somebody else's, in whose transaction a savepoint is made."""

    engine = "postgresql"

    def __init__(self, connection: Any, *, inside: bool = False) -> None:
        self.connection = connection
        self._inside = inside
        self._waiting: list[tuple[str, list[object]]] = []

    @property
    def is_broken(self) -> bool:
        """Whether the connection is of no more use."""
        return bool(self.connection.closed or self.connection.broken)

    def begin(self) -> None:
        """Starts a transaction."""
        self._waiting = [("savepoint ledger" if self._inside else "begin", [])]

    def lock(self, question: Question) -> list[int]:
        """Locks balances in id order."""
        (rows,) = self.ask([question])
        return [row[0] for row in rows]

    def ask(self, questions: Sequence[Question]) -> list[list[Row]]:
        """All answers, in their order."""
        answers = self._exchange([_put(question) for question in questions])
        return [_decoded(question.decode, rows) for question, rows in zip(questions, answers, strict=True)]

    def next_ids(self, table: str, *, count: int) -> Question:
        """Asks for new ids."""
        sql = "select nextval({?}::regclass) from generate_series(1, {?})"
        return Question(sql, (f"{table}_id_seq", count), "i")

    def ids(self, table: str, *, answer: list[Row]) -> Iterator[int]:
        """Those ids, then more."""
        while True:
            yield from (row[0] for row in answer)
            (answer,) = self.ask([self.next_ids(table, count=_MORE)])

    def store(self, batch: Batch) -> None:
        """Writes all rows."""
        inserts = [(_insert(table), _arrays(table, rows)) for table, rows in batch.inserts]
        updates = [(_update(table), _arrays(table, rows)) for table, rows in batch.updates]
        self._waiting += [*inserts, *updates]

    def commit(self) -> None:
        """Ends the transaction, durably."""
        self._waiting.append(("release savepoint ledger" if self._inside else "commit", []))
        self._exchange([])

    def rollback(self) -> None:
        """Ends the transaction without a trace."""
        begun = not self._waiting or self._waiting[0][0] not in ("begin", "savepoint ledger")
        self._waiting = []
        if not begun or self.is_broken:
            return
        for step in ("rollback to savepoint ledger", "release savepoint ledger") if self._inside else ("rollback",):
            self._exchange([(step, [])])

    def cursor(self) -> Any:
        """A plain cursor inside the transaction."""
        self._exchange([])
        return psycopg.Cursor(self.connection)

    def close(self) -> None:
        """Gives the connection back."""
        if not self._inside:
            self.connection.close()

    def _exchange(self, statements: list[tuple[str, list[object]]]) -> list[list[Row]]:
        """Sends what waits and `statements` in one go; gives the rows of the latter."""
        sent, self._waiting = [*self._waiting, *statements], []
        skipped = len(sent) - len(statements)
        if not sent:
            return []
        try:
            with self.connection.pipeline():
                cursors = []
                for sql, parameters in sent:
                    cursor = psycopg.Cursor(self.connection)
                    cursor.execute(sql, parameters)
                    cursors.append(cursor)
            return [cursor.fetchall() if cursor.description else [] for cursor in cursors[skipped:]]
        except _RETRIED as error:
            raise Again(str(error)) from error
        except psycopg.OperationalError as error:
            if self.is_broken:
                raise Lost(str(error)) from error
            raise


def _put(question: Question) -> tuple[str, list[object]]:
    parameters: list[object] = []
    for value in question.parameters:
        if isinstance(value, list) and value and isinstance(value[0], tuple):
            parameters += [_array("text", [one for one, _ in value]), _array("text", [other for _, other in value])]
        elif isinstance(value, list):
            parameters.append(_array("bigint" if value and isinstance(value[0], int) else "text", value))
        else:
            parameters.append(value)
    return _sql(question.sql), parameters


@lru_cache(maxsize=512)
def _sql(text: str) -> str:
    return (
        text.replace("{=numbers}", "= any(%s::bigint[])")
        .replace("{=texts}", "= any(%s::text[])")
        .replace("{numbers k}", "unnest(%s::bigint[]) k(id)")
        .replace("{pairs k}", "unnest(%s::text[], %s::text[]) k(a, b)")
        .replace("{each part of o}", "jsonb_array_elements(o.parts) p")
        .replace("{each part of h}", "jsonb_array_elements(h.parts) p")
        .replace("{account of part}", "(p.value ->> 2)::bigint")
        .replace("{json}", "::text")
        .replace("{lock}", "for no key update of b")
        .replace("{?}", "%s")
    )


def _decoded(decode: str, rows: list[Row]) -> list[Row]:
    places = [place for place, kind in enumerate(decode) if kind == "j"]
    if not places:
        return rows
    found = []
    for row in rows:
        values = list(row)
        for place in places:
            values[place] = json.loads(values[place])
        found.append(tuple(values))
    return found


@lru_cache(maxsize=64)
def _insert(table: Table) -> str:
    lists = ", ".join(f"%s::{kind}[]" for kind in table.types)
    return f"insert into {table.name} ({', '.join(table.names)}) select * from unnest({lists})"


@lru_cache(maxsize=64)
def _update(table: Table) -> str:
    sets = ", ".join(f"{name} = v.{name}" for name in table.sets)
    found = " and ".join(f"t.{name} = v.{name}" for name in table.keys)
    lists = ", ".join(f"%s::{kind}[]" for kind in table.types)
    return f"update {table.name} t set {sets} from unnest({lists}) v ({', '.join(table.names)}) where {found}"


def _arrays(table: Table, rows: list[Row]) -> list[object]:
    return [_array(kind, column) for kind, column in zip(table.types, zip(*rows, strict=True), strict=True)]


def _array(kind: str, values: Sequence[Any]) -> str:
    """A list as PostgreSQL writes arrays: built here, for the driver's own way costs as much as the write."""
    if kind == "bigint":
        return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"
    if kind in ("timestamptz", "date"):
        texts = {value: "NULL" if value is None else f'"{value}"' for value in set(values)}
        return "{" + ",".join([texts[value] for value in values]) + "}"
    if not values:
        return "{}"
    if None in values:
        return "{" + ",".join(["NULL" if value is None else _escaped([value]) for value in values]) + "}"
    return "{" + _escaped(values) + "}"


def _escaped(texts: Sequence[str]) -> str:
    """Texts between quotes and commas; all at once where none holds the sign that parts them here."""
    joined = _APART.join(texts)
    if joined.count(_APART) != len(texts) - 1:
        return ",".join(_escaped([text]) for text in texts) if len(texts) > 1 else f'"{_marked(texts[0])}"'
    return f'"{_marked(joined)}"'.replace(_APART, '","')


def _marked(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
