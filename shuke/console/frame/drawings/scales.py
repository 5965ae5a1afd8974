"""One axis shared by the rows of a list, and the round values on it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 220.0


@dataclass(frozen=True)
class Scale:
    """One axis shared by the rows of a list: from `low` to `high` in the unit of the values."""

    low: float
    high: float

    def at(self, value: float, *, width: float = WIDTH, pad: float = 6) -> float:
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
