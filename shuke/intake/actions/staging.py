"""Taking out of a typed part what earlier exports told, and appending the rest to the staged tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from shuke.intake.adapters import phone
from shuke.intake.adapters.typed import Typed
from shuke.intake.rules import final
from shuke.intake.rules.pieces import Setting
from shuke.intake.values import Kind, Reason
from shuke.lake.actions import Run
from shuke.lake.rules import literal


@dataclass(frozen=True)
class Staged:
    """What became of a part: counts, reasons, the days it covers, warnings, and the fields that were filled."""

    rows_read: int
    staged: int
    duplicate: int
    quarantined: int
    reasons: Mapping[str, int]
    warnings: tuple[str, ...]
    first_on: date | None
    last_on: date | None
    fields: Mapping[str, str]


def stage(run: Run, typed: Typed, *, setting: Setting, batch_id: int, repairs: int | None) -> Staged:
    """Stages one typed part inside a run; nothing is seen by others before the run publishes.

    A row equal to rows of earlier exports is a duplicate as often as they held it; of files that number their rows,
    an equal row inside the export too.
    """
    cursor, recognised = run.reader().cursor, typed.recognised
    cursor.execute(
        "create or replace temp view typed as select *, file_row_number + 1 as row_no"
        f" from read_parquet({literal(str(typed.passing))}, file_row_number = true)"
    )
    columns = {str(row[0]) for row in cursor.execute("describe select * from typed").fetchall()}
    currency = recognised.channel.currency or setting.currency
    staging = final.Staging(recognised.channel, columns, batch_id, currency)
    duplicates = _duplicates(run, staging, repairs=repairs)
    left = " and row_no not in (select row_no from repeated)" if duplicates else ""
    cursor.execute(f"create or replace temp view incoming as select * from typed where reason is null{left}")
    staged = run.append(staging.table, sql=final.facts(staging)) if staging.kind is not Kind.PERSONS else 0
    if final.has_persons(staging):
        _read_phones(cursor, staging, country=recognised.channel.country)
        written = run.append("staged_persons", sql=final.persons(staging))
        staged = written if staging.kind is Kind.PERSONS else staged
    _account(run, staging)
    return _summary(cursor, staging, staged=staged, duplicates=duplicates, fields=typed.fields)


def _duplicates(run: Run, staging: final.Staging, *, repairs: int | None) -> int:
    """Fills temp table `repeated` with rows that earlier exports (or this numbered one) told; gives their count."""
    cursor = run.reader().cursor
    cursor.execute(
        "create or replace temp table repeated"
        " as select cast(0 as bigint) as row_no, cast(0 as bigint) as row_hash, false as across where false"
    )
    known = run.tables.get(staging.table, {}).get("rows", 0)
    if not known and not staging.keyed:
        return 0
    reader = run.reader()
    reader.use(staging.table)
    spare = f" and batch_id <> {repairs}" if repairs else ""
    cursor.execute(
        "create or replace temp table fresh as"
        " select row_hash, count(*) as times from typed where reason is null group by 1"
    )
    cursor.execute(
        f"create or replace temp table told as select row_hash, count(*) as times from {staging.table}"
        f" where row_hash in (select row_hash from fresh){spare} group by 1"
    )
    inside = " or fresh.times > 1" if staging.keyed else ""
    cursor.execute(
        "create or replace temp table suspects as select row_hash, coalesce(told.times, 0) as told, fresh.times"
        f" from fresh left join told using (row_hash) where told.times is not null{inside}"
    )
    keyed = final.keyed_row(staging)
    cursor.execute(
        "create or replace temp table repeated as select row_no, row_hash, told > 0 as across from ("
        f" select typed.row_no, row_hash, told, {keyed} as keyed,"
        " row_number() over (partition by row_hash order by typed.row_no) as nth"
        " from typed join suspects using (row_hash) where reason is null)"
        " where nth <= told or (keyed and (told > 0 or nth > 1))"
    )
    # All rows are fetched: an unread end of a result would bar the next statement.
    found = cursor.execute("select count(*) from repeated").fetchall()
    return int(found[0][0])


def _read_phones(cursor: duckdb.DuckDBPyConnection, staging: final.Staging, *, country: str) -> None:
    written: list[str] = []
    if "phone_odd" in staging.columns:
        found = cursor.execute("select distinct phone_odd from incoming where phone_odd is not null").fetchall()
        written = [str(row[0]) for row in found]
    digits = phone.complete_numbers(written, country=country)
    table = pa.table(
        {"written": pa.array(list(digits), pa.string()), "digits": pa.array(list(digits.values()), pa.string())}
    )
    cursor.register("phones_read", table)
    cursor.execute("create or replace temp table phones as select * from phones_read")
    cursor.unregister("phones_read")


def _account(run: Run, staging: final.Staging) -> None:
    """Tells import_rows of every row that was not staged."""
    columns = staging.columns
    order = "order_no" if "order_no" in columns else "cast(null as varchar)"
    day = next((name for name in ("ordered_on", "happened_on") if name in columns), "cast(null as date)")
    shared = (
        f"select cast({staging.batch_id} as bigint) as batch_id, row_no, {{outcome}},"
        f" {final.source(staging)} as source,"
        f" left({order}, 80) as order_no, {day} as ordered_on, {final.money(columns)} as amount_minor from typed"
    )
    bad = shared.format(outcome="'quarantined' as outcome, reason, detail, cast(null as bigint) as row_hash")
    words = (
        "'duplicate' as outcome,"
        f" case when across then '{Reason.REPEATED_EXPORT}' else '{Reason.REPEATED_ROW}' end as reason,"
        " cast(null as varchar) as detail, row_hash"
    )
    told = shared.format(outcome=words).replace(
        " from typed", " from typed join (select row_no, across from repeated) using (row_no)"
    )
    sql = f"{bad} where reason is not null and reason <> 'blank' union all by name {told}"
    run.append("import_rows", sql=sql)


def _summary(
    cursor: duckdb.DuckDBPyConnection,
    staging: final.Staging,
    *,
    staged: int,
    duplicates: int,
    fields: Mapping[str, str],
) -> Staged:
    counted = cursor.execute(
        "select reason, count(*) from typed where reason is not null and reason <> 'blank'"
        " group by 1 order by 2 desc, 1"
    ).fetchall()
    reasons = {str(name): int(count) for name, count in counted}
    quarantined = sum(reasons.values())
    day = next((name for name in ("ordered_on", "happened_on") if name in staging.columns), "cast(null as date)")
    span = cursor.execute(f"select min({day}), max({day}) from typed where reason is null").fetchall()[0]
    odd = cursor.execute(
        "select odd_code, count(*) from typed where odd_code is not null and reason is null"
        " group by 1 order by 2 desc, 1 limit 20"
    ).fetchall()
    warnings = tuple(f"unknown value of {word} ({count} rows)" for word, count in odd)
    return Staged(
        staged + duplicates + quarantined,
        staged,
        duplicates,
        quarantined,
        reasons,
        warnings,
        span[0],
        span[1],
        fields,
    )
