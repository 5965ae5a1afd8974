"""XLSX of the check-up."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter

Cell = str | int | float | date | None
Sheet = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_workbook(path: Path, *, sheets: Iterable[Sheet]) -> None:
    """Writes sheets of (name, header, rows). Text that could be read as a formula gets a leading apostrophe.

    Equal content gives an equal file: the creation date is fixed.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC)})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, header, rows in sheets:
            sheet = book.add_worksheet(_sheet_name(name))
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(len(header) - 1, 0), 16)
            for column, title in enumerate(header):
                sheet.write_string(0, column, title, bold)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(number, column, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(number, column, safe(value))
                    elif value is not None:
                        sheet.write_number(number, column, value)


def safe(value: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def _sheet_name(name: str) -> str:
    return "".join(" " if letter in "[]:*?/\\" else letter for letter in name)[:31]
