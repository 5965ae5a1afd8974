"""What all writers of one run share, and how the span is cut into export periods."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shuke.demo.actions.ledger import Ledger
from shuke.demo.values import People, Planted, Profile, Span, World


@dataclass(frozen=True)
class Session:
    """One run: the world, its people, where files and truth go."""

    world: World
    people: People
    profile: Profile
    planted: Planted
    folder: Path
    ledger: Ledger


@dataclass(frozen=True)
class Period:
    """Days `first` to `end` (excluded) of one till file; `half` names the half-year file of the other channels.

    `half_end` is the day at whose start that half-year was exported.
    """

    label: str
    first: int
    end: int
    half: str
    half_first: int
    half_end: int


def periods(span: Span, *, months: int) -> tuple[Period, ...]:
    """Calendar periods of `months` (1 or 3) within the span."""
    found = []
    start = span.start_on
    while start < span.as_of:
        stop = min(_later(start, months=months), span.as_of)
        half = f"{start.year}H{1 if start.month <= 6 else 2}"
        half_start, half_stop = max(_half(start), span.start_on), min(_later(_half(start), months=6), span.as_of)
        found.append(
            Period(f"{start:%Y%m}", span.day(start), span.day(stop), half, span.day(half_start), span.day(half_stop))
        )
        start = stop
    return tuple(found)


def _later(on: date, *, months: int) -> date:
    """The first day of the next calendar block of `months`."""
    block = (on.year * 12 + on.month - 1) // months * months + months
    return date(block // 12, block % 12 + 1, 1)


def _half(on: date) -> date:
    return date(on.year, 1 if on.month <= 6 else 7, 1)
