"""A line of whole numbers over time, on an axis that begins at zero."""

from collections.abc import Sequence
from dataclasses import dataclass

from shuke.console.frame.drawings.scales import Mark, Scale, ticks


@dataclass(frozen=True)
class CountLine:
    """A line of counts over time, its last value written at its end."""

    label: str
    points: str
    end: Mark
    marks: tuple[Mark, ...]
    grid: tuple[Mark, ...]
    template: str = "frame/draw/line.html"


def count_line(points: Sequence[tuple[str, float]], *, label: str) -> CountLine:
    """A line through (label of the place, value); at least one point."""
    top, floor, left, right = 12.0, 132.0, 44.0, 246.0
    most = max(max(value for _label, value in points), 1.0)
    rules = ticks(Scale(0.0, most), most=4)
    high = max(most, rules[-1])
    step = (right - left) / max(len(points) - 1, 1)
    places = [
        (round(left + i * step, 1), round(floor - v / high * (floor - top), 1)) for i, (_l, v) in enumerate(points)
    ]
    shown = sorted({0, len(points) - 1})
    last = places[-1]
    return CountLine(
        label=label,
        points=" ".join(f"{x},{y}" for x, y in places),
        end=Mark(last[0], f"{round(points[-1][1]):,}", last[1]),
        marks=tuple(Mark(places[i][0], points[i][0]) for i in shown),
        grid=tuple(
            Mark(left, f"{round(v):,}", round(floor - v / high * (floor - top), 1)) for v in rules if v == round(v)
        ),
    )
