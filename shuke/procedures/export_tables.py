"""Writing orders, lines, customers, identity, segments and metrics to CSV, XLSX or Parquet, as the contract has them.

Values are exported as the contract's version 1 says: ids and phones as text, money in minor units, instants with
offset in CSV and XLSX and as UTC timestamps in Parquet. Rows are sorted, so unchanged data gives equal files.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.errors import ShukeError, WrongUse
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import NotBuilt, Reader, open_reader
from shuke.lake.rules import literal
from shuke.metrics.rules import VALUE_SQL
from shuke.procedures.refresh import ensure

# Excel's own limit is 1,048,576 rows a sheet; a round number below it leaves room for the header.
_SHEET_ROWS = 1_000_000


@dataclass(frozen=True)
class Column:
    """One exported column: its name, the SQL that gives it, and its kind (text, number, instant, day, flag)."""

    name: str
    sql: str
    kind: str = "text"


@dataclass(frozen=True)
class Export:
    """One exportable table: the relation it reads, in which order."""

    columns: tuple[Column, ...]
    relation: str
    order: str


_CUSTOMERS = """(
  select p.customer_id, mask_name(p.name) as name, mask_phone(p.phone) as phone, p.birthday, p.city,
    o.first_on, o.last_on, coalesce(o.orders, 0) as orders, coalesce(o.net_minor, 0) as net_minor,
    {stage} as stage, {layer} as layer, p.store, p.associate
  from customer_profiles p
  left join (
    select customer_id, min(ordered_on) filter (not is_return) as first_on,
      max(ordered_on) filter (not is_return) as last_on,
      count(*) filter (not is_return and gross_minor > 0) as orders, sum(net_minor) as net_minor
    from orders where counted and customer_id is not null group by customer_id
  ) o on o.customer_id = p.customer_id
  {join}
)"""


def _customers(lake: Reader) -> Export:
    staged = lake.has("lifecycle")
    layered = lake.has("layers")
    join = "left join lifecycle l on l.customer_id = p.customer_id" if staged else ""
    join += " left join layers y on y.customer_id = p.customer_id" if layered else ""
    return Export(
        (
            Column("customer_id", "customer_id::varchar"),
            Column("name", "name"),
            Column("phone", "phone"),
            Column("birthday", "birthday", "day"),
            Column("city", "city"),
            Column("first_order_on", "first_on", "day"),
            Column("last_order_on", "last_on", "day"),
            Column("orders", "orders", "number"),
            Column("net_minor", "net_minor", "number"),
            Column("stage", "stage"),
            Column("layer", "layer"),
            Column("owner_store", "store"),
            Column("owner_associate", "associate"),
        ),
        _CUSTOMERS.format(
            stage="l.stage" if staged else "null::varchar",
            layer="y.layer" if layered else "null::varchar",
            join=join,
        ),
        "customer_id",
    )


_ORDERS = Export(
    (
        Column("source", "source"),
        Column("order_no", "order_no"),
        Column("ordered_at", "ordered_at", "instant"),
        Column("store", "store"),
        Column("gross_minor", "gross_minor", "number"),
        Column("net_minor", "net_minor", "number"),
        Column("currency", "currency"),
        Column("status", "status"),
        Column("customer_id", "customer_id::varchar"),
        Column("counted", "counted", "flag"),
        Column("duplicate_of", "duplicate_of"),
        Column("duplicate_of_source", "duplicate_of_source"),
        Column("associate", "associate"),
        Column("is_return", "is_return", "flag"),
    ),
    "orders",
    "source, order_no",
)


_LINES = Export(
    (
        Column("source", "source"),
        Column("order_no", "order_no"),
        Column("line_no", "line_no"),
        Column("sku", "sku"),
        Column("product", "product"),
        Column("quantity", "quantity", "number"),
        Column("amount_minor", "amount_minor", "number"),
        Column("currency", "currency"),
        Column("line_kind", "line_kind"),
        Column("refund_minor", "refund_minor", "number"),
        Column("counted", "counted", "flag"),
    ),
    "order_lines",
    "source, order_no, position",
)


_IDENTITY = Export(
    (
        Column("source", "source"),
        Column("source_row_id", "source_row_id"),
        Column("customer_id", "customer_id::varchar"),
        Column("customer_id_automatic", "customer_id_automatic::varchar"),
        Column("probability", "probability", "number"),
        Column("band", "band"),
        Column("reason", "reason"),
    ),
    "identity",
    "source, source_row_id",
)


_SEGMENTS = Export(
    (
        Column("customer_id", "customer_id::varchar"),
        Column("segment", "segment"),
        Column("as_of", "as_of", "day"),
        Column("since", "since_on", "day"),
        Column("reason", "reason"),
    ),
    "segment_members",
    "segment, customer_id",
)


_METRICS = Export(
    (
        Column("metric", "metric"),
        Column("grain", "grain"),
        Column("period_start", "period_start", "day"),
        Column("period_end", "period_end", "day"),
        Column("dimension", "dimension"),
        Column("member", "member"),
        Column("value", VALUE_SQL, "number"),
        Column("numerator", "numerator", "number"),
        Column("denominator", "denominator", "number"),
        Column("people", "people", "number"),
        Column("mature", "mature", "flag"),
        Column("note", "note"),
    ),
    "metric_cells",
    "metric, grain, dimension, member, period_start",
)


_EXPORTS = {"orders": _ORDERS, "lines": _LINES, "identity": _IDENTITY, "segments": _SEGMENTS, "metrics": _METRICS}


class CannotWrite(ShukeError):
    """The place named cannot be written."""


def export_table(
    actor: Actor, *, workspace: Workspace, what: str, out: Path, form: str | None, progress: Callable[[str], None]
) -> int:
    """Writes one table to `out` (replaced whole or not at all); returns its rows. Journaled."""
    require(actor, Permission.EXPORT_TASKS)
    chosen = form or out.suffix.lower().lstrip(".")
    if chosen not in _WRITERS:
        raise WrongUse(f"'{out}' says no format.", hint="End it in .csv, .xlsx or .parquet, or add --format.")
    ensure(actor, workspace=workspace, progress=progress)
    staging = out.with_name(f".{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with open_reader(SYSTEM, workspace) as lake:
            if what == "metrics" and not lake.has("metric_cells"):
                raise NotBuilt("There are no metrics yet.", hint="Run 'shuke week' once.")
            export = _customers(lake) if what == "customers" else _EXPORTS[what]
            rows = _WRITERS[chosen](lake, export, path=staging, zone=workspace.timezone)
        staging.replace(out)
    except PermissionError as error:
        raise CannotWrite(f"{out} cannot be written: {error.strerror}.", hint="Choose another place.") from error
    finally:
        staging.unlink(missing_ok=True)
    with transaction.atomic():
        note(actor, "exported", object_type="table", object_id=what, rows=rows, format=chosen)
    return rows


def _select(export: Export, *, zone: str, typed: bool) -> str:
    parts = [f"{_shape(column, zone=zone, typed=typed)} as {column.name}" for column in export.columns]
    return f"select {', '.join(parts)} from {export.relation} order by {export.order}"


def _shape(column: Column, *, zone: str, typed: bool) -> str:
    sql = column.sql
    if column.kind == "instant":
        if typed:
            return f"({sql}) at time zone 'UTC'"
        local = f"timezone({literal(zone)}, timezone('UTC', {sql}))"
        minutes = f"date_diff('minute', {sql}, {local})"
        sign = f"case when {minutes} < 0 then '-' else '+' end"
        offset = f"printf('%02d:%02d', abs({minutes}) // 60, abs({minutes}) % 60)"
        return f"strftime({local}, '%Y-%m-%dT%H:%M:%S') || {sign} || {offset}"
    if column.kind == "text" and not typed:
        return f"case when regexp_matches({sql}, '^[=+@\\t\\r-]') then '''' || {sql} else {sql} end"
    if column.kind == "flag" and not typed:
        return f"case when {sql} then 'true' else 'false' end"
    return sql


def _write_parquet(lake: Reader, export: Export, *, path: Path, zone: str) -> int:
    statement = _select(export, zone=zone, typed=True)
    lake.copy_to(path, sql=statement, options="format parquet, compression zstd")
    return int(lake.value(f"select count(*) from read_parquet({literal(str(path))})"))


def _write_csv(lake: Reader, export: Export, *, path: Path, zone: str) -> int:
    plain = path.with_suffix(".plain")
    try:
        lake.copy_to(plain, sql=_select(export, zone=zone, typed=False), options="format csv, header true")
        with plain.open("rb") as rows, path.open("wb") as out:
            out.write(b"\xef\xbb\xbf")
            shutil.copyfileobj(rows, out, 1 << 20)
    finally:
        plain.unlink(missing_ok=True)
    return int(lake.value(f"select count(*) from {export.relation}"))


def _write_xlsx(lake: Reader, export: Export, *, path: Path, zone: str) -> int:
    rows = lake.arrow(_select(export, zone=zone, typed=False))
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), options)
    # A fixed date keeps unchanged data in equal files.
    book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC)})
    total = 0
    sheet: Any = None
    for batch in rows.to_batches(max_chunksize=50_000):
        for record in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            if total % _SHEET_ROWS == 0:
                sheet = book.add_worksheet(f"{total // _SHEET_ROWS + 1}")
                sheet.write_row(0, 0, [column.name for column in export.columns])
            for place, value in enumerate(record):
                _write_cell(sheet, value, row=total % _SHEET_ROWS + 1, column=place)
            total += 1
    if sheet is None:
        book.add_worksheet("1").write_row(0, 0, [column.name for column in export.columns])
    book.close()
    return total


def _write_cell(sheet: Any, value: Any, *, row: int, column: int) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value))


_WRITERS: dict[str, Callable[..., int]] = {
    "csv": _write_csv,
    "xlsx": _write_xlsx,
    "parquet": _write_parquet,
}
