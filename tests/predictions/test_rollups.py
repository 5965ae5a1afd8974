"""The rollups by product and by category and month against plain Python, on random lines."""

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.predictions.actions import build
from tests.predictions.world import AS_OF, line, tables_of

_SETTINGS = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_PRODUCTS = (("吐司", "烘焙"), ("贝果", "烘焙"), ("毛巾", "家居"), ("礼袋", None), (None, "家居"))


def random_lines(seed: int) -> list[dict[str, Any]]:
    """Goods, returns, refunds, gifts, other kinds, uncounted lines, nobody's lines and lines of the future."""
    luck = random.Random(seed)
    lines = []
    for number in range(400):
        quantity = luck.choice([Decimal(told) for told in ("1", "1", "2", "0.325", "-1", "0")])
        goods = dict(zip(("product", "category"), luck.choice(_PRODUCTS), strict=True))
        amount = luck.choice((0, 990, 990, 2_500)) * (-1 if quantity < 0 else 1)
        told: dict[str, Any] = {
            **goods,
            "amount": amount,
            "number": number,
            "quantity": quantity,
            "refund_minor": luck.choice((None, 0, 0, 500, amount)) if amount > 0 else 0,
            "counted": luck.random() < 0.9,
            "line_kind": luck.choice(("goods",) * 9 + ("freight",)),
        }
        if luck.random() < 0.1:
            told["customer_id"] = None
        on = AS_OF - timedelta(days=luck.choice((-1, 0, 1, 2, 3, 20, 21, 40, 400)))
        lines.append(line(luck.randint(1, 6), on=on, **told))
    return lines


def plain(lines: list[dict[str, Any]], *, by: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The rollups in plain Python: key to days, quantity, net and, for products, the four dates and returns."""
    groups = defaultdict(list)
    for row in lines:
        counts = row["counted"] and row["line_kind"] == "goods" and row["customer_id"] and row["ordered_on"] < AS_OF
        if counts and row[by] is not None:
            month = (row["ordered_on"].replace(day=1),) if by == "category" else ()
            groups[(row["customer_id"], row[by], *month)].append(row)
    found = {}
    for key, rows in groups.items():
        bought = {r["ordered_on"] for r in rows if r["quantity"] > 0 and r["amount_minor"] > (r["refund_minor"] or 0)}
        back = [r for r in rows if _came_back(r)]
        found[key] = {
            "days": len(bought),
            "quantity": float(sum(max(r["quantity"], 0) for r in rows)),
            "net_minor": sum(r["amount_minor"] - (r["refund_minor"] or 0) for r in rows),
            "first_on": min(bought, default=None),
            "last_on": max(bought, default=None),
            "returned_quantity": float(sum(abs(r["quantity"]) for r in back)),
            "last_returned_on": max((r["ordered_on"] for r in back), default=None),
        }
    return found


def _came_back(row: dict[str, Any]) -> bool:
    whole = row["amount_minor"] > 0 and (row["refund_minor"] or 0) >= row["amount_minor"] and row["quantity"] > 0
    return bool(row["quantity"] < 0 or whole)


def built(
    workspace: Workspace, fill_lake: Any, lines: list[dict[str, Any]], *tables: str
) -> list[list[dict[str, Any]]]:
    """The rows of the tables, built from the lines."""
    fill_lake(**{**tables_of({1: [AS_OF - timedelta(days=9)]}), "order_lines": lines})
    with open_run(workspace, kind="test") as run:
        build(SYSTEM, run=run, parameters={"as_of": AS_OF, "timezone": "Asia/Shanghai", "currency": "CNY"})
        return [run.reader().rows(f"select * from {table}") for table in tables]


@_SETTINGS
@given(seed=st.integers(0, 10_000))
def test_rollups_equal_plain_python(workspace: Workspace, fill_lake: Any, seed: int) -> None:
    lines = random_lines(seed)
    products, months = built(workspace, fill_lake, lines, "customer_products", "customer_category_months")

    expected = plain(lines, by="product")
    assert len(products) == len(expected)
    categories = dict(_PRODUCTS)
    for row in products:
        told = expected[(row["customer_id"], row["product"])]
        assert {name: row[name] for name in told} == told
        assert row["category"] == categories[row["product"]]

    by_month = plain(lines, by="category")
    assert len(months) == len(by_month)
    for row in months:
        told = by_month[(row["customer_id"], row["category"], row["month"])]
        assert (row["days"], row["quantity"], row["net_minor"]) == (told["days"], told["quantity"], told["net_minor"])


def test_a_return_on_its_own_row_keeps_the_purchase_and_tells_its_day(workspace: Workspace, fill_lake: Any) -> None:
    bought, back = date(2026, 10, 1), date(2026, 10, 9)
    lines = [
        line(1, on=bought, product="毛巾", category="家居", amount=2_000, number=0),
        line(1, on=back, product="毛巾", category="家居", amount=-2_000, number=1, quantity=-1.0),
        line(2, on=bought, product="毛巾", category="家居", amount=2_000, number=2, refund_minor=2_000),
    ]
    (rows,) = built(workspace, fill_lake, lines, "customer_products")
    told = {r["customer_id"]: (r["days"], r["last_on"], r["last_returned_on"], r["net_minor"]) for r in rows}
    assert told == {1: (1, bought, back, 0), 2: (0, None, bought, 0)}
