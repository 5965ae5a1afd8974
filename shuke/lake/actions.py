"""Writes to the lake: a run takes the lease, writes new files, and publishes them in one commit or not at all."""

import os
import shutil
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
from django.db import IntegrityError, transaction

from shuke.kernel.actor import SYSTEM
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.lake import adapters, rules
from shuke.lake.models import Generation, WriterLease
from shuke.lake.queries import Reader, current_generation, specs
from shuke.lake.values import TableSpec

_KEPT_GENERATIONS = 3
_GRACE = timedelta(minutes=15)
# zstd halves the files of snappy for a few per cent of time at its first level. A dictionary of more than so many
# values is given up early: columns of ids and hashes write in two thirds of the time, and no file grows.
# More values than this are no longer few; fewer rows than this are sorted before the codes are made.
_FEW = 50_000
_WORTH_CODES = 2_000_000
# A patch hides one in so many rows of its table's files at most.
_PATCHED_AT_MOST = 10
_PARQUET = "format parquet, compression zstd, compression_level 1, dictionary_size_limit 10000"


class LakeBusy(ShukeError):
    """Another process writes right now."""


class Run:
    """One writer's work. Files written are visible to this run at once and to others after `publish`."""

    def __init__(self, workspace: Workspace, *, generation: Generation) -> None:
        self.workspace = workspace
        self.generation = generation
        self.tables: dict[str, Any] = {name: dict(entry) for name, entry in generation.tables.items()}
        self.timings: dict[str, float] = {}
        self._cursor = adapters.engine(workspace.scratch)
        self._written: list[Path] = []
        self._narrowed: dict[str, str] = {}

    def reader(self) -> Reader:
        """The system's view of the tables as this run has them now (shares this run's engine session)."""
        return Reader(
            SYSTEM, root=self.workspace.lake, tables=self.tables, cursor=self._cursor, narrowed=self._narrowed
        )

    def build(self, names: Iterable[str], *, parameters: Mapping[str, object]) -> None:
        """Computes SQL models in lineage order, each as one new file replacing the table."""
        for name in rules.build_order(list(names), specs()):
            started = time.perf_counter()
            self.write(name, sql=self.model(name, parameters=parameters))
            self.timings[name] = time.perf_counter() - started

    def model(self, name: str, *, parameters: Mapping[str, object]) -> str:
        """The statement of a SQL model with its parameters filled in."""
        return rules.fill_parameters(specs()[name].sql, parameters).rstrip().rstrip(";")

    def write(self, table: str, *, sql: str) -> int:
        """Replaces a table by the result of a statement over lake tables or this run's registered relations."""
        path, rows = self._copy(table, sql=sql)
        self.tables[table] = {"files": [str(path.relative_to(self.workspace.lake))], "rows": rows}
        return rows

    @contextmanager
    def narrowed(self, **relations: str) -> Iterator[None]:
        """Within, these tables hold the rows of relations of this session: models are built of part of their inputs."""
        before, self._narrowed = self._narrowed, self._narrowed | relations
        try:
            yield
        finally:
            self._narrowed = before

    def patch(self, table: str, *, key: str, keys: str, sql: str) -> int:
        """Replaces the rows whose `key` is among the relation `keys` (distinct, not null) by a statement's result.

        Only these rows are written; the table's files stay and their rows of these keys are hidden. Once more than a
        tenth of them would be, the table is written whole. Gives how many rows are new.
        """
        entry = self.tables[table]
        patch = entry.get("patch", {"older": entry["files"], "older_rows": entry["rows"]})
        root, none = self.workspace.lake, f"select {key} from {keys} where false"
        held = rules.files_source(root, [patch["hidden"]]) if "hidden" in patch else f"({none})"
        hidden = f"select {key} from {keys} union select {key} from {held}"
        older = rules.files_source(root, patch["older"])
        gone = self.reader().value(f"select count(*) from {older} where {key} in ({hidden})")
        if gone > patch["older_rows"] / _PATCHED_AT_MOST:
            kept = f"select o.* from {rules.source_of(entry, root=root)} o anti join {keys} k on k.{key} = o.{key}"
            return self.write(table, sql=f"select * from ({sql}) union all {kept}")
        if "rows" in patch:
            still = f"{rules.files_source(root, [patch['rows']])} o anti join {keys} k on k.{key} = o.{key}"
            sql = f"select * from ({sql}) union all select o.* from {still}"
        path, rows = self._copy(table, sql=sql)
        names = [str(path.relative_to(root)), str(self._copy_keys(table, sql=hidden).relative_to(root))]
        told = {"key": key, "older": patch["older"], "older_rows": patch["older_rows"], "rows": names[0]}
        self.tables[table] = {
            "files": [*patch["older"], *names],
            "rows": patch["older_rows"] - gone + rows,
            "patch": told | {"hidden": names[1]},
        }
        return rows

    def append(self, table: str, *, sql: str) -> int:
        """Adds the result of a statement to a table as one more file; an empty result adds none."""
        path, rows = self._copy(table, sql=sql)
        if rows:
            entry = self.tables.get(table, {"files": [], "rows": 0})
            files = [*entry["files"], str(path.relative_to(self.workspace.lake))]
            self.tables[table] = {"files": files, "rows": entry["rows"] + rows}
        return rows

    def write_arrow(self, table: str, *, rows: Any) -> int:
        """Replaces a table by a `pyarrow.Table` (or anything the engine can register)."""
        self._cursor.register("incoming_rows", rows)
        try:
            return self.write(table, sql="select * from incoming_rows")
        finally:
            self._cursor.unregister("incoming_rows")

    def adopt(self, table: str, *, path: Path, rows: int) -> None:
        """Adds a Parquet file that the caller wrote to `new_path(table)`."""
        self._written.append(path)
        entry = self.tables.get(table, {"files": [], "rows": 0})
        files = [*entry["files"], str(path.relative_to(self.workspace.lake))]
        self.tables[table] = {"files": files, "rows": entry["rows"] + rows}

    def new_path(self, table: str) -> Path:
        """A fresh file name of this generation."""
        folder = self.workspace.lake / table
        folder.mkdir(parents=True, exist_ok=True)
        taken = len(list(folder.glob(f"{self.generation.pk}-*.parquet")))
        path = folder / f"{self.generation.pk}-{taken}.parquet"
        self._written.append(path)
        return path

    def publish(self) -> None:
        """Makes this run's tables current. Call it inside the transaction of the changes that belong to it."""
        with transaction.atomic():
            Generation.objects.filter(is_current=True).update(is_current=False)
            self.generation.tables = self.tables
            self.generation.published_at = utc_now()
            self.generation.is_current = True
            self.generation.save()
        self._written.clear()

    def _copy_keys(self, table: str, *, sql: str) -> Path:
        path = self.new_path(table)
        self._cursor.execute(f"copy ({sql}) to {rules.literal(str(path))} ({_PARQUET})").fetchall()
        return path

    def _copy(self, table: str, *, sql: str) -> tuple[Path, int]:
        spec = specs()[table]
        reader = self.reader()
        reader.use(*sorted(rules.tables_in(sql) & set(specs())))
        path = self.new_path(table)
        order = f" order by {spec.sort}" if spec.sort else ""
        target = f"{rules.literal(str(path))} ({_PARQUET})"
        try:
            self._cursor.execute(f"copy (select {self._coded(spec)} from ({sql}){order}) to {target}")
        except duckdb.ConversionException:
            # A value that its table does not know: the same rows, sorted as texts.
            self._cursor.execute(f"copy (select * from ({sql}){order}) to {target}")
        counted = self._cursor.fetchall()  # to the end: a session with an open result takes no further work
        return path, int(counted[0][0]) if counted else 0

    def _coded(self, spec: TableSpec) -> str:
        """The select list that turns text columns of few values into codes before the sort; files hold texts again.

        A wide table of 20 million rows sorts in two thirds of the time, and in half of the memory.
        """
        if sum(self.tables.get(table, {}).get("rows", 0) for _, table, _ in spec.few) < _WORTH_CODES:
            return "*"
        self.reader().use(*{table for _, table, _ in spec.few})
        coded = []
        for column, table, own in spec.few:
            values = f"select distinct {own} as v from {table} where {own} is not null limit {_FEW + 1}"
            found = [row[0] for row in self._cursor.execute(values).fetchall()]
            if 0 < len(found) <= _FEW:
                kind = f"few_{spec.name}_{column}"
                self._cursor.execute(f"drop type if exists {kind}")
                listed = ", ".join(rules.literal(value) for value in sorted(found))
                self._cursor.execute(f"create type {kind} as enum ({listed})")
                coded.append(f"{column}::{kind} as {column}")
        return f"* replace ({', '.join(coded)})" if coded else "*"

    def close(self, *, discard: bool) -> None:
        """Ends the session; `discard` removes what was written and not published."""
        self._cursor.close()
        if discard:
            for path in self._written:
                path.unlink(missing_ok=True)
            Generation.objects.filter(pk=self.generation.pk, published_at__isnull=True).delete()


@contextmanager
def open_run(workspace: Workspace, *, kind: str) -> Iterator[Run]:
    """Takes the writer's lease and starts a run on top of the current generation.

    Leaving without `publish`, or by an error, removes every file of the run; the next run works.
    """
    _take_lease(kind)
    run: Run | None = None
    try:
        _sweep(workspace)
        base = current_generation()
        generation = Generation.objects.create(
            kind=kind,
            tables=base.tables if base else {},
            details=base.details if base else {},
            started_at=utc_now(),
        )
        run = Run(workspace, generation=generation)
        yield run
    finally:
        if run is not None:
            run.close(discard=run.generation.published_at is None)
        WriterLease.objects.all().delete()
    prune(workspace)


def _sweep(workspace: Workspace) -> None:
    """Removes what a run that was killed has written: with the lease in hand, an unpublished generation is dead."""
    for generation in Generation.objects.filter(published_at__isnull=True):
        for path in workspace.lake.glob(f"*/{generation.pk}-*.parquet"):
            path.unlink(missing_ok=True)
        generation.delete()


def _take_lease(purpose: str) -> None:
    me = {"host": socket.gethostname(), "process": os.getpid(), "purpose": purpose, "taken_at": utc_now()}
    held = WriterLease.objects.first()
    if held is not None and not _is_dead(held):
        raise LakeBusy(
            f"Another run ({held.purpose}, process {held.process}) writes since {held.taken_at:%H:%M:%S} UTC.",
            hint="Wait for it to end, then try again.",
        )
    try:
        with transaction.atomic():
            WriterLease.objects.all().delete()
            WriterLease.objects.create(**me)
    except IntegrityError as error:
        raise LakeBusy("Another run has just begun to write.", hint="Wait for it to end, then try again.") from error


def _is_dead(held: WriterLease) -> bool:
    """A lease of this host whose process is gone (or is this very process) is left over from a crash."""
    if held.host != socket.gethostname():
        return False
    if held.process == os.getpid():
        return False
    return not Path(f"/proc/{held.process}").exists() if Path("/proc").is_dir() else not _answers(held.process)


def _answers(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def prune(workspace: Workspace) -> int:
    """Removes files past the grace period that none of the last generations names; returns how many."""
    kept = {
        name
        for generation in Generation.objects.filter(published_at__isnull=False).order_by("-pk")[:_KEPT_GENERATIONS]
        for entry in generation.tables.values()
        for name in entry["files"]
    }
    limit = (utc_now() - _GRACE).timestamp()
    removed = 0
    for path in workspace.lake.glob("*/*.parquet"):
        if str(path.relative_to(workspace.lake)) not in kept and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def clear_scratch(workspace: Workspace) -> None:
    """Empties the spill folder; only when no engine of this process is open."""
    shutil.rmtree(workspace.scratch, ignore_errors=True)


Progress = Callable[[str], None]
