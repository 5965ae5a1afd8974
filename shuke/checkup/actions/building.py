"""Computing the check-up, and keeping what it said for the next one."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from shuke.access.rules import Permission, require
from shuke.checkup.rules import base_of, definitions
from shuke.checkup.values import Past
from shuke.intake.queries import batches
from shuke.kernel.actor import Actor
from shuke.lake.actions import Run
from shuke.lake.queries import Reader, specs
from shuke.lake.rules import literal

_ROWS_BEHIND = 1000
_STORES = 20
_KEPT = 60  # check-ups that are remembered

SUMS = """
select
  coalesce(sum(raw_rows), 0)::bigint as rows,
  (coalesce(sum(orders), 0) + count(distinct case when orders is null then record_id end))::bigint as orders,
  coalesce(sum(money_minor), 0)::bigint as money_minor,
  coalesce(sum(case when ordered_on is null or ordered_on < $until then money_minor end), 0)::bigint as still_minor,
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
  coalesce(sum(net_minor) filter (where ordered_on < $until), 0)::bigint as still_sales_minor,
  coalesce(sum(net_minor) filter (where ordered_on < $until and customer_id is not null), 0)::bigint
    as still_attached_minor,
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


def _models() -> tuple[str, ...]:
    return tuple(sorted(name for name, spec in specs().items() if spec.room == "checkup" and spec.is_model))


def _rule_tables() -> tuple[str, ...]:
    return tuple(name for name in _models() if name.startswith("finding_") and name != "finding_parameters")


def build(actor: Actor, *, run: Run, parameters: Mapping[str, Any]) -> None:
    """Builds the check-up of `run` as of `parameters['as_of']`, after customers and activity.

    Keeps beside it what the check-up that it is compared with said (`rules.base_of`), and what the days of that one
    come to now. Raises `NotAllowed` where the actor may not import.
    """
    require(actor, Permission.IMPORT_FILES)
    as_of: date = parameters["as_of"]
    last_batch = write_imports(actor, run=run)
    run.build(_models(), parameters=parameters)
    lake = run.reader()
    base = base_of(_past(lake), as_of=as_of, last_batch=last_batch)
    currency = lake.value(_CURRENCY, as_of=as_of) or parameters["currency"]
    found = _findings(lake, base=base, currency=currency, as_of=as_of)
    _write(run, "findings", rows=[row for row in found if row["rows"] > 0])
    _write_rows_behind(run, codes=[row["code"] for row in found if row["rows"] > 0])
    summary = lake.rows(_SUMMARY, as_of=as_of, until=base.as_of if base else as_of)[0]
    fixed = {"as_of": as_of, "shop": run.workspace.shop, "currency": currency, "last_batch": last_batch}
    _write(run, "checkup_summary", rows=[{**fixed, **summary, **_of_base(base)}])
    told = {name: summary[name] for name in ("sales_minor", "attached_minor", "customers")}
    _remember(run, total={"as_of": as_of, "last_batch": last_batch, **told}, findings=found)


def write_imports(actor: Actor, *, run: Run) -> int:
    """Writes `checkup_imports`, the imports so far; returns the number of the last, 0 where there is none."""
    zone = ZoneInfo(run.workspace.timezone)
    names = ("batch_id", "file", "source", "kind", "rows_read", "first_on", "last_on")
    rows = [
        {
            **{name: getattr(batch, name) for name in names},
            "file": f"{batch.file} · {batch.part}" if batch.part else batch.file,
            "imported_on": batch.imported_at.astimezone(zone).date(),
        }
        for batch in batches(actor)
    ]
    _write(run, "checkup_imports", rows=sorted(rows, key=lambda row: row["batch_id"]))
    return max((row["batch_id"] for row in rows), default=0)


def _past(lake: Reader) -> list[Past]:
    return [Past(**row) for row in lake.rows("select * from checkup_history order by as_of, last_batch")]


def _of_base(base: Past | None) -> dict[str, Any]:
    return {
        "previous_on": base.as_of if base else None,
        "previous_batch": base.last_batch if base else None,
        "previous_sales_minor": base.sales_minor if base else None,
        "previous_attached_minor": base.attached_minor if base else None,
    }


def _findings(lake: Reader, *, base: Past | None, currency: str, as_of: date) -> list[dict[str, Any]]:
    before: dict[str, int] = {}
    if base is not None:
        asked = "select code, money_minor from checkup_history_findings where as_of = $day and last_batch = $batch"
        before = {row["code"]: row["money_minor"] for row in lake.rows(asked, day=base.as_of, batch=base.last_batch)}
    told = lake.rows("select code, name, value from finding_parameters order by code, name")
    parameters: dict[str, dict[str, str]] = {}
    for row in told:
        parameters.setdefault(row["code"], {})[row["name"]] = row["value"]
    until = base.as_of if base else as_of
    found = []
    for table in _rule_tables():
        code = table.removeprefix("finding_")
        extra = json.dumps(parameters.get(code, {}), ensure_ascii=False)
        fixed = {"code": code, "currency": currency, "previous_minor": before.get(code), "as_of": as_of}
        found.append({**fixed, "parameters": extra, **_finding(lake, code, until=until)})
    return found


def _finding(lake: Reader, code: str, *, until: date) -> dict[str, Any]:
    table = f"finding_{code}"
    lake.use(table)  # the engine is asked directly: 45 tables, two short questions each
    sums = lake.cursor.execute(SUMS.format(table=table), {"until": until})
    names = [column[0] for column in sums.description or []]
    row = dict(zip(names, sums.fetchall()[0], strict=True))
    # What is told of customers, products and files stands on no day of its own.
    still = row["still_minor"] if definitions("en")[code].of in ("orders", "days") else None
    stores = lake.cursor.execute(_STORES_OF.format(table=table, most=_STORES)).fetchall() if row["rows"] else []
    return {**row, "still_minor": still, "stores": json.dumps([store for (store,) in stores], ensure_ascii=False)}


def _write_rows_behind(run: Run, *, codes: Sequence[str]) -> None:
    behind = (_BEHIND.format(code=literal(code), table=f"finding_{code}", most=_ROWS_BEHIND) for code in codes)
    if codes:
        run.write("finding_rows", sql=" union all ".join(f"({part})" for part in behind))
    else:
        _write(run, "finding_rows", rows=[])


def _remember(run: Run, *, total: Mapping[str, Any], findings: Sequence[Mapping[str, Any]]) -> None:
    """Adds this check-up to those remembered, in the place of an earlier one of the same day and imports."""
    lake = run.reader()
    here = (total["as_of"], total["last_batch"])
    totals = [
        row
        for row in lake.rows("select * from checkup_history order by last_batch, as_of")
        if (row["as_of"], row["last_batch"]) != here
    ][1 - _KEPT :]
    kept = {(row["as_of"], row["last_batch"]) for row in totals}
    told = [
        row
        for row in lake.rows("select * from checkup_history_findings order by as_of, last_batch, code")
        if (row["as_of"], row["last_batch"]) in kept
    ]
    now = [
        {"as_of": here[0], "last_batch": here[1], **{name: row[name] for name in ("code", "rows", "money_minor")}}
        for row in findings
    ]
    _write(run, "checkup_history", rows=[*totals, dict(total)])
    _write(run, "checkup_history_findings", rows=[*told, *now])


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
