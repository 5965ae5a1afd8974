"""Which staged rows are current when an order was exported more than once."""

from decimal import Decimal

from tests.activity.conftest import Stage, amounts, one


def test_identical_lines_inside_one_export_are_kept(stage: Stage) -> None:
    for _ in range(3):
        stage.sale("1", sku="A", quantity=Decimal(1), line_amount_minor=500)
    with stage.build() as lake:
        assert amounts(lake, "1") == [500, 500, 500]


def test_the_latest_header_wins(stage: Stage) -> None:
    stage.sale("1", source="youzan", row_grain="order", order_paid_minor=800, status="paid")
    stage.sale("1", source="youzan", row_grain="order", batch_id=2, order_paid_minor=800, order_refund_minor=300)
    with stage.build() as lake:
        assert one(lake, "1") == (800, 500, "part_refunded")


def test_an_updated_line_replaces_its_place_and_leaves_its_twin(stage: Stage) -> None:
    first = stage.sale("1", sku="A", quantity=Decimal(1), line_amount_minor=500)
    stage.sale("1", sku="A", quantity=Decimal(2), line_amount_minor=1000)
    stage.repeat(first, batch_id=2, row_no=1)
    stage.sale("1", sku="A", batch_id=2, row_no=2, quantity=Decimal(3), line_amount_minor=1500)
    with stage.build() as lake:
        assert sorted(amounts(lake, "1")) == [500, 1500]


def test_one_more_identical_line_in_a_later_export_is_one_more(stage: Stage) -> None:
    twins = [stage.sale("1", sku="A", quantity=Decimal(1), line_amount_minor=500) for _ in range(2)]
    for number, twin in enumerate(twins, 1):
        stage.repeat(twin, batch_id=2, row_no=number)
    stage.sale("1", sku="A", batch_id=2, row_no=3, quantity=Decimal(1), line_amount_minor=500)
    with stage.build() as lake:
        assert amounts(lake, "1") == [500, 500, 500]


def test_lines_known_by_number_are_updated_and_returns_beside_them_stay(stage: Stage) -> None:
    stage.sale("1", line_no="1", sku="A", quantity=Decimal(2), line_amount_minor=1000)
    stage.sale("1", line_no="2", sku="B", quantity=Decimal(1), line_amount_minor=700)
    stage.sale("1", line_no="1", batch_id=2, sku="A", quantity=Decimal(2), line_amount_minor=900)
    stage.sale("1", line_no="1", batch_id=3, sku="A", quantity=Decimal(-1), line_amount_minor=-450)
    with stage.build() as lake:
        assert one(lake, "1") == (1600, 1150, "part_refunded")


def test_a_repeat_of_an_old_export_does_not_undo_an_update(stage: Stage) -> None:
    old = stage.sale("1", line_no="1", sku="A", quantity=Decimal(1), line_amount_minor=1000, status="paid")
    stage.sale("1", line_no="1", batch_id=2, sku="A", quantity=Decimal(1), line_amount_minor=1000, status="refunded")
    stage.repeat(old, batch_id=3, row_no=1)
    with stage.build() as lake:
        assert one(lake, "1") == (1000, 0, "refunded")


def test_orders_and_lines_of_one_platform_live_in_two_files(stage: Stage) -> None:
    stage.sale("1", source="tmall", row_grain="order", order_paid_minor=1500, status="completed")
    stage.sale("1", source="tmall", batch_id=2, line_no="11", sku="A", line_amount_minor=900)
    stage.sale("1", source="tmall", batch_id=2, line_no="12", sku="B", line_amount_minor=600)
    with stage.build() as lake:
        assert one(lake, "1") == (1500, 1500, "completed")
        assert amounts(lake, "1") == [900, 600]
