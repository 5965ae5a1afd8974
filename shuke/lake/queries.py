"""Reads of the lake: the catalog of tables and a `Reader` for one actor on one generation."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from shuke.kernel.actor import Actor
from shuke.kernel.errors import NotAllowed, ShukeError
from shuke.kernel.workspace import Workspace
from shuke.lake import adapters, rules
from shuke.lake.models import Generation
from shuke.lake.values import Scope, TableSpec

Row = dict[str, Any]


class NotBuilt(ShukeError):
    """A table has not been computed yet."""


@lru_cache(maxsize=1)
def specs() -> Mapping[str, TableSpec]:
    """Every table of the house by name, from `shuke/*/tables/*.sql`."""
    rooms = Path(__file__).parent.parent
    found: dict[str, TableSpec] = {}
    for path in sorted(rooms.glob("*/tables/*.sql")):
        spec = rules.parse_spec(path, room=path.parent.parent.name)
        if spec.name in found:
            raise rules.BadModel(f"Two files declare table {spec.name}: {found[spec.name].path} and {path}.")
        found[spec.name] = spec
    return found


def current_generation() -> Generation | None:
    """The generation that readers see, or None in a workspace without data."""
    return Generation.objects.filter(is_current=True).first()


class Reader:
    """Reads tables as `actor` may see them. Use `open_reader`; not shared between threads."""

    def __init__(
        self,
        actor: Actor,
        *,
        root: Path,
        tables: Mapping[str, Any],
        cursor: duckdb.DuckDBPyConnection,
        narrowed: Mapping[str, str] | None = None,
    ) -> None:
        self.actor = actor
        self._root = root
        self._tables = tables
        self._cursor = cursor
        self._narrowed = narrowed or {}
        self._seen: set[str] = set()

    def rows(self, sql: str, **parameters: object) -> list[Row]:
        """All rows as dicts. Values are bound by name (`$name`)."""
        result = self._execute(sql, parameters)
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def row(self, sql: str, **parameters: object) -> Row | None:
        """The first row, or None."""
        found = self.rows(sql, **parameters)
        return found[0] if found else None

    def value(self, sql: str, **parameters: object) -> Any:
        """The first column of the first row, or None."""
        found = self._execute(sql, parameters).fetchall()
        return found[0][0] if found else None

    def arrow(self, sql: str, **parameters: object) -> Any:
        """The result as a `pyarrow.Table`."""
        self._open_views(sql)
        return self._cursor.sql(sql, params=dict(parameters) or None).to_arrow_table()

    def copy_to(self, path: Path, *, sql: str, options: str = "format parquet") -> None:
        """Writes the result of a parameterless statement to a file through the engine."""
        self._open_views(sql)
        self._cursor.execute(f"copy ({sql}) to {rules.literal(str(path))} ({options})")

    def has(self, table: str) -> bool:
        """Whether the table has been computed or filled."""
        return table in self._tables

    def row_count(self, table: str) -> int:
        """Rows of the whole table, from the catalog, without reading it."""
        return int(self._tables.get(table, {}).get("rows", 0))

    @property
    def cursor(self) -> duckdb.DuckDBPyConnection:
        """The engine itself, for the system's own builds; refused to everyone else."""
        if not self.actor.is_system:
            raise NotAllowed("Only the system reads without the door's scope.")
        return self._cursor

    def use(self, *tables: str) -> None:
        """Opens views on tables ahead of a statement run on `cursor`."""
        for table in tables:
            self._open_view(table)

    def _execute(self, sql: str, parameters: Mapping[str, object]) -> Any:
        self._open_views(sql)
        return self._cursor.execute(sql, dict(parameters)) if parameters else self._cursor.execute(sql)

    def _open_views(self, sql: str) -> None:
        for table in sorted(rules.tables_in(sql)):
            self._open_view(table)

    def _open_view(self, table: str) -> None:
        if table in self._seen:
            return
        spec = specs().get(table)
        if spec is None:
            return  # a table function or a registered relation: the engine names it if it does not exist
        if self.actor.stores is not None and spec.scope is Scope.SYSTEM:
            raise NotAllowed(f"{self.actor.name} has a store scope and may not read {table}.")
        condition = rules.view_filter(spec, self.actor.stores)
        if "customer_stores" in condition:
            self._open_view("customer_stores")
        columns = rules.view_columns(spec, unmasked=self.actor.unmasked)
        source = self._source(spec)
        where = f" where {condition}" if condition else ""
        self._cursor.execute(f"create or replace temp view {table} as select {columns} from {source}{where}")
        self._seen.add(table)

    def _source(self, spec: TableSpec) -> str:
        if spec.name in self._narrowed:
            return self._narrowed[spec.name]
        entry = self._tables.get(spec.name, {})
        if entry.get("files"):
            return rules.source_of(entry, root=self._root)
        if spec.is_model:
            raise NotBuilt(f"Table {spec.name} has not been computed yet.", hint="Run 'shuke week' once.")
        self._cursor.execute(spec.sql.replace("create table ", "create or replace temp table empty_", 1))
        return f"empty_{spec.name}"


@contextmanager
def open_reader(actor: Actor, workspace: Workspace) -> Iterator[Reader]:
    """A reader pinned to the current generation."""
    generation = current_generation()
    cursor = adapters.engine(workspace.scratch)
    try:
        yield Reader(actor, root=workspace.lake, tables=generation.tables if generation else {}, cursor=cursor)
    finally:
        cursor.close()
