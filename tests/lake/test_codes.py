"""Texts of few values are sorted as codes: the same file comes out, also where a value is not known beforehand."""

import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake import actions
from shuke.lake.queries import open_reader
from tests.conftest import FillLake

SALE = {
    "batch_id": 1,
    "row_hash": 1,
    "record_id": 1,
    "source": "pos",
    "shop": "",
    "row_grain": "line",
    "order_no": "1",
    "currency": "CNY",
}
ORDER = {"source": "pos", "currency": "CNY", "store": "One", "customer_id": 1, "ordered_at": None}
LINES = """
select row_no as order_key, row_no as position, row_no % 3 as customer_id, date '2026-01-01' as ordered_on,
  'pos' as source, '' as line_no, {sku} as sku, product, 'Süßes 甜''品' as category, null::varchar as spec,
  'CNY' as currency, 'One' as store
from staged_sales
"""


@pytest.mark.parametrize("sku", ["sku", "sku || 'x'"], ids=["known", "unknown"])
def test_coded_and_plain_files_hold_the_same(
    workspace: Workspace, fill_lake: FillLake, monkeypatch: pytest.MonkeyPatch, sku: str
) -> None:
    goods = [("A", "it's"), ("B", None), (None, "毛巾"), ("A", ""), ("C", "毛巾")]
    fill_lake(
        staged_sales=[
            SALE | {"row_no": n, "sku": s, "product": p, "category": "Süßes 甜'品", "line_no": ""}
            for n, (s, p) in enumerate(goods)
        ],
        orders=[ORDER],
    )
    found = []
    for worth in (0, 10**9):
        monkeypatch.setattr(actions, "_WORTH_CODES", worth)
        with actions.open_run(workspace, kind="test") as run:
            assert run.write("order_lines", sql=LINES.format(sku=sku)) == len(goods)
            run.publish()
        with open_reader(SYSTEM, workspace) as lake:
            types = lake.rows(
                "select distinct typeof(sku) as a, typeof(category) as b, typeof(spec) as c from order_lines"
            )
            found.append((types, lake.rows("select * from order_lines order by order_key")))
    assert found[0] == found[1]
    assert found[0][0] == [{"a": "VARCHAR", "b": "VARCHAR", "c": "VARCHAR"}]


def test_a_column_of_many_values_stays_text(
    workspace: Workspace, fill_lake: FillLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "_WORTH_CODES", 0)
    monkeypatch.setattr(actions, "_FEW", 2)
    fill_lake(staged_sales=[SALE | {"row_no": n, "sku": f"S{n}", "product": "毛巾"} for n in range(4)], orders=[ORDER])
    with actions.open_run(workspace, kind="test") as run:
        coded = run._coded(actions.specs()["order_lines"])
    assert "product::" in coded and "sku::" not in coded
