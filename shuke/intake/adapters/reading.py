"""Reading files up to their typed rows, several beside each other; neither the database nor the lake is touched."""

import shutil
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from shuke.intake.adapters import archive, opening, vault
from shuke.intake.adapters.typed import Typed, type_rows
from shuke.intake.adapters.watch import Watch
from shuke.intake.rules.header import recognise
from shuke.intake.rules.pieces import Setting
from shuke.intake.values import Channel, Kept, Opened
from shuke.kernel.errors import ShukeError

_READERS = 2
_AHEAD = 3


@dataclass(frozen=True)
class Arrived:
    """A file to be read, by its place among all files of the import; an archive that cannot be unpacked has `error`."""

    place: int
    name: str
    path: Path
    size: int = 0
    error: ShukeError | None = None


@dataclass(frozen=True)
class Desk:
    """What reading needs: folders, mappings, the shop's setting, hashes of files imported before, an engine session."""

    raw: Path
    scratch: Path
    channels: Sequence[Channel]
    setting: Setting
    known: frozenset[str]
    engine: duckdb.DuckDBPyConnection
    watch: Watch
    big: threading.Lock = field(default_factory=threading.Lock)

    def folder(self, file: Arrived) -> Path:
        """Where the passing files of one file stand."""
        return self.scratch / str(file.place)


@dataclass(frozen=True)
class ReadFile:
    """A file with its typed parts; without parts where its bytes were imported before or no mapping knows it."""

    arrived: Arrived
    kept: Kept
    opened: Opened = field(default_factory=lambda: Opened(()))
    typed: tuple[Typed, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A file that cannot be read, and why."""

    arrived: Arrived
    error: ShukeError


def arrivals(paths: Iterable[Path], *, folder: Path) -> list[Arrived]:
    """The files given, each archive replaced by its unpacked members, in order.

    An archive is unpacked to its end before any member is read, so that a broken one gives nothing at all.
    """
    found: list[Arrived] = []
    for path in paths:
        _arrive(path, name=path.name, folder=folder, found=found)
    return found


def _arrive(path: Path, *, name: str, folder: Path, found: list[Arrived]) -> None:
    size, before = path.stat().st_size if path.is_file() else 0, len(found)
    if not opening.is_archive(path, name=name):
        found.append(Arrived(before, name, path, size))
        return
    own = folder / f"unpacked-{before}-{name.count('/')}"
    try:
        for inner, member in list(archive.unpack(path, name=name, folder=own)):
            _arrive(member, name=f"{name}/{inner}", folder=own, found=found)
    except ShukeError as error:
        found[before:] = [Arrived(before, name, path, size, error)]


def read_beside(files: Sequence[Arrived], *, desk: Desk) -> Generator[ReadFile | Refused]:
    """Reads files by several threads and gives them in the order of `files`; only a few are ahead of the consumer.

    Leaving early ends the statements under way.
    """
    for file in files:
        desk.watch.expect(file.place, name=file.name, size=file.size)
    pool = ThreadPoolExecutor(_READERS, thread_name_prefix="read")
    try:
        yield from _in_order(lambda file: read_file(file, desk=desk), files, pool=pool)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        desk.watch.stop()
        pool.shutdown(wait=True)


def _in_order(
    work: Callable[[Arrived], ReadFile | Refused], files: Iterable[Arrived], *, pool: ThreadPoolExecutor
) -> Iterator[ReadFile | Refused]:
    waiting: deque[Future[ReadFile | Refused]] = deque()
    for file in files:
        waiting.append(pool.submit(work, file))
        if len(waiting) >= _AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def read_file(file: Arrived, *, desk: Desk) -> ReadFile | Refused:
    """Copies a file beside the lake, recognises its parts and types their rows into the file's scratch folder."""
    if file.error is not None:
        return Refused(file, file.error)
    try:
        kept = vault.keep(file.path, raw=desk.raw, name=file.name, place=file.place)
        desk.watch.copied(file.place, rows=_rows(kept))
        if file.path.is_relative_to(desk.scratch):
            file.path.unlink()  # unpacked, and copied now
        if kept.sha256 in desk.known:
            return ReadFile(file, kept)
        return _typed(file, kept, desk=desk)
    except ShukeError as error:
        return Refused(file, error)


def _typed(file: Arrived, kept: Kept, *, desk: Desk) -> ReadFile:
    folder, cursor = desk.folder(file), desk.engine.cursor()
    folder.mkdir()
    try:
        with desk.big if opening.is_big(kept) else threading.Lock():
            opened = opening.open_file(
                kept, scratch=folder, recognise=lambda rows: recognise(rows, desk.channels), cursor=cursor
            )
            with desk.watch.typing(file.place, cursor):
                typed = tuple(
                    type_rows(cursor, recognised, setting=desk.setting, passing=folder / f"typed-{number}.parquet")
                    for number, recognised in enumerate(opened.recognised)
                )
        return ReadFile(file, kept, opened, typed)
    finally:
        cursor.close()


def _rows(kept: Kept) -> int:
    """About how many rows a file holds, by the lines of its first bytes."""
    return round(kept.size * kept.head.count(b"\n") / max(len(kept.head), 1))


def forget(file: Arrived, *, desk: Desk) -> None:
    """Removes the passing files of one file."""
    shutil.rmtree(desk.folder(file), ignore_errors=True)
