"""What intake knows: mappings, raw parts, and what became of each file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class Kind(StrEnum):
    """What the rows of a file are; each kind is staged into its own tables."""

    SALES = "sales"
    PERSONS = "persons"
    INTERACTIONS = "interactions"
    CONSENTS = "consents"
    COUPONS = "coupons"
    COSTS = "costs"


class Shape(StrEnum):
    """How the text of a cell becomes a value."""

    TEXT = "text"
    ID = "id"  # text whose destruction by a spreadsheet (1.2E+17) is an error
    CODE = "code"  # one of the words of `Channel.values`
    MONEY = "money"  # minor units
    PRICE = "price"  # decimal(18,6)
    QUANTITY = "quantity"  # decimal(18,3)
    WHOLE = "whole"  # bigint
    INSTANT = "instant"  # UTC timestamp
    DAY = "day"  # date
    PHONE = "phone"
    FLAG = "flag"


class Reason(StrEnum):
    """Why a row was not staged."""

    WRONG_WIDTH = "wrong_width"
    REPEATED_HEADER = "repeated_header"
    TOTAL_ROW = "total_row"
    ID_DESTROYED = "id_destroyed"
    BAD_ENCODING = "bad_encoding"
    REPEATED_EXPORT = "repeated_export"
    REPEATED_ROW = "repeated_row"


@dataclass(frozen=True)
class Rule:
    """Where a target's text comes from: the first filled, the sum or the joined text of `columns` (header names)."""

    columns: tuple[str, ...]
    how: str = "first"  # first | sum | join | words (joined by a blank)


@dataclass(frozen=True)
class Choice:
    """A code read from a column: `words` maps what the file writes to the code, `otherwise` is for all the rest."""

    column: str
    words: Mapping[str, str]
    otherwise: str


@dataclass(frozen=True)
class Channel:
    """One mapping: how the export of one system is recognised and read. Made from one YAML file.

    `signature` lists groups of header names; a file is recognised when each group has a name in its header.
    `share` is the least share of the file's columns that the mapping must know (0 where the signature is enough).
    """

    code: str
    source: str
    version: int
    kind: Kind
    signature: tuple[tuple[str, ...], ...]
    columns: Mapping[str, Rule]
    zh: str = ""
    en: str = ""
    share: float = 0.0
    priority: int = 0
    grain: str = "line"
    grain_choice: Choice | None = None
    negative: Choice | None = None  # rows whose amounts are turned negative (otherwise: "")
    refunded: Choice | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    numbers_lines: bool = False
    dated_by_number: bool = False  # the order number begins with the day, yymmdd-
    currency: str = ""
    timezone: str = ""
    country: str = "CN"
    virtual_phones: bool = False
    date_order: str = ""
    split_by: str = ""
    minor_units: bool = False  # amounts are whole numbers of cents
    rows: str = ""  # JSON: the list inside a record whose elements make its rows
    lists: Mapping[str, str] = field(default_factory=dict)  # JSON: how values of other lists become one: sum | first
    utc: bool = False  # instants without an offset are UTC
    blanks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # words that mean nothing (customer 0: a guest)
    prefixes: Mapping[str, str] = field(default_factory=dict)  # set before an id that is not unique by itself
    own: bool = False  # from the shop's own folder


@dataclass(frozen=True)
class Header:
    """The header found: names as written, the same under their group title, and where the data begin.

    `depth` counts the rows (records) up to and with the header, `lines` the physical lines of text.
    """

    names: tuple[str, ...]
    paths: tuple[str, ...]
    depth: int
    lines: int = 0


@dataclass(frozen=True)
class Quirks:
    """What the bytes of a file contain, so that cells are cleaned only of what occurs."""

    blanks: bool = True  # tabs, ideographic or no-break spaces, zero-width marks
    edges: bool = True  # spaces beside a delimiter, a quote or a line end
    guards: bool = True  # ="123"
    apostrophes: bool = True
    damaged: bool = False  # bytes that no encoding explains


@dataclass(frozen=True)
class TextSource:
    """A delimited text file as UTF-8, from which a part can be read once more, slowly and forgivingly."""

    path: Path
    delimiter: str


@dataclass(frozen=True)
class Part:
    """One export inside a file, ready for the engine: `relation` gives text columns c0, c1, ... in file order.

    `width` is the number of header columns; the relation has `spare` columns more, null where a row is not longer.
    A null inside the width means that the row was too short. `text` is there while a second reading is possible.
    """

    name: str
    header: Header
    relation: str
    width: int
    quirks: Quirks
    encoding: str = ""
    spare: int = 4
    text: TextSource | None = None


@dataclass(frozen=True)
class Recognised:
    """A part with the mapping that reads it."""

    part: Part
    channel: Channel


@dataclass(frozen=True)
class Unknown:
    """A table whose header no mapping knows: its name inside the file and its first rows."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Opened:
    """What a file holds: parts that mappings know, and tables that none knows."""

    recognised: tuple[Recognised, ...]
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True)
class Kept:
    """A file copied beside the lake under the hash of its bytes: `name` as the user knows it."""

    name: str
    path: Path
    sha256: str
    size: int
    quirks: Quirks
    head: bytes


class NoteKind(StrEnum):
    """What an export told differently than expected."""

    UNKNOWN_WORD = "unknown_word"
    NEW_COLUMN = "new_column"
    COLUMN_GONE = "column_gone"
    COLUMN_RENAMED = "column_renamed"
    COLUMN_CHANGED = "column_changed"
    COLUMN_TWICE = "column_twice"
    MASKED = "masked"
    ENCRYPTED = "encrypted"
    VIRTUAL = "virtual"


@dataclass(frozen=True)
class SchemaNote:
    """One such thing: the target (`field`), the column, the word or the new name, and the staged rows it touches.

    `unread` says that nothing is read any more in the place of the column.
    """

    kind: NoteKind
    field: str
    column: str = ""
    word: str = ""
    rows: int = 0
    orders: int = 0
    amount_minor: int = 0
    unread: bool = False

    def as_document(self) -> dict[str, Any]:
        """The note's entry in `shuke import --json` and in its batch."""
        return {
            "kind": self.kind.value,
            "field": self.field,
            "column": self.column,
            "word": self.word,
            "rows": self.rows,
            "orders": self.orders,
            "amount_minor": self.amount_minor,
        }


@dataclass(frozen=True)
class Field:
    """What a target looked like in an export: its columns, the share of rows that fill it, and the kind of values.

    `shape` is `whole` or `decimal` for money, `digits` or `text` for ids, empty for all else; `median` is of money.
    """

    columns: tuple[str, ...]
    filled: float = 0.0
    shape: str = ""
    median: float = 0.0


@dataclass(frozen=True)
class Observed:
    """What an export looked like: its columns, its targets, and how many rows were looked at."""

    columns: tuple[str, ...]
    fields: Mapping[str, Field] = field(default_factory=dict)
    rows: int = 0

    def as_document(self) -> dict[str, Any]:
        """What a batch keeps of it."""
        return {
            "columns": list(self.columns),
            "rows": self.rows,
            "fields": {
                target: {"columns": list(one.columns), "filled": one.filled, "shape": one.shape, "median": one.median}
                for target, one in self.fields.items()
            },
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Observed":
        """The same, back from a batch."""
        fields = {
            target: Field(tuple(one["columns"]), one["filled"], one["shape"], one["median"])
            for target, one in document.get("fields", {}).items()
        }
        return cls(tuple(document.get("columns", ())), fields, document.get("rows", 0))


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
