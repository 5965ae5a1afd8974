"""What all writers of one run share, and how the span is cut into export periods."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shuke.demo.actions.ledger import Ledger
from shuke.demo.adapters import CsvExport
from shuke.demo.values import NEVER, People, Planted, Profile, Span, World


@dataclass(frozen=True)
class Session:
    """One run: the world, its people, where files and truth go.

    Files are exported at the start of day `until` and tell only of days before it. Where the run continues an earlier
    one, that run wrote the days before `since` (else -NEVER): they are gone through again for the truth, not written.
    """

    world: World
    people: People
    profile: Profile
    planted: Planted
    folder: Path
    ledger: Ledger
    since: int
    until: int

    @property
    def continues(self) -> bool:
        """Whether an earlier run wrote the days before `since`."""
        return self.since > -NEVER

    @property
    def stamp(self) -> str:
        """What is put behind the names of files that tell of some days only; empty where they tell of all."""
        if not self.continues:
            return ""
        first, last = self.world.span.date(self.since), self.world.span.date(self.until - 1)
        return f"_{first:%Y%m%d}-{last:%Y%m%d}"

    def csv(self, name: str, *, header: str, encoding: str = "utf-8", end: int | None = None) -> CsvExport:
        """A file of this run; nothing is written where it ends (`end`, excluded) before the days of this run."""
        writes = end is None or end > self.since
        return CsvExport(self.folder / name, header=header, encoding=encoding, writes=writes)


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


def periods(span: Span, *, months: int, since: int, until: int) -> tuple[Period, ...]:
    """Calendar periods of `months` (1 or 3) before day `until`; from day `since` on one period of its own."""
    edges = {since, until}
    found = []
    start = span.start_on
    while span.day(start) < until:
        begin = span.day(start)
        stop = min([span.day(_later(start, months=months)), *(edge for edge in edges if edge > begin)])
        half_first = max(span.day(_half(start)), 0)
        half_end = min([span.day(_later(_half(start), months=6)), *(edge for edge in edges if edge > begin)])
        label, half = f"{start:%Y%m}", f"{start.year}H{1 if start.month <= 6 else 2}"
        if 0 < since <= begin:
            label = half = f"{span.date(since):%Y%m%d}-{span.date(until - 1):%Y%m%d}"
            stop, half_first, half_end = until, since, until
        found.append(Period(label, begin, stop, half, half_first, half_end))
        start = span.date(stop)
    return tuple(found)


def _later(on: date, *, months: int) -> date:
    """The first day of the next calendar block of `months`."""
    block = (on.year * 12 + on.month - 1) // months * months + months
    return date(block // 12, block % 12 + 1, 1)


def _half(on: date) -> date:
    return date(on.year, 1 if on.month <= 6 else 7, 1)
