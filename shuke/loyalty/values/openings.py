"""What a file of opening balances holds, and what became of it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class OpeningTotals:
    """Control totals: points of all rows, and different members."""

    points: int
    members: int


@dataclass(frozen=True)
class OpeningRequest:
    """What to load: a file, the totals that it must have, and what holds for rows that say nothing of their own.

    `expires_on` is the last day of points without a date of their own (None: they never end).
    """

    path: Path
    totals: OpeningTotals
    expires_on: date | None = None


@dataclass(frozen=True)
class OpeningReport:
    """What a load did: good rows and their totals, rows put aside by reason and the file that holds them.

    `loaded` counts members written now, `known` those whom an earlier, interrupted load of this file had written.
    """

    rows: int
    points: int
    members: int
    quarantined: dict[str, int]
    quarantine: Path | None
    loaded: int
    known: int
    seconds: float
