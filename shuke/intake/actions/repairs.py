"""A mended quarantine file takes its rows out of the first batch's account, so that they count once."""

import duckdb

from shuke.intake.rules.repairs import is_repair, place
from shuke.intake.values import Part
from shuke.lake.actions import Run


def repaired_batch(cursor: duckdb.DuckDBPyConnection, part: Part) -> int | None:
    """The batch whose quarantine file a part is; None for any other part, and where several batches are mixed."""
    if not is_repair(part.header):
        return None
    found = cursor.execute(
        f"select distinct try_cast({place(part, '_batch')} as bigint) as batch from {part.relation}"
        " where batch is not null limit 2"
    ).fetchall()
    return int(found[0][0]) if len(found) == 1 else None


def take_back(run: Run, part: Part, *, batch_id: int) -> None:
    """Removes from import_rows the rejected rows of `batch_id` that the part brings back."""
    if not run.tables.get("import_rows"):
        return
    cursor = run.reader().cursor
    cursor.execute(
        "create or replace temp table brought_back as"
        f" select distinct try_cast({place(part, '_row')} as bigint) as row_no"
        f" from {part.relation}"
    )
    run.write(
        "import_rows",
        sql=f"select * from import_rows where not (batch_id = {batch_id} and outcome = 'quarantined'"
        " and row_no in (select row_no from brought_back))",
    )
