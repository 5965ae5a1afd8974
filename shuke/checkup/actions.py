"""Computing the check-up, and writing it to files."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shuke.access.rules import Permission, require
from shuke.checkup import queries
from shuke.checkup.adapters import Cell, Sheet, write_workbook
from shuke.checkup.rules import detail_words, one_page, say_money, source_name, text
from shuke.checkup.values import Finding, Report, RowBehind
from shuke.kernel.actor import Actor
from shuke.kernel.errors import WrongUse
from shuke.kernel.money import exponent
from shuke.lake.actions import Run
from shuke.lake.queries import Reader, specs
from shuke.lake.rules import literal

_ROWS_BEHIND = 1000
_STORES = 20

_SUMS = """
select
  coalesce(sum(raw_rows), 0)::bigint as rows,
  (coalesce(sum(orders), 0) + count(distinct case when orders is null then record_id end))::bigint as orders,
  coalesce(sum(money_minor), 0)::bigint as money_minor,
  min(ordered_on) as first_on,
  max(ordered_on) as last_on
from {table}
"""
_STORES_OF = """
select store from {table} where store is not null group by store order by sum(abs(money_minor)) desc, store limit {most}
"""
_BEHIND = """
select {code} as code, row_number() over (order by abs(money_minor) desc, ordered_on, order_no, row_no, detail) as n,
  source::varchar as source, order_no::varchar as order_no, batch_id::bigint as batch_id, row_no::bigint as row_no,
  record_id::bigint as record_id, store::varchar as store, ordered_on::date as ordered_on,
  money_minor::bigint as money_minor, raw_rows::bigint as rows, detail::varchar as detail
from (
  select * from {table} order by abs(money_minor) desc, ordered_on, order_no, row_no, detail limit {most}
)
"""
_SUMMARY = """
select
  coalesce(sum(net_minor), 0)::bigint as sales_minor,
  coalesce(sum(net_minor) filter (where customer_id is not null), 0)::bigint as attached_minor,
  min(ordered_on) as first_on,
  max(ordered_on) as last_on,
  count(distinct customer_id) as customers
from orders
where counted and ordered_on < $as_of
"""
_CURRENCY = """
select currency
from orders
where counted and ordered_on < $as_of
group by currency
order by count(*) desc, currency
limit 1
"""


def _rule_tables() -> tuple[str, ...]:
    return tuple(
        sorted(
            name
            for name, spec in specs().items()
            if spec.room == "checkup" and name.startswith("finding_") and spec.is_model and name != "finding_parameters"
        )
    )


def build(actor: Actor, *, run: Run, parameters: Mapping[str, Any]) -> None:
    """Builds the check-up of `run` as of `parameters['as_of']`, after customers and activity.

    Keeps the money of the last check-up of an earlier day beside the new one. Raises `NotAllowed` where the actor may
    not import.
    """
    require(actor, Permission.IMPORT_FILES)
    before = _before(run, parameters=parameters)
    tables = _rule_tables()
    others = ("registration_breaks", "skewed_days", "finding_parameters", "checkup_months", "checkup_channels")
    run.build([*tables, *others], parameters=parameters)
    lake = run.reader()
    currency = lake.value(_CURRENCY, as_of=parameters["as_of"]) or parameters["currency"]
    found = [_finding(lake, table, currency=currency, as_of=parameters["as_of"], before=before) for table in tables]
    _write(run, "findings", rows=[row for row in found if row["rows"] > 0])
    shown = [row["code"] for row in found if row["rows"] > 0]
    behind = (_BEHIND.format(code=literal(code), table=f"finding_{code}", most=_ROWS_BEHIND) for code in shown)
    if shown:
        run.write("finding_rows", sql=" union all ".join(f"({part})" for part in behind))
    else:
        _write(run, "finding_rows", rows=[])
    summary = lake.rows(_SUMMARY, as_of=parameters["as_of"])[0]
    fixed = {"as_of": parameters["as_of"], "shop": run.workspace.shop, "currency": currency}
    _write(run, "checkup_summary", rows=[{**fixed, **summary, **before["summary"]}])


def _finding(lake: Reader, table: str, *, currency: str, as_of: Any, before: Mapping[str, Any]) -> dict[str, Any]:
    code = table.removeprefix("finding_")
    row = lake.rows(_SUMS.format(table=table))[0]
    stores = [entry["store"] for entry in lake.rows(_STORES_OF.format(table=table, most=_STORES))]
    extra = lake.rows("select name, value from finding_parameters where code = $code order by name", code=code)
    return {
        "code": code,
        **row,
        "currency": currency,
        "parameters": json.dumps({entry["name"]: entry["value"] for entry in extra}, ensure_ascii=False),
        "stores": json.dumps(stores, ensure_ascii=False),
        "previous_minor": before["money"].get(code),
        "as_of": as_of,
    }


def _before(run: Run, *, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What the last check-up of an earlier day said; a second one of the same day keeps that comparison."""
    nothing: dict[str, Any] = {"previous_on": None, "previous_sales_minor": None, "previous_attached_minor": None}
    lake = run.reader()
    last = lake.row("select * from checkup_summary") if lake.has("checkup_summary") else None
    if last is None or last["as_of"] > parameters["as_of"]:
        return {"money": {}, "summary": nothing}
    findings = lake.rows("select code, money_minor, previous_minor from findings")
    if last["as_of"] == parameters["as_of"]:
        return {
            "money": {row["code"]: row["previous_minor"] for row in findings},
            "summary": {name: last[name] for name in nothing},
        }
    return {
        "money": {row["code"]: row["money_minor"] for row in findings},
        "summary": {
            "previous_on": last["as_of"],
            "previous_sales_minor": last["sales_minor"],
            "previous_attached_minor": last["attached_minor"],
        },
    }


def _write(run: Run, table: str, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes rows into a declared table with its declared types."""
    lake = run.reader()
    lake.cursor.execute(specs()[table].sql.replace("create table ", "create or replace temp table filled_", 1))
    if rows:
        names = list(rows[0])
        places = ", ".join("?" for _ in names)
        lake.cursor.executemany(
            f"insert into filled_{table} ({', '.join(names)}) values ({places})",
            [[row[name] for name in names] for row in rows],
        )
    run.write(table, sql=f"select * from filled_{table}")


def write_file(actor: Actor, *, lake: Reader, path: Path, language: str = "zh-hans") -> None:
    """Writes the check-up to hand on: a printable page (.html) or the findings with their rows (.xlsx).

    Raises `WrongUse` for another ending, `lake.queries.NotBuilt` before the first check-up.
    """
    require(actor, Permission.SEE_CHECKUP)
    report = queries.report(actor, lake=lake, language=language)
    ending = path.suffix.lower()
    if ending == ".html":
        path.write_text(one_page(report), "utf-8")
    elif ending == ".xlsx":
        _write_workbook(actor, lake=lake, path=path, report=report)
    else:
        raise WrongUse(
            f"A check-up cannot be written as '{path.suffix}'.", hint="Give the file the ending .html or .xlsx."
        )


def _write_workbook(actor: Actor, *, lake: Reader, path: Path, report: Report) -> None:
    here = report.language
    unit = 10 ** exponent(report.currency)

    def words(*names: str) -> list[str]:
        return [text(name, language=here) for name in names]

    def line(finding: Finding) -> list[Cell]:
        repair = "\n".join(finding.repair)
        money = finding.money_minor / unit
        stores: Cell = ", ".join(finding.stores)
        who = f"{finding.fixer} {text('minutes', language=here, minutes=finding.minutes)}"
        days: list[Cell] = [finding.first_on, finding.last_on]
        return [finding.title, money, finding.rows, finding.orders, *days, stores, finding.cause, repair, who]

    header = words("problem", "money", "rows", "orders", "first", "last", "stores", "cause", "repair", "who")
    sheets: list[Sheet] = [(text("page_title", language=here), header, [line(found) for found in report.findings])]
    behind = words("source", "order_no", "batch", "row_no", "store", "day", "money", "rows", "detail")
    for place, finding in enumerate(report.findings, 1):
        found = queries.rows_behind(actor, lake=lake, code=finding.code)
        rows = [_cells(row, unit=unit, language=here) for row in found]
        sheets.append((f"{place} {finding.title}", behind, rows))
    top = [
        [report.headline],
        [report.sentence],
        [say_money(report.sales_minor, currency=report.currency, language=here)],
    ]
    sheets.append((text("sales", language=here), [text("as_of", language=here, day=str(report.as_of))], top))
    write_workbook(path, sheets=sheets)


def _cells(row: RowBehind, *, unit: int, language: str) -> list[Cell]:
    source = source_name(row.source, language=language)
    detail = detail_words(row.detail, language=language)
    place: list[Cell] = [row.batch_id, row.row_no, row.store, row.ordered_on]
    return [source, row.order_no, *place, row.money_minor / unit, row.rows, detail]
