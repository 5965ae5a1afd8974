"""What all verbs print: progress on stderr, days from text, tables that line up with Chinese in them."""

import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date

from shuke.kernel.errors import WrongUse

Progress = Callable[[str], None]


def progress_printer(*, quiet: bool = False) -> Progress:
    """Prints each step on stderr with the seconds since the start."""
    started = time.monotonic()

    def show(text: str) -> None:
        if not quiet:
            print(f"  {time.monotonic() - started:6.1f} s  {text}", file=sys.stderr, flush=True)

    return show


def say(text: str) -> None:
    """One line for people, on stderr."""
    print(text, file=sys.stderr)


def day(text: str | None) -> date | None:
    """YYYY-MM-DD as a date; None stays None."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongUse(f"'{text}' is no day.", hint="Write it as 2026-11-23.") from error


def width(text: str) -> int:
    """Columns that the text takes on a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> None:
    """Prints rows in columns on stderr; `right` names the columns that are right-aligned."""
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))] if rows else []
    for row in rows:
        cells = []
        for i, cell in enumerate(row):
            gap = " " * (widths[i] - width(cell))
            cells.append(gap + cell if i in right else cell + gap)
        say("  " + "  ".join(cells).rstrip())
