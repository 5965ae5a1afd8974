"""What became of the rows of each file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shuke.intake.values.schema import SchemaNote


@dataclass(frozen=True)
class PartReport:
    """What became of one part's rows; `rows_read` is the sum of the other three."""

    part: str
    batch_id: int
    mapping: str
    rows_read: int
    staged: int
    duplicate: int
    quarantined: int
    reasons: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    quarantine_file: str = ""
    notes: tuple[SchemaNote, ...] = ()
    totals: Mapping[str, int] = field(default_factory=dict)

    def as_document(self) -> dict[str, Any]:
        """The part's entry in `shuke import --json`."""
        return {
            "part": self.part,
            "batch_id": self.batch_id,
            "mapping": self.mapping,
            "rows_read": self.rows_read,
            "staged": self.staged,
            "duplicate": self.duplicate,
            "quarantined": self.quarantined,
            "reasons": dict(self.reasons),
            "schema_changes": [note.as_document() for note in self.notes],
            "control_totals": dict(self.totals),
        }


@dataclass(frozen=True)
class FileReport:
    """One file of an import. A refused file has `error`, `hint` and `error_code` (its kind); nothing was staged."""

    file: str
    source: str
    rows_read: int = 0
    staged: int = 0
    duplicate: int = 0
    quarantined: int = 0
    already_imported: bool = False
    parts: tuple[PartReport, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""
    hint: str = ""
    error_code: str = ""

    @property
    def quarantine_file(self) -> str:
        """Where the rejected rows stand, inside the workspace; empty where there are none."""
        return ", ".join(f"quarantine/{part.quarantine_file}" for part in self.parts if part.quarantine_file)

    @property
    def totals(self) -> dict[str, int]:
        """Sums to check against the system that wrote the file: members with opening points, and all their points."""
        found: dict[str, int] = {}
        for part in self.parts:
            for name, total in part.totals.items():
                found[name] = found.get(name, 0) + total
        return found

    def as_document(self) -> dict[str, Any]:
        """The file's entry in `shuke import --json`."""
        document: dict[str, Any] = {
            "file": self.file,
            "source": self.source,
            "rows_read": self.rows_read,
            "staged": self.staged,
            "duplicate": self.duplicate,
            "quarantined": self.quarantined,
            "already_imported": self.already_imported,
            "quarantine_file": self.quarantine_file,
            "warnings": list(self.warnings),
            "schema_changes": [note.as_document() for part in self.parts for note in part.notes],
            "control_totals": self.totals,
            "parts": [part.as_document() for part in self.parts],
        }
        return {**document, "error": self.error, "hint": self.hint} if self.error else document


@dataclass(frozen=True)
class ImportReport:
    """All files of one import, in the order given; `seconds` is wall-clock time."""

    files: tuple[FileReport, ...]
    seconds: float = 0.0

    @property
    def refused(self) -> tuple[FileReport, ...]:
        """The files that were not imported."""
        return tuple(file for file in self.files if file.error)

    @property
    def ok(self) -> bool:
        """Whether every file was read to its end."""
        return not self.refused

    def as_document(self) -> dict[str, Any]:
        """The document of `shuke import --json` (CONTRACTS: import)."""
        return {"files": [file.as_document() for file in self.files]}
