"""A ring of shares with a value in the middle."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_RING = 56.0


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
