"""Intervals and bars of lists, each row on the scale of its list."""

from collections.abc import Sequence
from dataclasses import dataclass

from shuke.console.frame.drawings.scales import WIDTH, Mark, Scale


@dataclass(frozen=True)
class Interval:
    """A pale bar from low to high with a dot between."""

    label: str
    zero: float
    low: float
    middle: float
    span: float
    template: str = "frame/draw/interval.html"


def interval(bounds: Sequence[float], *, scale: Scale, label: str) -> Interval:
    """One row of a list of intervals; `bounds` is (low, middle, high) in the unit of the scale."""
    low, middle, high = (scale.at(value) for value in bounds)
    return Interval(label, zero=scale.at(0), low=low, middle=middle, span=max(round(high - low, 1), 2.0))


@dataclass(frozen=True)
class Marks:
    """The numbers above a list of intervals."""

    marks: tuple[Mark, ...]
    template: str = "frame/draw/marks.html"


def axis_marks(scale: Scale, *, labels: Sequence[tuple[float, str]]) -> Marks:
    """Numbers at their places on a shared scale; `labels` is (value, text)."""
    return Marks(tuple(Mark(scale.at(value), text) for value, text in labels))


@dataclass(frozen=True)
class Bar:
    """A bar with an optional part of it in another colour in front, and a tick where it ended before."""

    label: str
    length: float
    colour: str
    part: float | None = None
    tick: float | None = None
    template: str = "frame/draw/bar.html"


def bar(value: float, *, most: float, label: str, colour: str = "money", before: float | None = None) -> Bar:
    """One bar of a list whose longest value is `most`; at least a hair wide. `before` sets the tick."""
    tick = None if before is None else min(_length(before, most), WIDTH - 1.5)
    return Bar(label, length=_length(value, most), colour=colour, tick=tick)


def split_bar(done: float, *, total: float, label: str) -> Bar:
    """Done in front of all: each row is its own whole, so that a large one does not shrink the others to dots."""
    return Bar(label, length=WIDTH, colour="rest", part=_length(done, total) if done else 0.0)


def progress(done: float, *, total: float, label: str) -> Bar:
    """How far something has come: the way in grey, what is done of it in front."""
    return Bar(label, length=WIDTH, colour="grey", part=min(_length(done, total), WIDTH) if done else 0.0)


def _length(value: float, most: float) -> float:
    return max(round(max(value, 0) / (most or 1) * WIDTH, 1), 1.5)
