"""A line of shares over time."""

from collections.abc import Sequence
from dataclasses import dataclass

from shuke.console.frame.drawings.scales import Mark


@dataclass(frozen=True)
class Point:
    """One point of a line: the label of its place and its share, 0 to 1."""

    label: str
    value: float


@dataclass(frozen=True)
class Line:
    """A line of shares over time, its last value written at its end."""

    label: str
    points: str
    end: Mark
    marks: tuple[Mark, ...]
    grid: tuple[Mark, ...]
    template: str = "frame/draw/line.html"


def share_line(points: Sequence[Point], *, label: str) -> Line:
    """A line of at least one point on an axis from 0 to 100 %."""
    top, floor, left, right = 12.0, 132.0, 38.0, 332.0
    step = (right - left) / max(len(points) - 1, 1)
    places = [(round(left + i * step, 1), round(floor - p.value * (floor - top), 1)) for i, p in enumerate(points)]
    shown = sorted({0, (len(points) - 1) // 2, len(points) - 1})
    last = places[-1]
    return Line(
        label=label,
        points=" ".join(f"{x},{y}" for x, y in places),
        end=Mark(last[0], f"{round(points[-1].value * 100)}%", last[1]),
        marks=tuple(Mark(places[i][0], points[i].label) for i in shown),
        grid=tuple(Mark(left, f"{v}%", round(floor - v / 100 * (floor - top), 1)) for v in (0, 25, 50, 75, 100)),
    )
