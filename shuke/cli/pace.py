"""How far a long import is, on stderr: one line that changes on a terminal, a line every few seconds elsewhere."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

from shuke.intake.rules.pace import Pace

_EVERY = 5.0
_NAME = 40
_CLEAR = "\r\x1b[K"


def pace_printer(stream: TextIO | None = None) -> Callable[[Pace], None]:
    """Prints rows so far, rows a second and the time left; the last call (all done) leaves a terminal's line empty."""
    out, told = stream or sys.stderr, [time.monotonic()]

    def show(pace: Pace) -> None:
        if out.isatty():
            out.write(_CLEAR + ("" if pace.share >= 1 else words(pace)))
        elif time.monotonic() - told[0] >= _EVERY:
            told[0] = time.monotonic()
            out.write(f"  {words(pace)}\n")
        out.flush()

    return show


def words(pace: Pace) -> str:
    """`1,234,567 rows, 402,000 rows/s, 57 %, 0:42 left, orders.csv`."""
    left = "" if pace.left_seconds is None else f"{clock(pace.left_seconds)} left, "
    name = pace.file if len(pace.file) <= _NAME else f"…{pace.file[-_NAME:]}"
    return f"{pace.rows:,} rows, {pace.per_second:,} rows/s, {pace.share:.0%}, {left}{name}".rstrip(", ")


def clock(seconds: float) -> str:
    """Seconds as m:ss, or h:mm:ss from an hour on."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
