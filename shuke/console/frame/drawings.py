"""Small pictures drawn on the server as inline SVG: intervals, bars, the ring, the purchase clock, a line by month.

Each function takes plain numbers and gives SVG; colours are classes of the style sheet, so dark mode and print
work. Every picture carries its meaning as text for those who cannot see it.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_NOTHING = SafeString("")


@dataclass(frozen=True)
class Scale:
    """One axis shared by the rows of a list: from `low` to `high` in the unit of the values."""

    low: float
    high: float

    def at(self, value: float, *, width: float, pad: float = 6) -> float:
        """The horizontal place of a value, kept inside the picture."""
        span = self.high - self.low or 1.0
        place = pad + (value - self.low) / span * (width - 2 * pad)
        return round(min(max(place, pad), width - pad), 1)


def shared_scale(values: Sequence[float]) -> Scale:
    """A scale that holds all values and zero."""
    low, high = min([0.0, *values]), max([0.0, *values])
    return Scale(low, high if high > low else low + 1)


def ticks(scale: Scale, *, most: int = 4) -> list[float]:
    """Round values (1, 2 or 5 times a power of ten) inside a scale, zero among them."""
    span = scale.high - scale.low
    raw = span / most
    power = 10.0 ** math.floor(math.log10(raw)) if raw > 0 else 1.0
    step = next(power * f for f in (1, 2, 5, 10) if power * f >= raw)
    first, last = math.ceil(scale.low / step), math.floor(scale.high / step)
    return [n * step for n in range(first, last + 1)]


def interval(bounds: Sequence[float], *, scale: Scale, label: str, width: int = 220) -> SafeString:
    """A pale bar from low to high with a dot at the middle; `bounds` is (low, middle, high)."""
    low, middle, high = (scale.at(value, width=width) for value in bounds)
    return format_html(
        '<svg class="draw interval" viewBox="0 0 {w} 22" role="img" aria-label="{label}">'
        '<line class="axis" x1="0" x2="{w}" y1="11" y2="11"/><line class="zero" x1="{z}" x2="{z}" y1="3" y2="19"/>'
        '<rect class="band" x="{low}" y="7" width="{span}" height="8" rx="1.5"/><circle class="dot" cx="{mid}" cy="11" r="4.2"/></svg>',
        w=width, label=label, z=scale.at(0, width=width), low=low, span=max(round(high - low, 1), 2), mid=middle,
    )  # fmt: skip


def axis_marks(scale: Scale, *, labels: Sequence[tuple[float, str]], width: int = 220) -> SafeString:
    """The numbers above a list of intervals."""
    texts = format_html_join(
        "", '<text x="{}" y="11" text-anchor="middle">{}</text>',
        ((scale.at(value, width=width), text) for value, text in labels),
    )  # fmt: skip
    return format_html('<svg class="draw marks" viewBox="0 0 {} 14" aria-hidden="true">{}</svg>', width, texts)


def bar(value: float, *, most: float, label: str, strong: bool = False, width: int = 220) -> SafeString:
    """One money bar of a list whose longest value is `most`."""
    length = round(max(value, 0) / (most or 1) * width, 1)
    return format_html(
        '<svg class="draw bar" viewBox="0 0 {} 10" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="{}" x="0" y="1" width="{}" height="8" rx="1.5"/></svg>',
        width, label, "money strong" if strong else "money", max(length, 1.5),
    )  # fmt: skip


def split_bar(done: float, *, total: float, most: float, label: str) -> SafeString:
    """Done beside not done, on the scale of the longest row."""
    width = 160
    whole = round(total / (most or 1) * width, 1)
    part = round(done / (most or 1) * width, 1)
    return format_html(
        '<svg class="draw bar" viewBox="0 0 {} 10" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="rest" x="0" y="1" width="{}" height="8" rx="1.5"/><rect class="done" x="0" y="1" width="{}" height="8" rx="1.5"/></svg>',
        width, label, max(whole, 1.5), part,
    )  # fmt: skip


def ring(parts: Sequence[tuple[float, str]], *, label: str, middle: str, below: str) -> SafeString:
    """A ring of shares; `parts` is (share of the whole, class of the style sheet), clockwise from the top."""
    radius, around = 56.0, 2 * math.pi * 56.0
    arcs, start = [], 0.0
    for part, colour in parts:
        length = max(part * around - 2, 0.0)
        arcs.append((colour, f"{length:.1f} {around - length:.1f}", f"{-start * around:.1f}"))
        start += part
    circles = format_html_join(
        "", '<circle class="{}" cx="70" cy="70" r="56" stroke-dasharray="{}" stroke-dashoffset="{}"/>', arcs
    )
    return format_html(
        '<svg class="draw ring" viewBox="0 0 140 140" role="img" aria-label="{}"><g transform="rotate(-90 70 70)">{}</g>'
        '<text class="ring-value" x="70" y="74" text-anchor="middle">{}</text>'
        '<text class="ring-note" x="70" y="94" text-anchor="middle">{}</text></svg>',
        label, circles, middle, below,
    )  # fmt: skip


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


def clock(gaps: Sequence[int], *, usual: tuple[float, float], now: int, words: ClockWords) -> SafeString:
    """The purchase clock as a ruler: dots are past gaps in days, the band the usual range, the line today.

    `usual` is the range from the first to the third quartile of the gaps, `now` the days since the last purchase.
    """
    width, floor = 660, 108
    typical = sorted(gaps)[: max(1, round(len(gaps) * 0.95))] if gaps else []
    end = max([now * 1.25, usual[1] * 1.8, *(g * 1.1 for g in typical), 10])
    scale = Scale(0, end)

    def place(day: float) -> float:
        return scale.at(day, width=width, pad=14)

    overdue = now > usual[1]
    low, high = place(usual[0]), max(place(usual[1]), place(usual[0]) + 6)
    late = (
        format_html('<rect class="late" x="{}" y="{}" width="{}" height="6"/>', high, floor - 3, place(now) - high)
        if overdue
        else _NOTHING
    )
    right = place(now) > width * 0.62
    return format_html(
        '<svg class="draw clock{late_class}" viewBox="0 0 {w} 146" role="img" aria-label="{label}">'
        '<rect class="usual" x="{low}" y="34" width="{span}" height="{h}"/><text class="usual-word" x="{mid}" y="26" text-anchor="middle">{usual}</text>'
        '<line class="floor" x1="8" x2="{w2}" y1="{f}" y2="{f}"/>{ticks}{late}{dots}'
        '<line class="now" x1="{n}" x2="{n}" y1="44" y2="{f}"/><text class="now-word" x="{nx}" y="56" text-anchor="{na}">{now}</text>'
        '<text class="note" x="{nx}" y="74" text-anchor="{na}">{now_note}</text>'
        '<text class="note" x="8" y="142">{first}</text><text class="note" x="{n}" y="142" text-anchor="{la}">{last}</text></svg>',
        w=width, w2=width - 8, label=words.label, low=low, span=high - low, h=floor - 34, mid=_clear(low, high, width=width),
        usual=words.usual, f=floor, ticks=_day_marks(scale, width=width, floor=floor, unit=words.unit), late=late,
        dots=_dots(gaps, place_width=width, scale=scale, floor=floor), n=place(now), nx=place(now) + (-8 if right else 8),
        na="end" if right else "start", now=words.now, now_note=words.now_note, first=words.first, last=words.last,
        la="end" if right else "middle", late_class=" overdue" if overdue else "",
    )  # fmt: skip


def _clear(low: float, high: float, *, width: int) -> float:
    return min(max((low + high) / 2, 70), width - 70)


def _day_marks(scale: Scale, *, width: int, floor: int, unit: str) -> SafeString:
    marks = ticks(scale, most=6)
    rows = [
        (
            scale.at(v, width=width, pad=14),
            floor,
            floor + 4,
            floor + 18,
            f"{v:.0f}{f' {unit}' if i == len(marks) - 1 else ''}",
        )
        for i, v in enumerate(marks)
    ]
    return format_html_join(
        "",
        '<line class="tick" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/><text class="mark" x="{0}" y="{3}" text-anchor="middle">{4}</text>',
        rows,
    )


def _dots(gaps: Sequence[int], *, place_width: int, scale: Scale, floor: int) -> SafeString:
    stacks: Counter[int] = Counter()
    dots = []
    for gap in sorted(gaps):
        # Dots nearer than their own size share a stack; more than six in one would leave the picture.
        column = round(scale.at(gap, width=place_width, pad=14) / 11)
        height = min(stacks[column], 6)
        stacks[column] += 1
        dots.append((column * 11, floor - 9 - height * 11))
    return format_html_join("", '<circle class="gap" cx="{}" cy="{}" r="4.6"/>', dots)


@dataclass(frozen=True)
class Point:
    """One point of a line: its place's label and its value, 0 to 1."""

    label: str
    value: float


def share_line(points: Sequence[Point], *, label: str, event: str = "") -> SafeString:
    """A line of shares by month with a labelled axis, the last value written at its end; `event` marks one label."""
    if not points:
        return _NOTHING
    width, top, floor, left, right = 460, 14, 140, 40, 396
    step = (right - left) / max(len(points) - 1, 1)
    places = [(round(left + i * step, 1), round(floor - p.value * (floor - top), 1)) for i, p in enumerate(points)]
    grid = format_html_join(
        "",
        '<line class="grid" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/><text class="mark" x="{3}" y="{4}" text-anchor="end">{5}%</text>',
        (
            (left, right, floor - v * (floor - top), left - 6, floor - v * (floor - top) + 4, round(v * 100))
            for v in (0, 0.25, 0.5, 0.75, 1)
        ),
    )
    shown = {0, len(points) - 1, (len(points) - 1) // 2}
    names = format_html_join(
        "", '<text class="mark" x="{}" y="158" text-anchor="middle">{}</text>',
        ((places[i][0], p.label) for i, p in enumerate(points) if i in shown),
    )  # fmt: skip
    events = format_html_join(
        "", '<line class="event" x1="{0}" x2="{0}" y1="8" y2="140"/>',
        ((places[i][0],) for i, p in enumerate(points) if event and p.label == event),
    )  # fmt: skip
    end_x, end_y = places[-1]
    return format_html(
        '<svg class="draw line" viewBox="0 0 {} 164" role="img" aria-label="{}">{}{}{}<polyline class="trend" points="{}"/>'
        '<circle class="end" cx="{}" cy="{}" r="3.6"/><text class="last" x="{}" y="{}">{}%</text></svg>',
        width, label, grid, names, events, " ".join(f"{x},{y}" for x, y in places),
        end_x, end_y, end_x + 9, end_y + 4, round(points[-1].value * 100),
    )  # fmt: skip
