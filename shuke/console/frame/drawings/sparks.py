"""A small trend without axes: this year's line, last year's dashed beside it, both ends in words beside the picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from shuke.console.frame.drawings.scales import Mark

_WIDTH, _HEIGHT, _PAD = 200.0, 48.0, 6.0


@dataclass(frozen=True)
class Spark:
    """Two lines on one scale; runs without a gap are polylines of their own."""

    label: str
    now: tuple[str, ...]
    then: tuple[str, ...]
    end: Mark | None
    then_end: Mark | None
    template: str = "frame/draw/spark.html"


def spark(now: Sequence[float | None], then: Sequence[float | None], *, label: str) -> Spark | None:
    """The lines of equally many periods; None where fewer than two values are known."""
    known = [value for value in (*now, *then) if value is not None]
    if len([value for value in now if value is not None]) < 2:
        return None
    low, high = min(known), max(known)
    span = (high - low) or 1.0
    step = (_WIDTH - 2 * _PAD) / max(len(now) - 1, 1)

    def place(at: int, value: float) -> Mark:
        return Mark(
            round(_PAD + at * step, 1), "", round(_HEIGHT - _PAD - (value - low) / span * (_HEIGHT - 2 * _PAD), 1)
        )

    lines = [[(at, value) for at, value in enumerate(line)] for line in (now, then)]
    runs = [tuple(_runs([place(at, v) if v is not None else None for at, v in line])) for line in lines]
    ends = [[place(at, v) for at, v in line if v is not None] for line in lines]
    return Spark(label, now=runs[0], then=runs[1], end=ends[0][-1], then_end=ends[1][-1] if ends[1] else None)


def _runs(marks: Sequence[Mark | None]) -> list[str]:
    runs: list[list[str]] = [[]]
    for mark in marks:
        if mark is None:
            runs.append([])
        else:
            runs[-1].append(f"{mark.x},{mark.y}")
    return [" ".join(run) for run in runs if len(run) > 1]
