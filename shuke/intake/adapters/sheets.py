"""Workbooks: XLSX, XLS and ODS through calamine, one part a sheet whose header is known."""

import mmap
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
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
_OLE = b"\xd0\xcf\x11\xe0"
_MOST = 512 * 1024 * 1024


class PasswordProtected(ShukeError):
    """A workbook is encrypted."""


class BrokenWorkbook(ShukeError):
    """A workbook is cut off or is not one."""


class WorkbookTooLarge(ShukeError):
    """A workbook would not fit into memory."""


def open_workbook(kept: Kept, *, scratch: Path, recognise: Recogniser) -> Opened:
    """The parts of a workbook: every sheet with a known header; other sheets that hold a table are `Unknown`.

    One sheet at a time is in memory, as the reader's own cells; rows become text one by one. Raises
    `WorkbookTooLarge` past 512 MB of sheets, which take about twice as much memory.
    """
    if kept.head.startswith(_OLE) and _encrypted(kept):
        raise _protected(kept)
    recognised: list[Recognised] = []
    unknown: list[Unknown] = []
    try:
        _check_size(kept)
        book = CalamineWorkbook.from_path(str(kept.path))
        for number, name in enumerate(book.sheet_names):
            found = _sheet(
                name,
                _rows(book, number),
                recognise=recognise,
                path=scratch / f"{kept.sha256[:16]}-{number}.rows",
            )
            if isinstance(found, Recognised):
                recognised.append(found)
            elif found is not None:
                unknown.append(found)
    except python_calamine.PasswordError as error:
        raise _protected(kept) from error
    except (python_calamine.CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise BrokenWorkbook(
            f"{kept.name} cannot be read as a workbook: it is cut off or damaged.",
            hint="Download or export it again, then import it.",
        ) from error
    return Opened(tuple(recognised), tuple(unknown))


def _rows(book: CalamineWorkbook, number: int) -> Iterator[list[str]]:
    """The rows of a sheet from its first row and column on, blank ones included."""
    sheet = book.get_sheet_by_index(number)
    before = [""] * (sheet.start or (0, 0))[1]  # the reader gives the blank rows above, not the blank columns beside
    yield from (before + _texts(row) for row in sheet.iter_rows())


def _sheet(name: str, rows: Iterator[list[str]], *, recognise: Recogniser, path: Path) -> Recognised | Unknown | None:
    """A sheet whose header is known, written to `path`; else its first rows; None where it holds no table."""
    first = list(islice(rows, _PREVIEW))
    known = recognise([_trimmed(row) for row in first])
    if known:
        header = known[0]
        width = len(header.names)
        write_rows((_cut(row, width) for row in chain(first[header.depth :], rows)), path, width=width)
        part = Part(name, header, rows_relation(path, width), width, Quirks(), "xlsx", SPARE)
        return Recognised(part, known[1])
    filled = islice((row for row in chain(first, rows) if any(row)), 2)
    return Unknown(name, tuple(tuple(_trimmed(row)) for row in first)) if len(list(filled)) > 1 else None


def _check_size(kept: Kept) -> None:
    size = kept.size
    if not kept.head.startswith(_OLE):
        with zipfile.ZipFile(kept.path) as archive:
            size = sum(item.file_size for item in archive.infolist() if item.filename.endswith(".xml"))
    if size > _MOST:
        raise WorkbookTooLarge(
            f"{kept.name} holds {size / 2**20:,.0f} MB of sheets, more than a workbook may ({_MOST / 2**20:,.0f} MB).",
            hint="Save it as CSV (UTF-8), which may be of any size, or export fewer months at a time.",
        )


def _protected(kept: Kept) -> PasswordProtected:
    return PasswordProtected(
        f"{kept.name} is protected by a password.",
        hint="Open it, remove the password (save as a plain .xlsx), and import that file.",
    )


def _encrypted(kept: Kept) -> bool:
    with kept.path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        return whole.find("EncryptedPackage".encode("utf-16-le")) >= 0


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
