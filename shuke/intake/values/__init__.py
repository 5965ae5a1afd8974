"""What intake knows: mappings, raw parts, and what became of each file."""

from shuke.intake.values.mapping import Channel, Choice, Kind, Reason, Rule, Shape
from shuke.intake.values.parts import Header, Kept, Opened, Part, Quirks, Recognised, TextSource, Unknown
from shuke.intake.values.reports import FileReport, ImportReport, PartReport
from shuke.intake.values.schema import Field, NoteKind, Observed, SchemaNote

__all__ = [
    "Channel",
    "Choice",
    "Field",
    "FileReport",
    "Header",
    "ImportReport",
    "Kept",
    "Kind",
    "NoteKind",
    "Observed",
    "Opened",
    "Part",
    "PartReport",
    "Quirks",
    "Reason",
    "Recognised",
    "Rule",
    "SchemaNote",
    "Shape",
    "TextSource",
    "Unknown",
]
