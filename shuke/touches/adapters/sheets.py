"""Task sheets out (XlsxWriter, csv) and in (calamine, csv)."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from charset_normalizer import from_bytes
from python_calamine import CalamineError, CalamineWorkbook

from shuke.kernel.errors import ShukeError
from shuke.touches.rules import safe_text
from shuke.touches.values import SHEET_COLUMNS

_WIDTHS = {"script": 60, "why": 36, "offer": 22, "note": 28, "outcome": 16, "task_code": 11, "store": 12, "send_on": 12}
_GREY = frozenset({"customer_id", "source", "source_row_id", "arm", "offer_strength_share"})
# Excel's own limit is 1,048,576 rows a sheet.
_SHEET_ROWS = 1_000_000
_MAX_BYTES = 50_000_000


class UnreadableSheet(ShukeError):
    """A results file that cannot be read."""


def write_csv(path: Path, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """UTF-8 with BOM; texts that look like formulas get an apostrophe. Replaced whole or not at all."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(SHEET_COLUMNS)
    writer.writerows([_cell(row[name]) for name in SHEET_COLUMNS] for row in rows)
    _replace(path, content=b"\xef\xbb\xbf" + text.getvalue().encode())


def write_xlsx(path: Path, *, rows: Sequence[Mapping[str, Any]], outcomes: Sequence[str], guide: Sequence[str]) -> None:
    """A sheet that is pleasant to fill: header frozen, outcomes to choose from, a page that tells how. Stable bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC)})
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#E7F1EE", "bottom": 1, "valign": "vcenter"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "grey": book.add_format({"font_color": "#8F8778", "valign": "top"}),
        "fill": book.add_format(
            {"bg_color": "#FBF0E7", "text_wrap": True, "valign": "top", "border": 1, "border_color": "#CFC8BA"}
        ),
    }
    for part in range(max(1, -(-len(rows) // _SHEET_ROWS))):
        name = "tasks" if part == 0 else f"tasks {part + 1}"
        _fill(
            book.add_worksheet(name),
            rows=rows[part * _SHEET_ROWS : (part + 1) * _SHEET_ROWS],
            formats=formats,
            outcomes=outcomes,
        )
    page = book.add_worksheet("怎么填 How to")
    page.set_column(0, 0, 96)
    for number, line in enumerate(guide):
        page.write_string(number, 0, line, formats["text"])
    book.close()
    _replace(path, content=buffer.getvalue())


def write_parquet(path: Path, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same columns as Parquet; texts untouched."""
    table = pa.table({name: [row[name] for row in rows] for name in SHEET_COLUMNS})
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    _replace(path, content=buffer.getvalue())


def _fill(
    sheet: Any, *, rows: Sequence[Mapping[str, Any]], formats: Mapping[str, Any], outcomes: Sequence[str]
) -> None:
    for place, name in enumerate(SHEET_COLUMNS):
        sheet.write_string(0, place, name, formats["head"])
        sheet.set_column(place, place, _WIDTHS.get(name, 13))
    for number, row in enumerate(rows, start=1):
        for place, name in enumerate(SHEET_COLUMNS):
            style = formats["fill" if name in ("outcome", "note") else "grey" if name in _GREY else "text"]
            value = row[name]
            if isinstance(value, float):
                sheet.write_number(number, place, value, style)
            else:
                sheet.write_string(number, place, _cell(value), style)
    sheet.freeze_panes(1, 1)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(SHEET_COLUMNS) - 1)
        place = SHEET_COLUMNS.index("outcome")
        sheet.data_validation(1, place, len(rows), place, {"validate": "list", "source": list(outcomes)})
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _cell(value: Any) -> str:
    return safe_text(value) if isinstance(value, str) else str(value)


def _replace(path: Path, *, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise UnreadableSheet(f"{path} cannot be written: {error.strerror}.", hint="Choose another place.") from error
    finally:
        part.unlink(missing_ok=True)


def read_table(path: Path) -> list[list[list[str]]]:
    """Every sheet of a results file as rows of texts; a CSV is one sheet. Raises `UnreadableSheet`."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= _MAX_BYTES else b""
    except OSError as error:
        raise UnreadableSheet(f"{path} cannot be opened: {error.strerror}.", hint="Check the name.") from error
    if size > _MAX_BYTES:
        raise UnreadableSheet(
            f"{path} is too large for a results sheet ({size:,} bytes).", hint="Send the task sheets only."
        )
    if not content.strip():
        raise UnreadableSheet(f"{path} is empty.", hint="Save the filled sheet again.")
    if content[:4] == b"PK\x03\x04" or content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _read_workbook(path)
    return [list(csv.reader(io.StringIO(_decoded(content, path=path))))]


def _read_workbook(path: Path) -> list[list[list[str]]]:
    try:
        book = CalamineWorkbook.from_path(str(path))
        return [
            [[_text(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python()]
            for name in book.sheet_names
        ]
    except (CalamineError, OSError) as error:
        raise UnreadableSheet(
            f"{path} is not a workbook that can be read: {error}.",
            hint="Remove its password, or save it as .xlsx again.",
        ) from error


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _decoded(content: bytes, *, path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    best = from_bytes(content).best()
    if best is None or "\0" in str(best):
        raise UnreadableSheet(f"{path} is not a table of text.", hint="Save it as CSV or XLSX.")
    return str(best)
