"""Reading SQL files: headers, lineage, parameters, and the views that scope and mask."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp

from shuke.kernel.errors import ShukeError
from shuke.lake.values import Scope, TableSpec

_HEADER = re.compile(r"^--\s*([a-z]+):\s*(.*)$")
_PARAMETER = re.compile(r"\$([a-z][a-z0-9_]*)")
_MASKS = {
    "name": "mask_name",
    "phone": "mask_phone",
    "email": "mask_email",
    "card": "mask_number",
    "member_id": "mask_number",
}


class BadModel(ShukeError):
    """A SQL file does not follow the floor plan."""


def parse_spec(path: Path, *, room: str) -> TableSpec:
    """Reads one `tables/*.sql` file. Its leading comment lines are `-- key: value`."""
    text = path.read_text("utf-8")
    header: dict[str, str] = {}
    for line in text.splitlines():
        match = _HEADER.match(line)
        if match:
            header[match[1]] = f"{header[match[1]]} {match[2]}" if match[1] in header else match[2].strip()
        elif not line.startswith("--") and line.strip():
            break
    name = header.get("table", "")
    if name != path.stem:
        raise BadModel(
            f"{path} says it is table '{name}'.", hint="Its first line must be '-- table: ' and the file's name."
        )
    is_model = not re.search(r"^\s*create\s+table", text, re.IGNORECASE | re.MULTILINE)
    personal = tuple(part.strip() for part in header.get("personal", "").split(",") if part.strip())
    return TableSpec(
        name=name,
        room=room,
        path=path,
        sql=text,
        is_model=is_model,
        scope=Scope(header.get("scope", "system")),
        personal=personal,
        sort=header.get("sort", ""),
        few=tuple(_few(part) for part in header.get("few", "").split(",") if part.strip()),
        header=header,
    )


def _few(part: str) -> tuple[str, str, str]:
    """`sku = staged_sales.sku` as column, table and its column."""
    column, known = (side.strip() for side in part.split("="))
    table, _, own = known.partition(".")
    return column, table, own


def inputs_of(spec: TableSpec) -> frozenset[str]:
    """The tables that a model reads. Parsed when asked: a command that only reads need not parse every file."""
    return tables_in(spec.sql) if spec.is_model else frozenset()


@lru_cache(maxsize=4096)
def tables_in(sql: str) -> frozenset[str]:
    """The lake tables that a statement reads: every table name that is not one of its own common table expressions."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    own = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    return frozenset(
        table.name
        for table in tree.find_all(exp.Table)
        if table.name and table.name not in own and not table.args.get("db")
    )


def literal(value: object) -> str:
    """A Python value as a SQL literal: date, datetime (UTC), Decimal, int, float, bool, str, None or a list of them."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return f"timestamp '{value:%Y-%m-%d %H:%M:%S.%f}'"
    if isinstance(value, date):
        return f"date '{value:%Y-%m-%d}'"
    if isinstance(value, list | tuple | frozenset | set):
        ordered = sorted(value) if isinstance(value, frozenset | set) else value
        return f"({', '.join(literal(v) for v in ordered) or 'null'})"
    escaped = str(value).replace("'", "''")
    return f"'{escaped}'"


def files_source(root: Path, names: Iterable[str]) -> str:
    """The rows of Parquet files, named relative to `root`, as a relation."""
    return f"read_parquet([{', '.join(literal(str(root / name)) for name in names)}])"


def source_of(entry: Mapping[str, Any], *, root: Path) -> str:
    """The rows of a table as its entry in the catalog names them: its files, or older files under a patch.

    A patch hides the rows of the older files whose key is among `hidden` and adds the rows of one file of its own.
    """
    patch = entry.get("patch")
    if patch is None:
        return files_source(root, entry["files"])
    older, hidden = files_source(root, patch["older"]), files_source(root, [patch["hidden"]])
    kept = f"select o.* from {older} o anti join {hidden} h on h.{patch['key']} = o.{patch['key']}"
    return f"({kept} union all select * from {files_source(root, [patch['rows']])})"


def fill_parameters(sql: str, values: Mapping[str, object]) -> str:
    """Puts literals in the place of `$name`; a name without a value is an error."""

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            raise BadModel(f"The SQL needs ${name}, which was not given.", hint="Pass it in the run's parameters.")
        return literal(values[name])

    code = "\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    return _PARAMETER.sub(fill, code)


def build_order(names: Collection[str], specs: Mapping[str, TableSpec]) -> list[str]:
    """The models `names` so that each comes after those it reads; raises on a circle."""
    wanted, done, order = set(names), set[str](), list[str]()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        if name in trail:
            raise BadModel(f"SQL models read each other in a circle: {' -> '.join((*trail, name))}.")
        if name in done or name not in wanted:
            return
        for needed in sorted(inputs_of(specs[name])):
            if needed in specs:
                visit(needed, (*trail, name))
        done.add(name)
        order.append(name)

    for name in sorted(wanted):
        visit(name, ())
    return order


def view_columns(spec: TableSpec, *, unmasked: bool) -> str:
    """The select list of the view on a table: everything, personal columns masked unless `unmasked`."""
    if unmasked or not spec.personal:
        return "*"
    masked = ", ".join(
        f"{_MASKS[column]}({column}) as {column}" if column in _MASKS else f"null as {column}"
        for column in spec.personal
    )
    return f"* replace ({masked})"


def view_filter(spec: TableSpec, stores: Iterable[str] | None) -> str:
    """The condition that cuts a table to `stores`; empty where all may be seen."""
    if stores is None or spec.scope is Scope.NONE:
        return ""
    listed = literal(sorted(stores))
    if spec.scope is Scope.STORE:
        return f"store in {listed}"
    if spec.scope is Scope.CUSTOMER:
        return f"customer_id in (select customer_id from customer_stores where store in {listed})"
    raise BadModel(f"Table {spec.name} cannot be read by someone with a store scope.")
