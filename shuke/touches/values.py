"""Outcomes, sheets and reports."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

# Columns of a task sheet, in the contract's order.
SHEET_COLUMNS = (
    "task_code", "play", "store", "associate", "customer_id", "source", "source_row_id", "name", "channel", "script",
    "offer", "offer_strength_share", "send_on", "best_time", "why", "arm", "outcome", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """One kind of result: its words, whether the person was reached and replied, and what it blocks ('' nothing)."""

    code: str
    zh: str
    en: str
    reached: bool
    replied: bool
    blocks: str
    also: tuple[str, ...]

    def words(self, language: str) -> str:
        """The word that sheets and pages show."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True)
class Candidate:
    """One treated person as a task is made of."""

    customer_id: int
    store: str
    associate: str
    channel: str
    value_minor: int


@dataclass(frozen=True)
class Placed:
    """Who does it, and on which day."""

    customer_id: int
    store: str
    associate: str
    send_on: date


@dataclass(frozen=True)
class ResultRow:
    """One row of a filled sheet: its place in the file, and the three cells that count."""

    row: int
    code: str
    outcome: str
    note: str


@dataclass(frozen=True)
class Problem:
    """A row that could not be taken, and what to do about it; `reason` is the kind of trouble, for pages' own words."""

    row: int
    code: str
    message: str
    reason: str = ""


@dataclass(frozen=True)
class ResultsReport:
    """What reading a sheet did: rows with an outcome taken, equal to what was known, changed; rows left empty."""

    rows: int
    taken: int
    unchanged: int
    changed: int
    empty: int
    problems: tuple[Problem, ...]

    def as_document(self) -> dict[str, Any]:
        """The report for machines."""
        return {
            "rows": self.rows,
            "taken": self.taken,
            "unchanged": self.unchanged,
            "changed": self.changed,
            "empty": self.empty,
            "problems": [{"row": p.row, "task_code": p.code, "message": p.message} for p in self.problems],
        }


@dataclass(frozen=True)
class TaskFile:
    """One sheet written."""

    path: Path
    store: str
    associate: str
    tasks: int


@dataclass(frozen=True)
class TaskSheets:
    """The sheets written; `kept` are older ones with outcomes that were never read, put aside under another name."""

    files: tuple[TaskFile, ...]
    tasks: int
    kept: tuple[Path, ...] = ()

    def as_document(self) -> dict[str, Any]:
        """The report for machines."""
        return {
            "tasks": self.tasks,
            "files": [
                {"file": str(f.path), "store": f.store, "associate": f.associate, "tasks": f.tasks} for f in self.files
            ],
        }


@dataclass(frozen=True)
class TaskView:
    """One task as pages show it; the name is masked unless the actor may see it."""

    id: int
    code: str
    proposal_id: int
    play: str
    play_name: str
    store: str
    associate: str
    customer_id: int
    name: str
    channel: str
    channel_code: str
    words: str
    offer: str
    send_on: date
    best_time: str
    why: str
    state: str
    outcome: str
    outcome_words: str
    note: str
    value_minor: int


@dataclass(frozen=True)
class StoreTasks:
    """How far a store (or an associate of it) is with its tasks.

    `rolled` of the open ones came from an earlier week; `days` are (day, open tasks); `capacity` is tasks a day, 0
    where it was not asked for.
    """

    store: str
    associate: str
    tasks: int
    done: int
    expired: int = 0
    rolled: int = 0
    days: tuple[tuple[date, int], ...] = ()
    capacity: int = 0

    @property
    def open(self) -> int:
        """Tasks still to be done."""
        return self.tasks - self.done - self.expired


@dataclass(frozen=True)
class Rolled:
    """What a new week did to unfinished tasks: moved into it, or expired."""

    rolled: int
    expired: int
