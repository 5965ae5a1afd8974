"""The demo retailer's raw exports through the importer: money as the truth has it, and each planted problem found."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shuke.checkup import queries
from shuke.demo.actions import write_exports
from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import Reader, open_reader
from shuke.procedures.import_files import import_files
from shuke.procedures.refresh import check

AS_OF = date(2026, 11, 23)
pytestmark = pytest.mark.slow


def silent(_: str) -> None:
    """No progress in tests."""


def test_the_check_up_finds_what_was_planted(workspace: Workspace, tmp_path: Path) -> None:
    exports, truth = tmp_path / "exports", tmp_path / "truth"
    write_exports(exports, truth=truth, customers=1500, seed=5)
    report = import_files(SYSTEM, workspace=workspace, paths=sorted(exports.iterdir()))
    assert all(not file.error for file in report.files)
    check(SYSTEM, workspace=workspace, as_of=AS_OF, progress=silent)
    with open_reader(SYSTEM, workspace) as lake:
        every_order_is_worth_what_the_truth_says(lake, truth=truth)
        every_problem_is_found(lake, truth=truth)


def every_order_is_worth_what_the_truth_says(lake: Reader, *, truth: Path) -> None:
    lake.cursor.execute(f"create or replace temp table truth as select * from '{truth / 'orders.parquet'}'")
    wrong = lake.rows(
        "select t.source, t.order_no, t.net_minor, o.net_minor as ours, o.counted from truth t"
        " full join orders o on o.source = t.source and o.order_no = t.order_no"
        " where t.gross_minor is distinct from o.gross_minor or t.net_minor is distinct from o.net_minor"
        " or (t.duplicate_of is null) is distinct from o.counted limit 5"
    )
    assert wrong == []


def every_problem_is_found(lake: Reader, *, truth: Path) -> None:
    columns = "code, rows, orders, money_minor, first_on, last_on, store"
    rows = duckdb.sql(f"select {columns} from '{truth / 'problems.parquet'}'").fetchall()
    planted = {row[0]: dict(zip(columns.split(", "), row, strict=True)) for row in rows}
    found = {one.code: one for one in queries.report(SYSTEM, lake=lake, as_of=AS_OF).findings}
    o2o = found["order_in_two_systems"]
    assert (o2o.rows, o2o.orders, o2o.money_minor) == numbers(planted["o2o_double"])
    twice, overlap = planted["file_exported_twice"], planted["periods_overlap"]
    till = lake.row(
        "select count(*) as rows, sum(money_minor)::bigint as money from finding_repeated_export_duplicate"
        " where source = 'pos'"
    )
    assert till == {"rows": twice["rows"] + overlap["rows"], "money": twice["money_minor"] + overlap["money_minor"]}
    blank, lost = planted["return_original_blank"], planted["return_without_original"]
    unlinked = [found[code] for code in ("returns_without_original", "returns_not_linked") if code in found]
    assert sum(one.orders for one in unlinked) == blank["orders"] + lost["orders"]
    assert sum(one.money_minor for one in unlinked) == -(blank["money_minor"] + lost["money_minor"])
    stopped = planted["store_stopped_registering"]
    assert found["store_stopped_registering"].stores == (stopped["store"],)
    assert abs((found["store_stopped_registering"].first_on - stopped["first_on"]).days) <= 7
    dummy, members = planted["dummy_phone"], planted["dummy_phone_member"]
    assert abs(found["dummy_phone"].rows - dummy["rows"] - members["rows"]) <= 0.1 * dummy["rows"]
    assert found["clock_skew"].stores == (planted["clock_skew"]["store"],)
    assert "quarantined_rows" not in found, "the total row is no problem to repair"
    assert found["sales_without_customer"].money_minor >= 0.9 * planted["no_member"]["money_minor"]


def numbers(problem: dict[str, Any]) -> tuple[int, int, int]:
    return problem["rows"], problem["orders"], problem["money_minor"]
