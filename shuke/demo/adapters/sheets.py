"""Workbooks, and task sheets as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import xlsxwriter

Cell = str | int | float | None
Heading = Sequence[tuple[str, int]]


def write_xlsx(
    path: Path, *, sheet: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], groups: Heading = ()
) -> None:
    """Writes one sheet; `groups` are merged cells of a heading above the header, each with the columns that it spans.

    The workbook carries a fixed creation time, so equal rows give equal bytes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    )
    book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC), "author": ""})
    page = book.add_worksheet(sheet)
    line = 0
    if groups:
        column = 0
        for title, width in groups:
            page.merge_range(0, column, 0, column + width - 1, title)
            column += width
        line = 1
    for row in chain([header], rows):
        page.write_row(line, 0, row)
        line += 1
    book.close()


def read_sheet(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV sheet, without the apostrophe that keeps a text from being a formula."""
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    return [{name: cell.removeprefix("'") for name, cell in row.items()} for row in rows]


def write_sheet(path: Path, *, rows: Sequence[dict[str, str]]) -> None:
    """Writes rows as a spreadsheet program saves CSV."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())
