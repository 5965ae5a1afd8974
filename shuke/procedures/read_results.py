"""Reading filled task sheets back."""

from pathlib import Path

from shuke.kernel.actor import Actor
from shuke.kernel.workspace import Workspace
from shuke.touches import adapters, rules
from shuke.touches.actions import record_rows
from shuke.touches.values import ResultRow, ResultsReport


def read_results(actor: Actor, *, workspace: Workspace, path: Path) -> ResultsReport:
    """Takes every row of a CSV or XLSX sheet that has a code and a known outcome; lists the others with their row.

    The header may stand in any of the first ten rows, columns in any order, rows sorted, cut or given twice. Of a
    workbook every sheet with a header is read. Raises `UnreadableSheet`, `NoHeader`.
    """
    del workspace  # tasks live in its database, which the process is bound to
    return record_rows(actor, rows=rows_in(adapters.read_table(path)))


def rows_in(sheets: list[list[list[str]]]) -> list[ResultRow]:
    """The filled rows of every sheet that has a header. Raises `NoHeader` where none has."""
    found: list[ResultRow] = []
    missing: rules.NoHeader | None = None
    read = 0
    for table in sheets:
        try:
            found.extend(rules.result_rows(table))
            read += 1
        except rules.NoHeader as error:
            missing = error
    if missing is not None and not read:
        raise missing
    return found
