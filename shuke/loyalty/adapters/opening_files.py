"""Files of opening balances, read and checked by the engine; ten million rows never become Python objects."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.lake.adapters import engine
from shuke.lake.rules import literal
from shuke.loyalty.values.openings import OpeningTotals

_NAMES = {
    "member_no": ("member_no", "member", "会员号", "会员卡号", "会员编号", "卡号"),
    "points": ("points", "积分", "积分余额", "可用积分"),
    "expires_on": ("expires_on", "到期日", "到期日期", "有效期至"),
    "growth": ("growth", "成长值"),
    "tier": ("tier", "等级", "会员等级"),
}
_NEEDED = ("member_no", "points")
# The shape of a count: digits, thousands separators allowed, no fraction but a zero one that spreadsheets write.
_COUNT = "'^[0-9]{1,3}(,[0-9]{3})+(\\.0+)?$|^[0-9]{1,15}(\\.0+)?$'"
_READ = """
create table opening_read as
select {columns} from read_csv({path}, all_varchar = true, header = true, sample_size = 1000, null_padding = true)
"""
_JUDGED = """
create table opening_judged as
with typed as (
  select
    trim(member_no) as member_no, points as points_told, expires_on as expires_told, growth as growth_told, tier,
    case when regexp_matches(trim(points), {count}) then try_cast(replace(trim(points), ',', '') as decimal(18, 2)) end
      as points,
    case when coalesce(trim(expires_on), '') = '' then {expires_on}
      else try_cast(replace(replace(trim(expires_on), '/', '-'), '.', '-') as date) end as expires_on,
    case when coalesce(trim(growth), '') = '' then 0
      when regexp_matches(trim(growth), {count}) then try_cast(replace(trim(growth), ',', '') as decimal(18, 2)) end
      as growth
  from opening_read
)
select
  member_no, points_told, expires_told, growth_told, tier, points::bigint as points, expires_on,
  growth::bigint as growth,
  case
    when coalesce(member_no, '') = '' then 'no_member'
    when length(member_no) > 60 then 'bad_member'
    when points is null or points > {most} then 'bad_points'
    when growth is null or growth > {most} then 'bad_growth'
    when coalesce(trim(expires_told), '') <> '' and expires_on is null then 'bad_expires_on'
    when expires_on < {today} then 'over_already'
    when coalesce(trim(tier), '') <> '' and trim(tier) not in {tiers} then 'unknown_tier'
  end as reason
from typed
"""
_TWICE = """
create table opening_twice as
select member_no, expires_on from opening_judged where reason is null group by all having count(*) > 1
"""
_GOOD = """
create table opening_rows as
select
  j.member_no, j.points, j.expires_on, j.growth, coalesce(trim(j.tier), '') as tier,
  row_number() over (order by j.member_no, j.expires_on nulls last) as n
from opening_judged j
left join opening_twice t on t.member_no = j.member_no and t.expires_on is not distinct from j.expires_on
where j.reason is null and t.member_no is null
"""
_BAD = """
select j.member_no, j.points_told as points, j.expires_told as expires_on, j.growth_told as growth, j.tier,
  coalesce(j.reason, 'twice') as reason
from opening_judged j
left join opening_twice t on t.member_no = j.member_no and t.expires_on is not distinct from j.expires_on
where j.reason is not null or t.member_no is not null
"""
# Each row's member and its place among that member's rows, counted from 1.
_PLACED = """
create table opening_placed as
select r.*, dense_rank() over (order by member_no) as m, row_number() over (partition by member_no order by n) as k
from opening_rows r
"""
_ALONE = "create table opening_placed as select *, n as m, 1 as k from opening_rows"
_MOST = 1_000_000_000_000


class BadOpeningFile(ShukeError):
    """The file cannot be read as opening balances."""


class OpeningFile:
    """A file read into the session of `cursor`: rows judged, good ones numbered by member. Use `opening_file`."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, *, mark: str) -> None:
        self.cursor = cursor
        self.mark = mark

    def session(self) -> duckdb.DuckDBPyConnection:
        """One more session over the same rows, for another thread; the caller closes it."""
        made = self.cursor.cursor()
        made.execute(f"use {_schema(self.mark)}").fetchall()
        return made

    def totals(self) -> OpeningTotals:
        """Points and different members of the good rows."""
        sql = "select coalesce(sum(points), 0)::hugeint, coalesce(max(m), 0) from opening_placed"
        points, members = self.cursor.execute(sql).fetchall()[0]
        return OpeningTotals(int(points), int(members))

    def rows(self) -> int:
        """How many rows are good."""
        return int(self.cursor.execute("select count(*) from opening_placed").fetchall()[0][0])

    def bad(self) -> dict[str, int]:
        """How many rows are put aside, by reason."""
        found = self.cursor.execute(f"select reason, count(*) from ({_BAD}) group by 1 order by 1").fetchall()
        return {reason: int(rows) for reason, rows in found}

    def write_bad(self, path: Path) -> None:
        """Writes the rows put aside with their reasons, as the file told them."""
        path.parent.mkdir(parents=True, exist_ok=True)
        ordered = f"{_BAD} order by all"
        self.cursor.execute(f"copy ({ordered}) to {literal(str(path))} (format csv, header true)").fetchall()


@contextmanager
def opening_file(
    workspace: Workspace, *, path: Path, expires_on: date | None, today: date, tiers: tuple[str, ...]
) -> Iterator[OpeningFile]:
    """Reads and judges a CSV file (UTF-8 or GB 18030) of member_no, points[, expires_on, growth, tier].

    `today` is the first day on which points may still be used; `tiers` are the codes and names of the programme's
    tiers. Raises `BadOpeningFile`.
    """
    if not path.is_file():
        raise BadOpeningFile(f"There is no file {path.name}.", hint="Give the path of a CSV file.")
    workspace.scratch.mkdir(parents=True, exist_ok=True)
    readable = _readable(path, scratch=workspace.scratch)
    cursor, mark = engine(workspace.scratch), mark_of(path)
    place = _schema(mark)
    try:
        cursor.execute(f"create schema {place}").fetchall()
        cursor.execute(f"use {place}").fetchall()
        _load(cursor, path=readable, expires_on=expires_on, today=today, tiers=tiers)
        yield OpeningFile(cursor, mark=mark)
    finally:
        cursor.execute("use main").fetchall()
        cursor.execute(f"drop schema if exists {place} cascade").fetchall()
        cursor.close()
        if readable != path:
            readable.unlink(missing_ok=True)


def _load(
    cursor: duckdb.DuckDBPyConnection, *, path: Path, expires_on: date | None, today: date, tiers: tuple[str, ...]
) -> None:
    cursor.execute("set enable_progress_bar = false")
    try:
        columns = _columns(_header(path))
        cursor.execute(_READ.format(columns=columns, path=literal(str(path)))).fetchall()
    except duckdb.Error as error:
        raise BadOpeningFile(
            f"{path.name} cannot be read as CSV: {str(error).splitlines()[0]}", hint="Save it as CSV with a header."
        ) from error
    judged = _JUDGED.format(
        count=_COUNT, most=_MOST, today=literal(today), tiers=literal(list(tiers)), expires_on=_day(expires_on)
    )
    for statement in (judged, "drop table opening_read", _TWICE, _GOOD):
        cursor.execute(statement).fetchall()
    rows, members = cursor.execute("select count(*), count(distinct member_no) from opening_rows").fetchall()[0]
    cursor.execute(_ALONE if rows == members else _PLACED).fetchall()
    cursor.execute("drop table opening_rows").fetchall()


def _day(day: date | None) -> str:
    return "null::date" if day is None else literal(day)


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig") as file:
        line = file.readline()
    separator = max(",;\t", key=line.count)
    return [name.strip().strip('"') for name in line.strip().split(separator)]


def _columns(header: list[str]) -> str:
    """The select list that gives each column its name; columns that are not there are null."""
    chosen = []
    for name, known in _NAMES.items():
        told = next((column for column in header if column.strip().lower() in known), None)
        if told is None and name in _NEEDED:
            raise BadOpeningFile(
                f"The file has no column {name} ({known[2] if name == 'member_no' else known[1]}).",
                hint="Its header names member_no and points, and may name expires_on, growth and tier.",
            )
        chosen.append(f"null::varchar as {name}" if told is None else f'"{told}" as {name}')
    return ", ".join(chosen)


def _readable(path: Path, *, scratch: Path) -> Path:
    """The file itself where it is UTF-8, else a copy of it that is."""
    with path.open("rb") as file:
        start = file.read(1 << 20)
    try:
        start[: start.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:
        copy = scratch / f"opening-{mark_of(path)}.csv"
        with (
            path.open(encoding="gb18030", newline="") as source,
            copy.open("w", encoding="utf-8", newline="") as target,
        ):
            while part := source.read(1 << 20):
                target.write(part)
        return copy
    return path


def _schema(mark: str) -> str:
    return f"opening_{mark}"


def mark_of(path: Path) -> str:
    """Sixteen characters that stand for the file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
