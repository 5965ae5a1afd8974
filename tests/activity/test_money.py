"""What an order is worth: each money rule against plain figures."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.activity.conftest import Stage, amounts, one


def test_lines_without_a_total_add_up_with_freight(stage: Stage) -> None:
    stage.sale("1", sku="A", line_amount_minor=1999, quantity=Decimal(1), order_freight_minor=600)
    stage.sale("1", sku="B", line_amount_minor=501, quantity=Decimal(1), order_freight_minor=600)
    with stage.build() as lake:
        assert one(lake, "1") == (3100, 3100, "paid")
        assert amounts(lake, "1") == [1999, 501]


def test_a_total_repeated_on_each_line_counts_once(stage: Stage) -> None:
    for sku in "ABC":
        stage.sale("1", source="jd", sku=sku, quantity=Decimal(1), unit_price=Decimal(50), order_paid_minor=12000)
    with stage.build() as lake:
        assert one(lake, "1") == (12000, 12000, "paid")
        assert amounts(lake, "1") == [5000, 5000, 5000]


@pytest.mark.parametrize(
    ("quantity", "price", "minor"),
    [("3", "1.005", 302), ("1", "1.005", 101), ("-1", "1.005", -101), ("0.345", "19.90", 687), ("1", "0.004", 0)],
)
def test_quantity_times_price_is_rounded_half_up_a_line(stage: Stage, quantity: str, price: str, minor: int) -> None:
    stage.sale("1", sku="A", quantity=Decimal(quantity), unit_price=Decimal(price))
    with stage.build() as lake:
        assert amounts(lake, "1") == [minor]
        assert one(lake, "1", columns="net_minor") == (minor,)


def test_unpaid_and_cancelled_orders_are_worth_nothing(stage: Stage) -> None:
    for status in ("unpaid", "cancelled"):
        stage.sale(status, source="jd", sku="A", quantity=Decimal(1), order_paid_minor=900, status=status)
    with stage.build() as lake:
        assert one(lake, "unpaid") == (0, 0, "unpaid")
        assert one(lake, "cancelled") == (0, 0, "cancelled")
        assert lake.value("select count(*) from order_lines where counted") == 0


def test_refunds_in_part_in_full_and_without_an_amount(stage: Stage) -> None:
    header = {"source": "tmall", "row_grain": "order", "order_paid_minor": 10000}
    stage.sale("part", **header, order_refund_minor=2500, status="completed")
    stage.sale("full", **header, order_refund_minor=10000, status="refunded")
    stage.sale("all", **header, status="refunded")
    stage.sale("closed", **header, order_refund_minor=10000, status="cancelled")
    with stage.build() as lake:
        assert one(lake, "part") == (10000, 7500, "part_refunded")
        assert one(lake, "full") == (10000, 0, "refunded")
        assert one(lake, "all") == (10000, 0, "refunded")
        assert one(lake, "closed") == (10000, 0, "refunded")


def test_refunds_of_lines_count_where_the_order_tells_none(stage: Stage) -> None:
    stage.sale("1", source="tmall", row_grain="order", order_paid_minor=10000, status="completed")
    stage.sale("1", source="tmall", batch_id=2, sku="A", line_no="11", line_amount_minor=6000, line_refund_minor=1500)
    stage.sale("1", source="tmall", batch_id=2, sku="B", line_no="12", line_amount_minor=4000, line_refunded=True)
    with stage.build() as lake:
        assert one(lake, "1") == (10000, 4500, "part_refunded")
        assert amounts(lake, "1") == [6000, 4000]
        assert lake.value("select sum(refund_minor) from order_lines") == 5500


def test_negative_lines_under_the_same_number_are_refunds(stage: Stage) -> None:
    stage.sale("1", sku="A", quantity=Decimal(2), line_amount_minor=4000)
    stage.sale("1", sku="A", quantity=Decimal(-1), line_amount_minor=-2000)
    with stage.build() as lake:
        assert one(lake, "1") == (4000, 2000, "part_refunded")


def test_a_return_document_stands_on_its_own_day(stage: Stage) -> None:
    stage.sale("S1", sku="A", quantity=Decimal(2), line_amount_minor=4000)
    stage.sale("R1", sku="A", quantity=Decimal(-2), line_amount_minor=-4000, original_order_no="S1")
    stage.known("S1", 77)
    with stage.build() as lake:
        assert one(lake, "S1", columns="gross_minor, net_minor, status, returned_minor, is_return") == (
            4000, 4000, "paid", 4000, False,
        )  # fmt: skip
        assert one(lake, "R1", columns="gross_minor, net_minor, status, counted, is_return, customer_id") == (
            0, -4000, "refunded", True, True, 77,
        )  # fmt: skip
        assert lake.value("select sum(net_minor) from orders where counted") == 0


def test_money_never_goes_back_twice(stage: Stage) -> None:
    stage.sale("S1", source="youzan", row_grain="order", order_paid_minor=4000, order_refund_minor=4000)
    stage.sale("P1", external_order_no="S1", sku="A", quantity=Decimal(1), line_amount_minor=4000)
    stage.sale("R1", original_order_no="P1", sku="A", quantity=Decimal(-1), line_amount_minor=-4000)
    with stage.build() as lake:
        assert one(lake, "R1", columns="counted, duplicate_of, duplicate_of_source") == (False, "S1", "youzan")
        assert lake.value("select sum(net_minor) from orders where counted") == 0


def test_an_order_in_two_systems_counts_where_it_was_placed(stage: Stage) -> None:
    stage.sale("M9", source="meituan", row_grain="order", order_paid_minor=5000, order_platform_discount_minor=300)
    stage.sale("P1", external_order_no="M9", store="滨江店", associate="林晓", sku="A", line_amount_minor=5300)
    stage.known("P1", 12)
    with stage.build() as lake:
        assert one(lake, "P1", columns="counted, duplicate_of, duplicate_of_source") == (False, "M9", "meituan")
        assert one(lake, "M9", columns="counted, store, associate, customer_id, net_minor") == (
            True, "滨江店", "林晓", 12, 5000,
        )  # fmt: skip


def test_an_order_whose_other_system_was_not_imported_counts(stage: Stage) -> None:
    stage.sale("P1", external_order_no="M9", sku="A", line_amount_minor=5300)
    with stage.build() as lake:
        assert one(lake, "P1", columns="counted, duplicate_of, net_minor") == (True, None, 5300)


def test_fees_are_never_orders_and_headers_make_one_line_only_alone(stage: Stage) -> None:
    stage.sale("AD1", source="meituan", row_grain="fee", order_paid_minor=-900)
    stage.sale(
        "Y1", source="youzan", row_grain="order", order_paid_minor=5600, order_freight_minor=600, product="大米等"
    )
    with stage.build() as lake:
        assert [row["order_no"] for row in lake.rows("select order_no from orders")] == ["Y1"]
        assert amounts(lake, "Y1") == [5000]


def test_lines_that_are_not_goods_count_and_are_named(stage: Stage) -> None:
    stage.sale("1", sku="85123A", product="WHITE HANGING HEART", quantity=Decimal(1), line_amount_minor=1000)
    stage.sale("1", sku="POST", product="POSTAGE", quantity=Decimal(1), line_amount_minor=1800)
    stage.sale("1", sku="D", product="Discount", quantity=Decimal(-1), line_amount_minor=-300)
    with stage.build() as lake:
        assert one(lake, "1", columns="gross_minor, net_minor, goods_minor") == (2500, 2500, 1000)
        kinds = lake.rows("select line_kind from order_lines order by position")
        assert [row["line_kind"] for row in kinds] == ["goods", "freight", "discount"]


def test_a_bulk_order_is_suspected_and_stays_in_sales(stage: Stage) -> None:
    for number in range(200):
        stage.sale(f"{number}", sku="A", quantity=Decimal(1 + number % 3), line_amount_minor=1000 + 100 * (number % 30))
    stage.sale("big", sku="A", quantity=Decimal(900), line_amount_minor=900_000)
    with stage.build() as lake:
        suspected = lake.rows("select order_no, counted from orders where is_wholesale")
    assert suspected == [{"order_no": "big", "counted": True}]


ORDER = st.lists(
    st.tuples(
        st.integers(-5, 9).filter(bool),
        st.integers(0, 9_999_999),  # price in millionths of ten
        st.sampled_from([None, "paid", "completed", "cancelled"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=st.lists(ORDER, min_size=1, max_size=12))
def test_net_of_counted_orders_is_lines_less_refunds(
    stage: Stage, orders: list[list[tuple[int, int, str | None]]]
) -> None:
    """For orders without totals of their own: net = sum of live lines, each rounded half up; the oracle is Decimal."""
    stage.tables["staged_sales"] = []
    expected = 0
    for number, lines in enumerate(orders):
        for quantity, price, status in lines:
            cost = Decimal(price) / 100_000
            stage.sale(f"{number}", sku="A", quantity=Decimal(quantity), unit_price=cost, status=status)
            if status != "cancelled":
                expected += int((Decimal(quantity) * cost * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    with stage.build() as lake:
        assert lake.value("select sum(net_minor) from orders where counted") == expected
        lines_sum = lake.value("select coalesce(sum(amount_minor), 0) from order_lines where counted")
        assert lines_sum == expected
        assert lake.value("select count(*) from orders where net_minor <> gross_minor - refund_minor") == 0
