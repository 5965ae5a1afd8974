"""Typing a part in one pass: its text columns become values, in the order of the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from shuke.intake.adapters import text
from shuke.intake.rules.pieces import Setting
from shuke.intake.rules.typing import typing
from shuke.intake.values import Part, Recognised
from shuke.lake.rules import literal

# Read once and thrown away: neither compressed nor looked through for repeated words.
_PASSING = (
    "format parquet, compression uncompressed, dictionary_size_limit 1, write_bloom_filter false, preserve_order true"
)


@dataclass(frozen=True)
class Typed:
    """A part whose rows stand typed, in file order, in the file `passing`, with reason and cells where that failed.

    `fields` are the header names that each target was read from.
    """

    recognised: Recognised
    fields: Mapping[str, str]
    passing: Path


def type_rows(cursor: duckdb.DuckDBPyConnection, recognised: Recognised, *, setting: Setting, passing: Path) -> Typed:
    """Types the rows of a part. The strict parallel reading is tried first; what it refuses decides the next one."""
    part, tried = recognised.part, set[str]()
    while True:
        attempt = Recognised(part, recognised.channel)
        statement = typing(attempt, setting)
        try:
            cursor.execute(f"copy ({statement.sql}) to {literal(str(passing))} ({_PASSING})").fetchall()
        except duckdb.Error as error:
            way = _next_way(part, str(error), tried=tried)
            if way is None:
                raise
            tried.add(way)
            part = _again(part, way, scratch=passing.parent)
        else:
            return Typed(attempt, statement.fields, passing)


def _next_way(part: Part, message: str, *, tried: set[str]) -> str | None:
    """How to read a text again after the engine's complaint; None where no other reading can help."""
    if part.text is None or not any(word in message for word in ("CSV", "unicode", "state machine")):
        return None
    wanted = "whole" if "unicode" in message.lower() or "utf-8" in message.lower() else "patient"
    wanted = "serial" if "quoted new lines" in message else wanted
    left = [way for way in (wanted, "patient") if way not in tried]
    return left[0] if left else None


def _again(part: Part, way: str, *, scratch: Path) -> Part:
    if way == "serial":
        return text.serial(part)
    return text.redecoded(part, scratch=scratch) if way == "whole" else text.rewritten(part, scratch=scratch)
