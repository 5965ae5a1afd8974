"""Recommendations, prices and habits of small shops: who gets what, what nobody may get, and words for it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import Reader
from shuke.predictions.actions import RECOMMENDATION_TABLES, build, build_recommendations
from shuke.predictions.adapters import definition
from shuke.predictions.queries import (
    bought_together,
    habits_of,
    prices_of,
    recommendations,
    replenishment,
    say_recommendation,
    similar_products,
)
from shuke.predictions.queries.recommendations import basket_lines
from tests.predictions.world import AS_OF, line, order, profile, tables_of

SHOP = {"as_of": AS_OF, "timezone": "Asia/Shanghai", "currency": "CNY"}
_PEOPLE = 60


def _category(name: str) -> str:
    return "厨具" if "锅" in name else "食品"


def shop(*, later: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Sixty people: all buy milk every 10 days; even ones coffee and filters, odd ones tea; a pan lasts for ever."""
    orders, lines = [], []
    for customer in range(1, _PEOPLE + 1):
        for visit in range(8):
            on = AS_OF - timedelta(days=5 + 10 * visit + customer % 4)
            goods = ["鲜牛奶 1L", "咖啡豆 500g" if customer % 2 == 0 else "龙井茶 100g"]
            goods += ["咖啡滤纸 100张"] if customer % 2 == 0 and customer != 2 and visit in (1, 3) else []
            goods += ["铸铁锅 26cm"] if visit == 7 else []
            orders.append(order(customer, on=on, number=visit))
            lines += [
                line(
                    customer, on=on, product=name, category=_category(name), amount=1_000 + 100 * place,
                    number=visit, position=place, discount_minor=300 if customer % 3 == 0 and place == 0 else 0,
                    spec="大" if customer % 2 else "小",
                )
                for place, name in enumerate(goods)
            ]  # fmt: skip
    # Customer 4 brought the milk back, all of it, on the last visit.
    for row in lines:
        if row["customer_id"] == 4 and row["product"] == "鲜牛奶 1L" and row["ordered_on"] > AS_OF - timedelta(days=9):
            row["refund_minor"] = row["amount_minor"]
    if later:
        orders.append(order(1, on=AS_OF, number=90))
        lines.append(line(1, on=AS_OF, product="铸铁锅 26cm", category="厨具", amount=9_000, number=90))
    names = {row["product"]: row["category"] for row in lines} | {"咖啡豆 1kg 新烘": "食品"}
    products = [
        {"sku": name, "product": name, "category": kind, "unit_cost_minor": 500, "is_goods": True}
        for name, kind in sorted(names.items())
    ]
    people = [profile(customer) for customer in range(1, _PEOPLE + 2)]
    return tables_of({}, profiles=people) | {
        "orders": orders,
        "order_lines": lines,
        "products": products,
        "customer_stores": [
            {"customer_id": customer, "store": "滨江店", "reason": "owner"} for customer in range(1, _PEOPLE + 2)
        ],
    }


@pytest.fixture
def lake(workspace: Workspace, fill_lake: Any) -> Iterator[Reader]:
    """The shop's week; customer 6 asked for no personalisation."""
    refused = {"customer_id": 6, "purpose": "personalisation", "state": "refused"}
    fill_lake(**shop(), customer_consents=[refused])
    with open_run(workspace, kind="test") as run:
        build(SYSTEM, run=run, parameters=SHOP)
        build_recommendations(SYSTEM, run=run, parameters=SHOP)
        yield run.reader()


def named(lake: Reader, customer: int, which: str) -> list[str]:
    return [one.product for one in recommendations(SYSTEM, lake=lake, customer_id=customer) if one.list == which]


def test_three_lists_apart(lake: Reader) -> None:
    assert set(named(lake, 8, "repeat")) == {"鲜牛奶 1L", "咖啡豆 500g"}
    assert "铸铁锅 26cm" not in named(lake, 8, "repeat"), "a pan that is owned is not sold again"
    # Customer 2 buys coffee and no filters, as nobody else does.
    assert named(lake, 2, "cross_sell")[0] == "咖啡滤纸 100张"
    bought = {row["product"] for row in lake.rows("select product from customer_products where customer_id = 2")}
    assert not bought & set(named(lake, 2, "cross_sell"))
    wrong = lake.rows(
        "select r.* from recommendations r join customer_products c using (customer_id, product)"
        " where r.list <> 'repeat'"
    )
    assert wrong == []
    ranks = lake.rows("select customer_id, list, count(*) as n, max(rank) as last from recommendations group by 1, 2")
    assert all(row["n"] == row["last"] <= definition("recommendations")["list_most"] for row in ranks)


def test_what_came_back_is_not_named_again(lake: Reader) -> None:
    assert "鲜牛奶 1L" not in named(lake, 4, "repeat")
    assert "鲜牛奶 1L" not in [row["product"] for row in replenishment(SYSTEM, lake=lake, customer_id=4)]


def test_nobody_who_refused_is_computed(lake: Reader) -> None:
    for table in ("recommendations", "replenishment", "customer_prices", "customer_habits"):
        assert lake.value(f"select count(*) from {table} where customer_id = 6") == 0, table
        assert lake.value(f"select count(*) from {table}") > 0, table
    generic = recommendations(SYSTEM, lake=lake, customer_id=6)
    stranger = recommendations(SYSTEM, lake=lake, customer_id=_PEOPLE + 1)
    assert generic and {one.list for one in generic} == {"popular"}
    assert generic == stranger, "who refused sees what somebody unknown sees"
    assert 6 not in basket_lines(SYSTEM, lake=lake)["customer_id"].to_pylist()


def test_an_associate_can_say_each_reason(lake: Reader) -> None:
    words = definition("recommendation_reasons")
    told = {one.reason for c in range(1, _PEOPLE + 2) for one in recommendations(SYSTEM, lake=lake, customer_id=c)}
    assert told <= set(words)
    one = recommendations(SYSTEM, lake=lake, customer_id=2)
    filters = next(row for row in one if row.product == "咖啡滤纸 100张")
    assert "咖啡滤纸 100张" in say_recommendation(filters, language="zh-hans")
    assert filters.because in say_recommendation(filters, language="en")
    assert "8" in say_recommendation(one[0], language="zh")


def test_replenishment_is_the_last_purchase_and_the_gap(lake: Reader) -> None:
    row = replenishment(SYSTEM, lake=lake, customer_id=8)[0]
    assert row["gap_days"] == pytest.approx(10, abs=0.5)
    assert row["due_on"] == row["last_on"] + timedelta(days=10)


def test_till_and_attributes(lake: Reader) -> None:
    with_filters = bought_together(SYSTEM, lake=lake, product="咖啡滤纸 100张")
    assert with_filters[0]["other"] == "咖啡豆 500g" and with_filters[0]["lift"] > 1.5
    # Nobody has ever bought the new beans: their name and category speak.
    assert similar_products(SYSTEM, lake=lake, product="咖啡豆 1kg 新烘")[0]["other"] == "咖啡豆 500g"


def test_discount_hunters_stand_out(lake: Reader) -> None:
    hunter, other = prices_of(SYSTEM, lake=lake, customer_id=3), prices_of(SYSTEM, lake=lake, customer_id=5)
    assert hunter is not None and other is not None
    assert hunter["sensitivity"] > 1 > other["sensitivity"]
    for row in (hunter, other):
        assert row["low"] <= row["sensitivity"] <= row["high"] and 0 <= row["sure_share"] <= 1


def test_habits_are_drawn_to_the_shop(lake: Reader) -> None:
    row = habits_of(SYSTEM, lake=lake, customer_id=1)
    assert row is not None
    assert row["size"] == "大" and row["size_share"] == 1
    assert row["favourite_hour"] == 8, "midnight in UTC is eight in Shanghai"
    assert 1 <= row["favourite_weekday"] <= 7 and row["weekday_shop_share"] <= row["weekday_share"] <= 1
    assert 0 <= row["novelty_share"] <= 1 and 0 < row["novelty_sure_share"] < 1


def test_nothing_on_or_after_the_day_is_read(workspace: Workspace, fill_lake: Any) -> None:
    found = []
    for later in (False, True):
        fill_lake(**shop(later=later))
        with open_run(workspace, kind="test") as run:
            build(SYSTEM, run=run, parameters=SHOP)
            build_recommendations(SYSTEM, run=run, parameters=SHOP)
            found.append(
                {name: sorted(map(repr, run.reader().rows(f"select * from {name}"))) for name in RECOMMENDATION_TABLES}
            )
    assert found[0] == found[1]


def test_a_shop_with_one_order_or_none(workspace: Workspace, fill_lake: Any) -> None:
    for history in ({1: []}, {1: [date(2026, 11, 1)]}):
        fill_lake(**tables_of(history))
        with open_run(workspace, kind="test") as run:
            build(SYSTEM, run=run, parameters=SHOP)
            build_recommendations(SYSTEM, run=run, parameters=SHOP)
            lake = run.reader()
            assert lake.value("select count(*) from recommendations where score is null") == 0
            assert [one.list for one in recommendations(SYSTEM, lake=lake, customer_id=1)] in (
                [],
                ["repeat"],
                ["popular"],
            )
