"""What holds for every order, whatever its system writes: an oracle in plain Python, and laws between the columns."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuke.activity.actions import OrdersMultiplied
from tests.activity.conftest import Stage, one

MONEY = st.integers(0, 50_000)
STATUS = st.sampled_from([None, "unpaid", "paid", "shipped", "completed", "part_refunded", "refunded", "cancelled"])
HEADER = st.fixed_dictionaries(
    {"order_paid_minor": MONEY, "order_refund_minor": st.one_of(st.none(), MONEY), "status": STATUS}
)


def worth(header: dict[str, Any]) -> tuple[int, int]:
    """Gross and net of a header row by the words of the contract."""
    paid, refund, status = header["order_paid_minor"], header["order_refund_minor"] or 0, header["status"]
    if status == "unpaid" or (status == "cancelled" and (refund == 0 or paid == 0)):
        return 0, 0
    if paid == 0:
        return refund, 0
    if refund:
        return paid, paid - refund
    return (paid, 0) if status == "refunded" else (paid, paid)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(headers=st.lists(HEADER, min_size=5, max_size=30))
def test_header_orders_are_worth_what_the_contract_says(stage: Stage, headers: list[dict[str, Any]]) -> None:
    stage.tables["staged_sales"] = []
    for number, header in enumerate(headers):
        stage.sale(f"{number}", source="youzan", row_grain="order", **header)
    with stage.build() as lake:
        rows = lake.rows("select order_no, gross_minor, net_minor, refund_minor, status from orders")
    assert len(rows) == len(headers)
    for row in rows:
        assert (row["gross_minor"], row["net_minor"]) == worth(headers[int(row["order_no"])])
        assert row["net_minor"] == row["gross_minor"] - row["refund_minor"]
        if row["status"] in ("unpaid", "cancelled"):
            assert row["gross_minor"] == 0
        if row["status"] == "refunded":
            assert row["net_minor"] <= 0
        if row["refund_minor"] > 0:
            assert row["status"] in ("part_refunded", "refunded")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amounts=st.lists(st.lists(st.integers(-9000, 9000).filter(bool), min_size=1, max_size=4), min_size=1, max_size=9)
)
def test_importing_an_order_again_under_new_lines_never_adds_its_old_ones(
    stage: Stage, amounts: list[list[int]]
) -> None:
    """Each export tells the whole order anew, lines numbered; only the latest version of each line may count."""
    stage.tables["staged_sales"] = []
    latest: dict[tuple[int, bool], int] = {}
    for batch, lines in enumerate(amounts, 1):
        for number, amount in enumerate(lines):
            quantity = Decimal(1 if amount > 0 else -1)
            values = {"line_no": str(number), "sku": "A", "quantity": quantity, "line_amount_minor": amount}
            stage.sale("1", batch_id=batch, **values)
            latest[number, amount < 0] = amount
    with stage.build() as lake:
        assert one(lake, "1", columns="net_minor") == (sum(latest.values()),)
        assert lake.value("select sum(amount_minor) from order_lines") == sum(latest.values())


def test_an_order_that_would_count_twice_stops_the_build(stage: Stage) -> None:
    stage.sale("1", sku="A", line_amount_minor=100)
    stage.known("1", 1)
    stage.known("1", 2)
    with pytest.raises(OrdersMultiplied, match="1 orders became 2"), stage.build():
        raise AssertionError("the build must stop")
