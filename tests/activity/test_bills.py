"""Bills that tell refunds in rows of their own, and tills that tell a total and no prices."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.activity.conftest import Stage, amounts, one

NO = "1002098877665544"


def _order(stage: Stage, *, batch_id: int = 1) -> None:
    stage.sale(NO, source="meituan", row_grain="order", order_paid_minor=4250, status="completed", batch_id=batch_id)


def _back(stage: Stage, *, batch_id: int = 1, **money: int) -> None:
    stage.sale(NO, source="meituan", row_grain="refund", batch_id=batch_id, **money)


def test_refund_rows_lower_their_order(stage: Stage) -> None:
    _order(stage)
    _back(stage, order_refund_minor=1000)
    _back(stage, order_refund_minor=250)
    with stage.build() as lake:
        assert one(lake, NO) == (4250, 3000, "part_refunded")


def test_the_refund_of_a_later_bill_keeps_the_order(stage: Stage) -> None:
    _order(stage)
    _back(stage, batch_id=2, order_refund_minor=4250)
    with stage.build() as lake:
        assert one(lake, NO) == (4250, 0, "refunded")


def test_a_refund_told_on_the_order_too_counts_once(stage: Stage) -> None:
    stage.sale(NO, source="meituan", row_grain="order", order_paid_minor=4250, order_refund_minor=1000)
    _back(stage, order_refund_minor=1000)
    with stage.build() as lake:
        assert one(lake, NO, columns="gross_minor, net_minor") == (4250, 3250)


def test_a_refund_of_an_order_from_before_is_a_return(stage: Stage) -> None:
    _back(stage, order_refund_minor=1000)
    with stage.build() as lake:
        assert one(lake, NO, columns="gross_minor, net_minor, is_return, counted") == (0, -1000, True, True)


def test_fees_touch_no_order(stage: Stage) -> None:
    _order(stage)
    stage.sale(NO, source="meituan", row_grain="fee", order_paid_minor=-800)
    with stage.build() as lake:
        assert one(lake, NO) == (4250, 4250, "completed")


def test_a_total_without_prices_is_shared_by_quantity(stage: Stage) -> None:
    for sku, quantity in (("A", 1), ("B", 2), ("C", 4)):
        stage.sale("T1", sku=sku, quantity=quantity, order_paid_minor=10000)
    with stage.build() as lake:
        assert one(lake, "T1", columns="gross_minor, goods_minor") == (10000, 10000)
        assert amounts(lake, "T1") == [1429, 2857, 5714]


def test_freight_is_not_shared_and_prices_are_kept(stage: Stage) -> None:
    stage.sale("T1", sku="A", quantity=1, order_paid_minor=10000, order_freight_minor=1000)
    stage.sale("T2", sku="A", quantity=1, unit_price=Decimal("0"), order_paid_minor=0)
    stage.sale("T2", sku="B", quantity=1, order_paid_minor=0)
    with stage.build() as lake:
        assert amounts(lake, "T1") == [9000]
        assert amounts(lake, "T2") == [0, 0]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=6).filter(any), min_size=1, max_size=8),
    st.integers(1, 99_999),
)
def test_shares_add_up_to_the_total(stage: Stage, receipts: list[list[int]], total: int) -> None:
    stage.tables["staged_sales"].clear()
    for number, quantities in enumerate(receipts):
        for quantity in quantities:
            stage.sale(f"R{number}", sku="A", quantity=quantity, order_paid_minor=total)
    with stage.build() as lake:
        sums = lake.rows(
            "select order_no, sum(amount_minor) as amount, min(amount_minor) as least from order_lines group by 1"
        )
        assert len(sums) == len(receipts)
        assert {row["amount"] for row in sums} == {total}
        assert min(row["least"] for row in sums) >= 0
