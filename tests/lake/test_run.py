"""A run publishes everything or nothing; readers are scoped and masked."""

import pytest

from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import NotAllowed
from shuke.kernel.ids import stable_hash
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import LakeBusy, open_run
from shuke.lake.models import Generation, WriterLease
from shuke.lake.queries import open_reader
from tests.conftest import FillLake


def cost(sku: str) -> str:
    return (
        f"select 1::bigint as batch_id, 1::bigint as row_no, 1::bigint as row_hash, 'cost' as source, '{sku}' as sku,"
        " null::varchar as product, null::varchar as category, 1.5::decimal(18,6) as unit_cost, 'CNY' as currency,"
        " null::date as valid_from"
    )


def test_published_rows_are_seen_and_appended_rows_add_up(workspace: Workspace) -> None:
    for sku in ("A", "B"):
        with open_run(workspace, kind="test") as run:
            run.append("staged_costs", sql=cost(sku))
            run.publish()
    with open_reader(SYSTEM, workspace) as lake:
        assert lake.rows("select sku from staged_costs order by sku") == [{"sku": "A"}, {"sku": "B"}]
        assert lake.row_count("staged_costs") == 2


def test_a_failed_run_leaves_no_file_and_no_lease(workspace: Workspace) -> None:
    with pytest.raises(RuntimeError), open_run(workspace, kind="test") as run:
        run.append("staged_costs", sql=cost("A"))
        raise RuntimeError
    assert list(workspace.lake.rglob("*.parquet")) == []
    assert not WriterLease.objects.exists()
    assert not Generation.objects.exists()


def test_two_writers_at_once_are_refused(workspace: Workspace) -> None:
    with open_run(workspace, kind="first"), pytest.raises(LakeBusy), open_run(workspace, kind="second"):
        raise AssertionError("the second run must not start")


def test_an_empty_declared_table_reads_as_empty(workspace: Workspace) -> None:
    with open_reader(SYSTEM, workspace) as lake:
        assert lake.value("select count(*) from staged_sales") == 0


def test_personal_columns_are_masked_and_system_tables_refused(workspace: Workspace, fill_lake) -> None:
    person = {
        "batch_id": 1, "row_no": 1, "record_id": 7, "source": "member", "shop": "", "source_row_id": "C1",
        "kind": "member", "name": "陈小燕", "phone": "8613812345678", "email": "chen@example.com",
    }  # fmt: skip
    fill_lake(staged_persons=[person])
    operator = Actor(name="op", role=Role.OPERATOR)
    with open_reader(operator, workspace) as lake:
        row = lake.row("select name, phone, email, address from staged_persons")
    assert row == {"name": "陈**", "phone": "138****5678", "email": "c***@example.com", "address": None}
    manager = Actor(name="m", role=Role.MANAGER, stores=frozenset({"滨江店"}))
    with open_reader(manager, workspace) as lake, pytest.raises(NotAllowed):
        lake.rows("select * from staged_persons")


def test_stable_hash_is_equal_in_python_and_sql(workspace: Workspace) -> None:
    with open_reader(SYSTEM, workspace) as lake:
        for text in ("", "a", "pos|20260101", "陈小燕 🙂"):
            assert lake.value("select stable_hash($text)", text=text) == stable_hash(text)


def test_a_card_number_that_is_a_mobile_number_is_masked(workspace: Workspace, fill_lake: FillLake) -> None:
    others = dict.fromkeys(("name", "phone", "email", "birthday", "address"))
    rows = [
        {"customer_id": 1, "card": "13800001111", "member_id": "8613800001111"},
        {"customer_id": 2, "card": "880000001232", "member_id": "V1380000111"},
    ]
    fill_lake(customer_profiles=[{**row, **others} for row in rows])
    with open_reader(Actor(name="林晓", role=Role.OPERATOR), workspace) as lake:
        found = lake.rows("select card, member_id from customer_profiles order by customer_id")
    assert found[0] == {"card": "138****1111", "member_id": "138****1111"}
    assert found[1] == {"card": "880000001232", "member_id": "V1380000111"}
