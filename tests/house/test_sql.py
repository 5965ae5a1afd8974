"""SQL models: whole headers, honest lineage, documented columns, and only functions that both engines know alike."""

import re
from functools import cache
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from shuke.lake.queries import specs
from shuke.lake.rules import inputs_of
from shuke.lake.values import Scope, TableSpec
from tests.house.reading import ROOT, broken, name_of

_LISTED = Path(__file__).with_name("sql_functions.txt")


def _all() -> list[TableSpec]:
    return sorted(specs().values(), key=lambda spec: spec.name)


@cache
def _statement(sql: str) -> exp.Expression:
    return sqlglot.parse_one(sql, dialect="duckdb")


def _columns(spec: TableSpec) -> list[str]:
    """The columns that a file declares or selects; empty where it ends in a star."""
    tree = _statement(spec.sql)
    if not spec.is_model:
        return [column.name for column in tree.find_all(exp.ColumnDef)]
    names = tree.named_selects if isinstance(tree, exp.Query) else []
    return [] if "*" in names else list(names)


def test_headers_are_whole() -> None:
    poor = []
    for spec in _all():
        wanted = {"table", "gives", "grain", "scope"}
        poor += [f"{name_of(spec.path)}: no '-- {key}:'" for key in sorted(wanted - set(spec.header))]
        if not spec.is_model and not re.search(r"^-- filled by: \S", spec.sql, re.MULTILINE):
            poor.append(f"{name_of(spec.path)}: no '-- filled by:' though its rows come from code")
    assert not poor, broken("The header says what a table takes, gives, and who may see it.", poor)


def test_headers_tell_the_real_lineage() -> None:
    wrong = []
    for spec in _all():
        if spec.is_model:
            told = set(re.findall(r"[a-z_0-9]+", spec.header.get("takes", "")))
            if told != inputs_of(spec):
                wrong.append(f"{name_of(spec.path)}: takes {sorted(told)}, the SQL reads {sorted(inputs_of(spec))}")
    assert not wrong, broken("'-- takes:' names exactly the tables that the SQL reads.", wrong)


def test_header_columns_exist() -> None:
    wrong = []
    for spec in _all():
        columns = set(_columns(spec))
        if not columns:
            continue
        named = {"grain": spec.header.get("grain", ""), "sort": spec.sort, "personal": ", ".join(spec.personal)}
        for key, text in named.items():
            for part in text.split("(")[0].split(","):
                word = part.strip().split(" ")[0]
                if re.fullmatch(r"[a-z_0-9]+", word) and word not in columns | {"one"}:
                    wrong.append(f"{name_of(spec.path)}: {key} names {word}, which is no column")
        needed = {Scope.STORE: "store", Scope.CUSTOMER: "customer_id"}.get(spec.scope)
        if needed and needed not in columns:
            wrong.append(f"{name_of(spec.path)}: scope {spec.scope} needs a column {needed}")
    assert not wrong, broken("What a header names is in the table.", wrong)


def test_personal_columns_are_declared() -> None:
    personal = {"name", "phone", "email", "address", "birthday", "id_number"}
    names_of_things = {"coupons", "staged_coupons"}
    open_ones = []
    for spec in _all():
        columns = set(_columns(spec))
        is_of_people = "customer_id" in columns or "value_hash" in columns or spec.name.endswith("persons")
        missing = (columns & personal) - set(spec.personal) - ({"name"} if spec.name in names_of_things else set())
        if is_of_people and missing:
            open_ones.append(f"{name_of(spec.path)}: {sorted(missing)}")
    assert not open_ones, broken("Personal columns stand in '-- personal:' so that the door masks them.", open_ones)


def test_every_table_is_documented() -> None:
    page = (ROOT / "docs" / "tables.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")]
    missing = []
    for spec in _all():
        row = next((line for line in rows if re.search(rf"\b{spec.name}\b", line.split("|")[2])), None)
        if row is None:
            missing.append(f"{spec.name} has no row")
        elif "see the files" not in row:
            text = "|".join(row.split("|")[3:])
            missing += [f"{spec.name}.{c}" for c in _columns(spec) if not re.search(rf"\b{re.escape(c)}\b", text)]
    assert not missing, broken("docs/tables.md names every table and column.", missing)


@cache
def _allowed() -> frozenset[str]:
    lines = _LISTED.read_text("utf-8").splitlines()
    return frozenset(line.split("#")[0].strip() for line in lines if line.split("#")[0].strip())


def _functions(tree: exp.Expression) -> set[str]:
    found = set()
    for node in tree.find_all(exp.Func):
        if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc):
            found.add(str(node.this).lower())
        elif not isinstance(node, exp.Connector | exp.Binary):
            has_base = isinstance(node, exp.Log) and node.args.get("expression") is not None
            found.add("log_of_base" if has_base else node.sql_name().lower())
    return found


def test_sql_uses_only_listed_functions() -> None:
    strange = [
        f"{name_of(spec.path)}: {name}()"
        for spec in _all()
        for name in sorted(_functions(_statement(spec.sql)) - _allowed())
    ]
    rule = "SQL uses functions of tests/house/sql_functions.txt only: SQLGlot changes others silently between engines."
    assert not strange, broken(rule, strange)


@pytest.mark.parametrize(
    ("sql", "refused"),
    [
        ("select hash(a) from t", "hash"),
        ("select quantile_cont(a, 0.5) from t", "percentile_cont"),
        ("select list(a order by b) from t", "array_agg"),
        ("select strptime(a, '%Y') from t", "str_to_time"),
        ("select log(a) from t", "log"),
    ],
)
def test_the_list_refuses_what_engines_do_not_share(sql: str, refused: str) -> None:
    assert refused in _functions(sqlglot.parse_one(sql, dialect="duckdb")) - _allowed()


def test_sql_has_no_shape_that_other_engines_lack() -> None:
    found = []
    for spec in _all():
        tree = _statement(spec.sql)
        for kind, word in ((exp.Comprehension, "list comprehension"), (exp.Lambda, "lambda"), (exp.Pivot, "pivot")):
            if tree.find(kind):
                found.append(f"{name_of(spec.path)}: {word}")
        found += [f"{name_of(spec.path)}: asof join" for j in tree.find_all(exp.Join) if j.args.get("method") == "ASOF"]
        if spec.is_model and not isinstance(tree, exp.Query):
            found.append(f"{name_of(spec.path)}: a model is one select")
    assert not found, broken("Plain SQL only.", found)


def test_divisions_guard_their_denominator() -> None:
    bare = []
    for spec in _all():
        for node in _statement(spec.sql).find_all(exp.Div, exp.IntDiv):
            below = node.expression.unnest()
            if not (
                isinstance(below, exp.Literal | exp.Nullif | exp.Parameter) or below.find(exp.Nullif, exp.Greatest)
            ):
                bare.append(f"{name_of(spec.path)}: {node.sql('duckdb')}")
    assert not bare, broken("Every denominator stands in nullif (or greatest).", bare)


def _is_day(node: exp.Expression) -> bool:
    inner = node.unnest()
    name = inner.name if isinstance(inner, exp.Column | exp.Parameter | exp.Placeholder) else ""
    if isinstance(inner, exp.Coalesce | exp.Max | exp.Min | exp.Greatest | exp.Least):
        return _is_day(inner.this)
    return name.endswith("_on") or name == "as_of"


def test_days_are_subtracted_by_name() -> None:
    found = [
        f"{name_of(spec.path)}: {node.sql('duckdb')}"
        for spec in _all()
        for node in _statement(spec.sql).find_all(exp.Sub)
        if _is_day(node.this) and _is_day(node.expression)
    ]
    rule = "Days between two days: date_diff('day', earlier, later). A minus gives an interval on other engines."
    assert not found, broken(rule, found)
