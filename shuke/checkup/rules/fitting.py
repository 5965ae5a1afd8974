"""How much fits on one printed page: lines of text by width, and how fully each problem may be told."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Widths in ems of the print's fonts, a little generous: a line too many leaves white space, one too few would cut text.
_WIDE, _UPPER, _NARROW = 1.0, 0.68, 0.56


def lines_of(words: str, *, width: float, most: int) -> int:
    """How many lines a text takes in a column of `width` ems, at least 1 and at most `most`."""
    return max(1, min(most, math.ceil(1.03 * sum(_width(letter) for letter in words) / width)))


def _width(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in ("W", "F", "A"):
        return _WIDE
    return _UPPER if letter.isupper() or letter.isdigit() else _NARROW


@dataclass(frozen=True)
class Heights:
    """What a problem takes in millimetres: on a line of its own beside another, told with its cause, told in full."""

    told: float
    full: float


def told_fully(heights: Sequence[Heights], *, room: float, line: float) -> tuple[int, int]:
    """How many of the first problems are told with their cause, and how many of those in full, in `room` millimetres.

    The others stand two on a line of `line` millimetres. Problems come dearest first, so the dearest get the room.
    """
    told = 0
    while told < len(heights) and _taken(heights, told=told + 1, full=0, line=line) <= room:
        told += 1
    full = 0
    while full < told and _taken(heights, told=told, full=full + 1, line=line) <= room:
        full += 1
    return told, full


def _taken(heights: Sequence[Heights], *, told: int, full: int, line: float) -> float:
    shown = sum(height.full for height in heights[:full]) + sum(height.told for height in heights[full:told])
    return shown + math.ceil((len(heights) - told) / 2) * line
