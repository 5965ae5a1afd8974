"""What an export looked like, and what it told differently than expected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


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
