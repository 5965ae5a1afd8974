"""Rows that could not be staged, in a file that a person can mend and import again."""

import csv
import re
from pathlib import Path

import duckdb

from shuke.intake.models import Batch
from shuke.intake.rules.repairs import EXTRA, own_places
from shuke.intake.values import Part
from shuke.kernel.ids import stable_hash

_NAME = re.compile(r"[^\w.\-]+")
_BLOCK = 10_000
_HIDDEN, _PART = ".", ".part"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
# Numbers, blank marks and ="123" are no danger, and the import knows them as they are.
_HARMLESS = re.compile(r'[-+]*[\d.,% ]*|="[^"]*"')


def write_quarantine(cursor: duckdb.DuckDBPyConnection, part: Part, *, batch_id: int, file: str, folder: Path) -> str:
    """Writes the rejected rows of `typed` in file order as CSV (UTF-8 with BOM) and gives the file's name.

    It stands under a passing name until `settle_quarantine`.

    A cell that a spreadsheet would take for a formula gets an apostrophe, which the import takes off again: buyers
    write names and remarks. The columns are the export's own, then batch, row number, reason and detail. Rows of
    wrong width are padded or cut; the detail then tells the cells that do not fit, and a mark by which an untouched
    row is known again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{batch_id}-{_NAME.sub('_', file)[:120]}.csv"
    passing = folder / f"{_HIDDEN}{name}{_PART}"
    own = own_places(part.header)
    twice = {title for title in part.header.names if part.header.names.count(title) > 1}
    titles = [
        part.header.paths[place] if part.header.names[place] in twice else part.header.names[place] for place in own
    ]
    found = cursor.execute(
        "select raw, row_no, reason, detail from typed where reason is not null and reason <> 'blank' order by row_no"
    )
    with passing.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([*titles, *EXTRA])
        while rows := found.fetchmany(_BLOCK):
            for raw, row_no, reason, detail in rows:
                cells = [_safe(raw[place] or "") for place in own]
                told = _width(raw, cells, expected=part.width) if reason == "wrong_width" else detail or ""
                writer.writerow([*cells, batch_id, row_no, reason, told])
    return name


def settle_quarantine(folder: Path) -> None:
    """Gives the files of published batches their names, and removes those of batches that never came to be."""
    for path in folder.glob(f"{_HIDDEN}*{_PART}"):
        name = path.name.removeprefix(_HIDDEN).removesuffix(_PART)
        if Batch.objects.filter(quarantine_file=name).exists():
            path.replace(folder / name)
        else:
            path.unlink(missing_ok=True)


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_DANGEROUS) and not _HARMLESS.fullmatch(cell) else cell


def _width(raw: list[str | None], cells: list[str], *, expected: int) -> str:
    given = [cell for cell in raw if cell is not None]
    beyond = " | ".join(given[expected:])
    mark = stable_hash("\x1f".join(cells))
    return f"{len(given)} cells, {expected} expected{': ' + beyond if beyond else ''} #{mark}"
