"""Bars to both sides of zero: what added and what took away, each row on the scale of its list."""

from dataclasses import dataclass

from shuke.console.frame.drawings.scales import WIDTH

_MIDDLE = WIDTH / 2


@dataclass(frozen=True)
class Swing:
    """A bar from the middle: to the right what added, to the left what took away."""

    label: str
    start: float
    length: float
    colour: str
    template: str = "frame/draw/swing.html"


def swing(value: float, *, most: float, label: str) -> Swing:
    """One bar of a list whose largest value, without its sign, is `most`; at least a hair wide."""
    length = max(round(min(abs(value) / (most or 1), 1.0) * (_MIDDLE - 4), 1), 1.5)
    return Swing(label, round(_MIDDLE - length, 1) if value < 0 else _MIDDLE, length, "down" if value < 0 else "up")
