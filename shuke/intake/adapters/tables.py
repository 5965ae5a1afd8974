"""Parquet files: columns of any type become text columns, without a copy."""

from typing import Any

import duckdb

from shuke.intake.adapters.text import SPARE, Recogniser
from shuke.intake.rules.header import normal
from shuke.intake.values import Header, Kept, Opened, Part, Quirks, Recognised, Unknown
from shuke.kernel.errors import ShukeError
from shuke.lake.rules import literal


class BrokenTable(ShukeError):
    """A Parquet file is cut off or damaged."""


def open_parquet(kept: Kept, *, recognise: Recogniser, cursor: duckdb.DuckDBPyConnection) -> Opened:
    """The parts of a Parquet file: one, or one for each value of the column that the mapping splits by."""
    file = literal(str(kept.path))
    try:
        described = cursor.execute(f"describe select * from read_parquet({file})").fetchall()
        columns = [(str(row[0]), str(row[1])) for row in described]
        names = tuple(name for name, _ in columns)
        known = recognise([names])
        select = ", ".join(f"{_as_text(name, kind)} as c{place}" for place, (name, kind) in enumerate(columns))
        if known is None:
            sample = cursor.execute(f"select {select} from read_parquet({file}) limit 60").fetchall()
            return Opened((), (Unknown("", (names, *sample)),))
        channel = known[1]
        by = next((name for name in names if channel.split_by and normal(name) == normal(channel.split_by)), "")
        values: list[Any] = [None]
        if by:
            values = [
                row[0]
                for row in cursor.execute(
                    f"select distinct {_quoted(by)} from read_parquet({file}) order by 1"
                ).fetchall()
            ]
    except duckdb.Error as error:
        raise BrokenTable(
            f"{kept.name} cannot be read as Parquet: it is cut off or damaged.",
            hint="Write or download it again, then import it.",
        ) from error
    spare = ", ".join(f"cast(null as varchar) as c{len(names) + number}" for number in range(SPARE))
    header = Header(names, names, 0)
    parts = []
    for value in values:
        where = f" where {_quoted(by)} = {literal(value)}" if by else ""
        relation = f"(select {select}, {spare} from read_parquet({file}){where})"
        parts.append(
            Recognised(
                Part(str(value) if by else "", header, relation, len(names), Quirks(), "parquet", SPARE), channel
            )
        )
    return Opened(tuple(parts))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _as_text(name: str, kind: str) -> str:
    column = _quoted(name)
    if kind in ("DOUBLE", "FLOAT"):
        text = (
            f"case when {column} = trunc({column}) and abs({column}) < 1e15"
            f" then cast(cast({column} as bigint) as varchar)"
            f" else cast({column} as varchar) end"
        )
    elif kind == "TIMESTAMP WITH TIME ZONE":
        text = f"strftime({column} at time zone 'UTC', '%Y-%m-%d %H:%M:%S+00')"
    elif kind.startswith("TIMESTAMP"):
        text = f"strftime(cast({column} as timestamp), '%Y-%m-%d %H:%M:%S')"
    else:
        text = f"cast({column} as varchar)"
    return f"coalesce({text}, '')"
