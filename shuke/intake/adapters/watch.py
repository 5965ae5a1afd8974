"""The pace of an import, told twice a second; of a long statement the engine itself tells how far it is."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from shuke.intake.rules.pace import Pace

Tell = Callable[[Pace], None]

_EVERY = 0.5
# Of the work on a file: copying it, typing its rows, writing them.
_COPIED = 0.1
_TYPED = 0.7


@dataclass
class _File:
    """How far one file is: `done` is the share of its work, `rows` a guess until they are counted."""

    size: int
    name: str
    done: float = 0.0
    rows: int = 0
    engine: duckdb.DuckDBPyConnection | None = None


class Watch:
    """Counts the work on each file (by its place in the import); every method may be called from any thread."""

    def __init__(self) -> None:
        self._files: dict[int, _File] = {}
        self._lock = threading.Lock()
        self._started = time.perf_counter()

    def expect(self, place: int, *, name: str, size: int) -> None:
        """A file of `size` bytes will be read."""
        with self._lock:
            self._files[place] = _File(max(size, 1), name)

    def copied(self, place: int, *, rows: int) -> None:
        """A file was copied beside the lake; by its first bytes it holds about so many rows."""
        self._move(place, _COPIED, rows=rows)

    @contextmanager
    def typing(self, place: int, cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """While a statement of `cursor` types the rows of a file."""
        for setting in ("enable_progress_bar = true", "enable_progress_bar_print = false", "progress_bar_time = 0"):
            cursor.execute(f"set {setting}")
        with self._lock:
            self._files[place].engine = cursor
        try:
            yield
        finally:
            with self._lock:
                self._files[place].engine = None
        self._move(place, _TYPED)

    def done(self, place: int, *, rows: int) -> None:
        """All of a file is done; it had so many rows."""
        self._move(place, 1.0, rows=rows)

    def stop(self) -> None:
        """Ends the statements under way: nobody waits for their rows any more."""
        with self._lock:
            for file in self._files.values():
                if file.engine is not None:
                    file.engine.interrupt()

    def pace(self) -> Pace:
        """How far the import is now."""
        with self._lock:
            shares = {place: self._share(file) for place, file in self._files.items()}
            whole = sum(file.size for file in self._files.values()) or 1
            share = sum(file.size * shares[place] for place, file in self._files.items()) / whole
            rows = sum(
                round(file.rows * min(1.0, max(0.0, shares[place] - _COPIED) / (_TYPED - _COPIED)))
                for place, file in self._files.items()
            )
            name = next((file.name for file in self._files.values() if file.done < 1), "")
        return Pace(name, rows, time.perf_counter() - self._started, share)

    def _move(self, place: int, done: float, *, rows: int | None = None) -> None:
        with self._lock:
            file = self._files[place]
            file.done = max(file.done, done)
            file.rows = file.rows if rows is None else rows

    @staticmethod
    def _share(file: _File) -> float:
        if file.engine is None:
            return file.done
        told = max(0.0, float(file.engine.query_progress())) / 100
        return max(file.done, _COPIED + (_TYPED - _COPIED) * told)


@contextmanager
def telling(watch: Watch, *, tell: Tell | None) -> Iterator[None]:
    """Tells the pace to `tell` in a thread of its own, and once more at the end; None: nobody wants to know."""
    if tell is None:
        yield
        return
    over = threading.Event()

    def tick() -> None:
        while not over.wait(_EVERY):
            tell(watch.pace())

    teller = threading.Thread(target=tick, name="pace", daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()
    tell(watch.pace())
