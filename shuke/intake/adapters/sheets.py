"""Workbooks: XLSX, XLS and ODS through calamine, one part a sheet whose header is known."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine
from python_calamine import CalamineWorkbook

from shuke.intake.adapters.text import SPARE, Recogniser, rows_relation, write_rows
from shuke.intake.values import Kept, Opened, Part, Quirks, Recognised, Unknown
from shuke.kernel.errors import ShukeError

# A spreadsheet keeps fifteen digits; a longer number lost its end.
_EXACT = 10**15
_PREVIEW = 60


class PasswordProtected(ShukeError):
    """A workbook is encrypted."""


class BrokenWorkbook(ShukeError):
    """A workbook is cut off or is not one."""


def open_workbook(kept: Kept, *, scratch: Path, recognise: Recogniser) -> Opened:
    """The parts of a workbook: every sheet with a known header; other sheets that hold a table are `Unknown`."""
    if kept.head.startswith(b"\xd0\xcf\x11\xe0") and _encrypted(kept):
        raise _protected(kept)
    recognised: list[Recognised] = []
    unknown: list[Unknown] = []
    try:
        book = CalamineWorkbook.from_path(str(kept.path))
        for number, name in enumerate(book.sheet_names):
            rows = [_texts(row) for row in book.get_sheet_by_index(number).to_python(skip_empty_area=False)]
            known = recognise([_trimmed(row) for row in rows[:_PREVIEW]])
            if known:
                header = known[0]
                width = len(header.names)
                path = write_rows(
                    (_cut(row, width) for row in rows[header.depth :]),
                    scratch / f"{kept.sha256[:16]}-{number}.rows",
                    width=width,
                )
                part = Part(name, header, rows_relation(path, width), width, Quirks(), "xlsx", SPARE)
                recognised.append(Recognised(part, known[1]))
            elif sum(1 for row in rows if any(row)) > 1:
                unknown.append(Unknown(name, tuple(tuple(_trimmed(row)) for row in rows[:_PREVIEW])))
    except python_calamine.PasswordError as error:
        raise _protected(kept) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise BrokenWorkbook(
            f"{kept.name} cannot be read as a workbook: it is cut off or damaged.",
            hint="Download or export it again, then import it.",
        ) from error
    return Opened(tuple(recognised), tuple(unknown))


def _protected(kept: Kept) -> PasswordProtected:
    return PasswordProtected(
        f"{kept.name} is protected by a password.",
        hint="Open it, remove the password (save as a plain .xlsx), and import that file.",
    )


def _encrypted(kept: Kept) -> bool:
    return "EncryptedPackage".encode("utf-16-le") in kept.path.read_bytes()


def _texts(row: Sequence[Any]) -> list[str]:
    return [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    """A cell as the text that a CSV of the same sheet would hold, dates in ISO order."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        if cell == int(cell):
            return str(int(cell)) if abs(cell) < _EXACT else f"{cell:.5E}"
        return repr(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else ""


def _trimmed(row: Sequence[str]) -> list[str]:
    cells = list(row)
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _cut(row: Sequence[str], width: int) -> list[str]:
    """A sheet's rows are as wide as its widest: blank cells beyond the header are not there."""
    return [*row[:width], *_trimmed(row[width:])]
