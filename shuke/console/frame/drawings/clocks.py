"""The purchase clock of one customer, drawn as a ruler."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from shuke.console.frame.drawings.scales import Mark, Scale, ticks

_CLOCK_WIDTH = 660.0
_CLOCK_PAD = 14.0
_DOT = 11.0
_STACK = 55.0


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
    """Dots nearer than their own size share a stack; high stacks are pressed together to stay in the picture."""
    columns = [round(_on_clock(scale, gap) / _DOT) for gap in sorted(gaps)]
    highest = max(Counter(columns).values(), default=1)
    step = min(_DOT, _STACK / max(highest - 1, 1))
    stacks: Counter[int] = Counter()
    dots = []
    for column in columns:
        dots.append(Mark(column * _DOT, "", round(99 - stacks[column] * step, 1)))
        stacks[column] += 1
    return tuple(dots)
