"""Importing files: read them beside each other, stage them in order, set aside what is wrong, publish in one commit."""

import errno
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.intake import queries
from shuke.intake.actions.batches import batch_of, earlier, known_hashes, next_batch_id
from shuke.intake.actions.proposals import write_change, write_proposal
from shuke.intake.actions.quarantine import settle_quarantine, write_quarantine
from shuke.intake.actions.repairs import repaired_batch, take_back
from shuke.intake.actions.schema import describe, last_exports, last_headers, write_notes
from shuke.intake.actions.staging import Staged, stage
from shuke.intake.adapters import vault
from shuke.intake.adapters.reading import Arrived, Desk, ReadFile, Refused, arrivals, forget, read_beside
from shuke.intake.adapters.typed import Typed
from shuke.intake.adapters.watch import Tell, Watch, telling
from shuke.intake.models import Batch
from shuke.intake.rules import familiar
from shuke.intake.rules.header import unread
from shuke.intake.rules.pieces import Setting
from shuke.intake.rules.schema import sentences
from shuke.intake.values import (
    Channel,
    FileReport,
    ImportReport,
    Kept,
    NoteKind,
    PartReport,
    Recognised,
    SchemaNote,
    Unknown,
)
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.kernel.clock import today
from shuke.kernel.errors import ShukeError, WrongUse
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import Progress, Run, open_run


class UnknownHeader(ShukeError):
    """No mapping knows the columns of a file; a proposed mapping was written for review."""


class SourceChanged(ShukeError):
    """A file lacks a column that its mapping needs: the system that writes it calls it otherwise now."""


class DiskFull(ShukeError):
    """There is no room left for what the import writes."""


@dataclass
class _Import:
    """The state of one import while it runs."""

    actor: Actor
    workspace: Workspace
    run: Run
    setting: Setting
    channels: list[Channel]
    progress: Progress
    next_id: int
    batches: list[Batch] = field(default_factory=list)


def import_files(
    actor: Actor,
    *,
    workspace: Workspace,
    paths: Sequence[Path],
    progress: Progress | None = None,
    pace: Tell | None = None,
    mapping: str | None = None,
) -> ImportReport:
    """Imports files of any known format into the staged tables, all in one commit.

    Files are read beside each other and staged one after the other, so that the result is that of their order.
    `progress` hears the name of each file, `pace` twice a second the rows so far and the share done. `mapping` names
    the one mapping to use instead of recognising the header. A file that cannot be read or is not recognised is
    refused with its error in the report while the others go on. Raises `LakeBusy` while another writer works and
    `DiskFull`; in both cases, and when interrupted, nothing of this import stays.
    """
    require(actor, Permission.IMPORT_FILES)
    started = time.perf_counter()
    channels = _channels(workspace, mapping)
    setting = Setting(workspace.currency, workspace.timezone, workspace.day_starts_hour, today(workspace.timezone))
    with _disk(), open_run(workspace, kind="import") as run, _scratch(workspace, run=run) as scratch:
        state = _Import(actor, workspace, run, setting, channels, progress or _silent, next_batch_id())
        engine = run.reader().cursor
        desk = Desk(workspace.raw, scratch, channels, setting, known_hashes(), engine=engine, watch=Watch())
        with telling(desk.watch, tell=pace):
            reports = _all_files(state, arrivals(paths, folder=scratch), desk=desk)
        if state.batches:
            _publish(state)
    return ImportReport(tuple(reports), time.perf_counter() - started)


def _channels(workspace: Workspace, mapping: str | None) -> list[Channel]:
    known = queries.channels(workspace)
    if mapping is None:
        return known
    named = [replace(channel, signature=(), share=0.0) for channel in known if channel.code == mapping]
    if not named:
        codes = ", ".join(sorted(channel.code for channel in known))
        raise WrongUse(f"There is no mapping '{mapping}'.", hint=f"Known mappings: {codes}.")
    return named


def _silent(_: str) -> None:
    """Progress that nobody watches."""


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except (OSError, duckdb.Error) as error:
        full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error)
        if not full:
            raise
        raise DiskFull(
            "The disk is full; nothing was imported.", hint="Make room, then import the same files again."
        ) from error


@contextmanager
def _scratch(workspace: Workspace, *, run: Run) -> Iterator[Path]:
    """A folder for passing files, empty at the beginning and gone at the end; its path is never used twice, since the
    engine remembers what it knows of a file under its path.

    New copies and quarantine files are hidden until the import is published. Both here and at the end they get their
    names where their batch is in the database, and go where it is not: so a crash at any moment leaves nothing half.
    """
    folder = workspace.scratch / "import"
    _clear(workspace, folder)
    own = folder / str(run.generation.pk)
    own.mkdir(parents=True)
    try:
        yield own
    finally:
        _clear(workspace, folder)


def _clear(workspace: Workspace, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    vault.settle(workspace.raw, known=known_hashes())
    settle_quarantine(workspace.quarantine)


def _all_files(state: _Import, files: Sequence[Arrived], *, desk: Desk) -> list[FileReport]:
    reports = []
    with closing(read_beside(files, desk=desk)) as read_files:
        for read in read_files:
            state.progress(read.arrived.name)
            report = _file(state, read)
            forget(read.arrived, desk=desk)
            desk.watch.done(read.arrived.place, rows=report.rows_read)
            reports.append(report)
    return reports


def _file(state: _Import, read: ReadFile | Refused) -> FileReport:
    """One file that was read. What a refused file wrote is taken back."""
    tables = {table: dict(entry) for table, entry in state.run.tables.items()}
    batches, next_id = list(state.batches), state.next_id
    try:
        return _import_one(state, read)
    except ShukeError as error:
        state.run.tables.clear()
        state.run.tables.update(tables)
        state.batches[:] = batches
        state.next_id = next_id
        name = read.arrived.name
        return FileReport(file=name, source="", error=str(error), hint=error.hint, error_code=type(error).__name__)


def _import_one(state: _Import, read: ReadFile | Refused) -> FileReport:
    if isinstance(read, Refused):
        raise read.error
    kept, opened = read.kept, read.opened
    same = [batch for batch in state.batches if batch.sha256 == kept.sha256] or earlier(kept)
    if same:
        return _unchanged(kept, same)
    if not opened.recognised:
        raise _unknown(state, kept, tables=opened.unknown)
    for recognised in opened.recognised:
        _check_source(state, kept, recognised=recognised)
    parts = [_part(state, kept, typed=typed) for typed in read.typed]
    skipped = tuple(f"sheet '{table.name}' was left out: no mapping knows its header" for table in opened.unknown)
    left = tuple(words for recognised in opened.recognised for words in _left_out(recognised))
    return _summed(kept, parts, source=opened.recognised[0].channel.code, warnings=(*skipped, *left))


def _check_source(state: _Import, kept: Kept, *, recognised: Recognised) -> None:
    """Refuses a file in which a column that decides about money, state, day or key has another name than before."""
    channel, header = recognised.channel, recognised.part.header
    if not channel.signature:
        return  # the mapping was named on the command line: it is meant
    heads = last_headers(pending=state.batches)
    change = familiar.successor([header.names], state.channels, heads=heads, taken=channel)
    before = last_exports(channel.code, pending=state.batches)
    change = change or familiar.lost_columns(header, channel, before=before)
    if change is not None:
        raise _changed(state, kept, change=change)


def _changed(state: _Import, kept: Kept, *, change: familiar.Change) -> SourceChanged:
    path = write_change(change, folder=state.workspace.mappings)
    code = change.channel.code
    if path is None:
        hint = f"Export it again with that column, or name the column that is it now in mappings/{code}.yaml."
    else:
        lines = change.lines.replace("\n", "\n    ")
        hint = f"If that is right, take '.proposed' off {path} and import again. It says:\n    {lines}"
    return SourceChanged(f"{kept.name}: {change.words}.", hint=hint.rstrip())


def _left_out(recognised: Recognised) -> Iterator[str]:
    """Columns that a mapping for files of any origin does not read: one of them may be the phone."""
    names = unread(recognised.channel, recognised.part.header) if recognised.channel.share else ()
    if names:
        yield f"没读的列 · columns not read: {'、'.join(names)}"


def _part(state: _Import, kept: Kept, *, typed: Typed) -> PartReport:
    batch_id, cursor, recognised = state.next_id, state.run.reader().cursor, typed.recognised
    state.next_id += 1
    repairs = repaired_batch(cursor, recognised.part)
    if repairs is not None:
        take_back(state.run, recognised.part, batch_id=repairs)
    staged = stage(state.run, typed, setting=state.setting, batch_id=batch_id, repairs=repairs)
    described = describe(cursor, recognised, repairs=repairs, pending=state.batches)
    batch = batch_of(
        state.actor,
        kept=kept,
        recognised=recognised,
        staged=staged,
        batch_id=batch_id,
        repairs=repairs,
        quarantine_file=_set_aside(state, kept, recognised=recognised, staged=staged, batch_id=batch_id),
        described=described,
    )
    state.batches.append(batch)
    return _part_report(batch)


def _set_aside(state: _Import, kept: Kept, *, recognised: Recognised, staged: Staged, batch_id: int) -> str:
    if not staged.quarantined:
        return ""
    file = Path(kept.name).stem + (f"-{recognised.part.name}" if recognised.part.name else "")
    folder, cursor = state.workspace.quarantine, state.run.reader().cursor
    return write_quarantine(cursor, recognised.part, batch_id=batch_id, file=file, folder=folder)


def _publish(state: _Import) -> None:
    with transaction.atomic():
        write_notes(state.run, state.batches)
        state.run.publish()
        Batch.objects.bulk_create(state.batches)
        rows = {
            name: sum(getattr(batch, name) for batch in state.batches)
            for name in ("rows_read", "staged", "duplicate", "quarantined")
        }
        note(
            state.actor,
            "import",
            object_type="generation",
            object_id=state.run.generation.pk,
            batches=len(state.batches),
            **rows,
        )


def _part_report(batch: Batch) -> PartReport:
    return PartReport(
        part=batch.part,
        batch_id=batch.pk,
        mapping=batch.mapping,
        rows_read=batch.rows_read,
        staged=batch.staged,
        duplicate=batch.duplicate,
        quarantined=batch.quarantined,
        reasons=batch.reasons,
        warnings=tuple(batch.warnings),
        quarantine_file=batch.quarantine_file,
        notes=tuple(SchemaNote(**{**note, "kind": NoteKind(note["kind"])}) for note in batch.notes),
        totals=batch.totals,
    )


def _summed(kept: Kept, parts: Sequence[PartReport], *, source: str, warnings: tuple[str, ...]) -> FileReport:
    return FileReport(
        file=kept.name,
        source=source,
        rows_read=sum(part.rows_read for part in parts),
        staged=sum(part.staged for part in parts),
        duplicate=sum(part.duplicate for part in parts),
        quarantined=sum(part.quarantined for part in parts),
        parts=tuple(parts),
        warnings=(
            *warnings,
            *(warning for part in parts for warning in part.warnings),
            *(words for part in parts for words in sentences(part.notes)),
        ),
    )


def _unchanged(kept: Kept, same: Sequence[Batch]) -> FileReport:
    """The same bytes were imported before: nothing is staged, every row that was readable is a repeat."""
    parts = [
        replace(_part_report(batch), staged=0, duplicate=batch.staged + batch.duplicate, warnings=(), notes=())
        for batch in same
    ]
    report = _summed(kept, parts, source=same[0].mapping, warnings=())
    return replace(report, already_imported=True)


def _unknown(state: _Import, kept: Kept, *, tables: Sequence[Unknown]) -> ShukeError:
    """Refuses a file whose columns nobody knows, with a proposed mapping for review; a guess is never applied."""
    table = max(tables, key=lambda each: len(each.rows), default=None)
    if table is None:
        return UnknownHeader(f"{kept.name} holds no table.", hint="Check that the right file was exported.")
    change = familiar.successor(table.rows, state.channels, heads=last_headers(pending=state.batches))
    if change is not None:
        return _changed(state, kept, change=change)
    path = write_proposal(table, channels=state.channels, file=kept.name, folder=state.workspace.mappings)
    return UnknownHeader(
        f"{kept.name} is not recognised: no mapping knows its columns. A mapping is proposed in {path}.",
        hint="Review it, remove '.proposed' from its name, and import the file again.",
    )
