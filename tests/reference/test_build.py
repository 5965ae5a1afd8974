"""The tables of the room, built from staged rows."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import NotAllowed
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import open_reader
from shuke.reference.actions import build
from shuke.reference.queries import associates, stores

PARAMETERS = {"as_of": date(2026, 11, 23), "timezone": "Asia/Shanghai", "currency": "CNY"}


def sale(no: str, **values: object) -> dict[str, object]:
    """A staged line with the columns that must be there."""
    row: dict[str, object] = {
        "batch_id": 1, "row_no": int(no), "row_hash": int(no), "record_id": int(no), "source": "pos", "shop": "",
        "row_grain": "line", "order_no": no, "currency": "CNY", "ordered_on": date(2026, 1, int(no) % 28 + 1),
        "ordered_at": datetime(2026, 1, int(no) % 28 + 1, 4),
    }  # fmt: skip
    return row | values


def built(workspace: Workspace) -> None:
    with open_run(workspace, kind="test") as run:
        build(SYSTEM, run=run, parameters=PARAMETERS)
        run.publish()


def test_stores_associates_products(workspace: Workspace, fill_lake) -> None:
    fill_lake(
        staged_sales=[
            sale("1", store="滨江店", associate="陈一", sku="A", product="五常大米", category="粮油"),
            sale("2", store="滨江店", associate="陈一", sku="A", product="五常大米 5kg", category="粮油"),
            sale("3", store="禾里生活(滨江店)", source="meituan", sku="POST", product="运费"),
            sale("4", store="天一店", associate="陈一", sku="B", product="礼品卡 100", external_order_no="Y1"),
            sale("5", store="禾里生活小程序", source="youzan", sku="post ", product="x"),
            sale("6", store="推广", source="meituan", row_grain="fee", sku="AD"),
        ],
        staged_persons=[
            {"batch_id": 1, "row_no": 1, "record_id": 1, "source": "youzan", "shop": "", "source_row_id": "Y1",
             "kind": "order", "city": "宁波"},
        ],
        staged_costs=[
            {"batch_id": 1, "row_no": 1, "row_hash": 1, "source": "cost", "sku": "A", "currency": "CNY",
             "unit_cost": Decimal("10.005"), "valid_from": date(2025, 1, 1)},
            {"batch_id": 1, "row_no": 2, "row_hash": 2, "source": "cost", "sku": "A", "currency": "CNY",
             "unit_cost": Decimal("12.345"), "valid_from": date(2026, 1, 1)},
            {"batch_id": 1, "row_no": 3, "row_hash": 3, "source": "cost", "sku": "Z", "currency": "JPY",
             "unit_cost": Decimal("120"), "product": "毛巾"},
        ],
    )  # fmt: skip
    built(workspace)
    with open_reader(SYSTEM, workspace) as lake:
        found = {row["store"]: row for row in lake.rows("select * from stores")}
        assert found["滨江店"]["first_seen_on"] == date(2026, 1, 2)
        assert found["滨江店"]["last_seen_on"] == date(2026, 1, 4)
        assert (found["天一店"]["city"], found["滨江店"]["city"]) == ("宁波", None)
        assert {name for name, row in found.items() if row["channel"] == "online"} == {"小程序"}
        assert lake.value("select store from associates where associate = '陈一'") == "滨江店"
        products = {row["sku"]: row for row in lake.rows("select * from products")}
        assert products["A"]["product"] == "五常大米 5kg"
        assert products["A"]["unit_cost_minor"] == 1235
        assert (products["Z"]["unit_cost_minor"], products["Z"]["product"]) == (120, "毛巾")
        assert {sku for sku, row in products.items() if not row["is_goods"]} == {"POST", "B", "post "}
        assert "AD" not in products


def test_only_stores_of_the_scope_are_listed(workspace: Workspace, fill_lake) -> None:
    fill_lake(staged_sales=[sale("1", store="滨江店", associate="陈一"), sale("2", store="天一店", associate="陆二")])
    built(workspace)
    manager = Actor(name="m", role=Role.MANAGER, stores=frozenset({"天一店"}))
    with open_reader(manager, workspace) as lake:
        assert [store.store for store in stores(manager, lake=lake)] == ["天一店"]
        assert associates(manager, lake=lake) == ["陆二"]


def test_an_empty_shop_builds_empty_tables(workspace: Workspace) -> None:
    built(workspace)
    with open_reader(SYSTEM, workspace) as lake:
        assert stores(SYSTEM, lake=lake) == []
        assert lake.value("select count(*) from products") == 0


def test_associates_may_not_build(workspace: Workspace) -> None:
    actor = Actor(name="a", role=Role.ASSOCIATE, stores=frozenset({"天一店"}))
    with open_run(workspace, kind="test") as run, pytest.raises(NotAllowed):
        build(actor, run=run, parameters=PARAMETERS)
