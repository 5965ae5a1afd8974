"""Small pictures drawn on the server as inline SVG: intervals, bars, the ring, the purchase clock, a line by month.

Each function takes plain numbers and gives the geometry; a template of the same name (`frame/draw/`) draws it, by
`{% draw picture %}`. Colours are classes of the style sheet, so dark mode and print work. Every picture carries its
meaning as text (`label`) for those who cannot see it.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH = 220.0
_RING = 56.0
_CLOCK_WIDTH = 660.0
_CLOCK_PAD = 14.0
_DOT = 11.0


@dataclass(frozen=True)
class Scale:
    """One axis shared by the rows of a list: from `low` to `high` in the unit of the values."""

    low: float
    high: float

    def at(self, value: float, *, width: float = _WIDTH, pad: float = 6) -> float:
        """The horizontal place of a value, kept inside the picture."""
        span = self.high - self.low or 1.0
        place = pad + (value - self.low) / span * (width - 2 * pad)
        return round(min(max(place, pad), width - pad), 1)


def shared_scale(values: Sequence[float]) -> Scale:
    """A scale that holds all values and zero."""
    low, high = min([0.0, *values]), max([0.0, *values])
    return Scale(low, high if high > low else low + 1)


def ticks(scale: Scale, *, most: int = 4) -> list[float]:
    """Round values (1, 2 or 5 times a power of ten) inside a scale, zero among them; at most `most` steps."""
    raw = (scale.high - scale.low) / most
    power = 10.0 ** math.floor(math.log10(raw)) if raw > 0 else 1.0
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999)
    return [n * step for n in range(math.ceil(scale.low / step), math.floor(scale.high / step) + 1)]


@dataclass(frozen=True)
class Mark:
    """A text at a place of an axis."""

    x: float
    text: str
    y: float = 0


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
    """A bar with an optional part of it in another colour in front."""

    label: str
    length: float
    colour: str
    part: float | None = None
    template: str = "frame/draw/bar.html"


def bar(value: float, *, most: float, label: str, colour: str = "money") -> Bar:
    """One bar of a list whose longest value is `most`; at least a hair wide."""
    return Bar(label, length=_length(value, most), colour=colour)


def split_bar(done: float, *, total: float, most: float, label: str) -> Bar:
    """Done in front of all, on the scale of the longest row."""
    return Bar(label, length=_length(total, most), colour="rest", part=_length(done, most) if done else 0.0)


def _length(value: float, most: float) -> float:
    return max(round(max(value, 0) / (most or 1) * _WIDTH, 1), 1.5)


@dataclass(frozen=True)
class Arc:
    """A part of a ring by its stroke's dashes."""

    colour: str
    dashes: str
    offset: str


@dataclass(frozen=True)
class Ring:
    """A ring of shares with a value in the middle."""

    label: str
    middle: str
    below: str
    arcs: tuple[Arc, ...]
    template: str = "frame/draw/ring.html"


def ring(parts: Sequence[tuple[float, str]], *, label: str, middle: str, below: str) -> Ring:
    """A ring; `parts` is (share of the whole, class of the style sheet), clockwise from the top."""
    around = 2 * math.pi * _RING
    arcs: list[Arc] = []
    start = 0.0
    for part, colour in parts:
        length = max(part * around - 2, 0.0)
        arcs.append(Arc(colour, f"{length:.1f} {around - length:.1f}", f"{-start * around:.1f}"))
        start += part
    return Ring(label, middle, below, tuple(arcs))


@dataclass(frozen=True)
class ClockWords:
    """The texts of a purchase clock, in the reader's language."""

    label: str
    usual: str
    now: str
    now_note: str
    first: str
    last: str
    unit: str


@dataclass(frozen=True)
class Clock:
    """The purchase clock as a ruler: dots are past gaps, the band the usual range, the line today."""

    words: ClockWords
    usual_low: float
    usual_span: float
    usual_middle: float
    now: float
    now_text: float
    turned: bool
    overdue: bool
    late_span: float
    marks: tuple[Mark, ...]
    dots: tuple[Mark, ...]
    template: str = "frame/draw/clock.html"

    @property
    def late_from(self) -> float:
        """Where the days overdue begin: the end of the usual range."""
        return self.usual_low + self.usual_span


def clock(gaps: Sequence[int], *, usual: tuple[float, float], now: int, words: ClockWords) -> Clock:
    """The clock of one customer: `gaps` past days between purchases, `usual` their middle range, `now` days since.

    The ruler ends where nearly all gaps and today fit; a few very long gaps are drawn at its end.
    """
    typical = sorted(gaps)[: max(1, math.ceil(len(gaps) * 0.9))]
    scale = Scale(0, max([now * 1.9, usual[1] * 1.8, 10.0, *(gap * 1.1 for gap in typical)]))
    low, high, today = (_on_clock(scale, value) for value in (*usual, now))
    high = max(high, low + 6)
    turned = today > _CLOCK_WIDTH * 0.6
    return Clock(
        words=words,
        usual_low=low,
        usual_span=round(high - low, 1),
        usual_middle=min(max((low + high) / 2, 70), _CLOCK_WIDTH - 70),
        now=today,
        now_text=today - 8 if turned else today + 8,
        turned=turned,
        overdue=now > usual[1],
        late_span=max(round(today - high, 1), 0.0),
        marks=_day_marks(scale, words.unit),
        dots=_dots(gaps, scale),
    )


def _on_clock(scale: Scale, value: float) -> float:
    return scale.at(value, width=_CLOCK_WIDTH, pad=_CLOCK_PAD)


def _day_marks(scale: Scale, unit: str) -> tuple[Mark, ...]:
    values = ticks(scale, most=6)
    texts = [f"{value:.0f}" for value in values[:-1]] + [f"{values[-1]:.0f} {unit}"]
    return tuple(Mark(_on_clock(scale, value), text) for value, text in zip(values, texts, strict=True))


def _dots(gaps: Sequence[int], scale: Scale) -> tuple[Mark, ...]:
    """Dots nearer than their own size share a stack; higher than six they would leave the picture."""
    stacks: Counter[int] = Counter()
    dots = []
    for gap in sorted(gaps):
        column = round(_on_clock(scale, gap) / _DOT)
        dots.append(Mark(column * _DOT, "", 99 - min(stacks[column], 5) * _DOT))
        stacks[column] += 1
    return tuple(dots)


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
    top, floor, left, right = 12.0, 132.0, 38.0, 252.0
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
