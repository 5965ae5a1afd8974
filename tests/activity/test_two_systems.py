"""Orders that a platform and the till both tell: one counts, however the till writes the platform's number."""

from datetime import date

import pytest

from tests.activity.conftest import Stage

MEITUAN, ELEME, JD, DOUYIN = "1002098877665544", "8012345678901234567", "2413579246801357", "1089123456789012"


def _pair(stage: Stage, source: str, number: str, *, written: str, day: date = date(2026, 11, 2)) -> None:
    stage.sale(number, source=source, row_grain="order", order_paid_minor=4250, status="completed")
    stage.sale("T1", external_order_no=written, line_amount_minor=4250, quantity=1, associate="盛佳雯", day=day)


def _told(stage: Stage) -> dict[str, tuple[bool, str | None]]:
    with stage.build() as lake:
        rows = lake.rows("select order_no, counted, duplicate_of from orders")
    return {row["order_no"]: (row["counted"], row["duplicate_of"]) for row in rows}


@pytest.mark.parametrize(
    ("source", "number"),
    [("meituan", MEITUAN), ("eleme", ELEME), ("jd", JD), ("douyin", DOUYIN), ("youzan", "E20261102000017")],
)
@pytest.mark.parametrize("trimmed", ["{}", "MT-{}", "MT{}", "美团{}", "#{}", "{}-1", "美团外卖：{}（自提）", "EB_{}"])
def test_the_same_order_counts_once(stage: Stage, source: str, number: str, trimmed: str) -> None:
    if source == "youzan" and trimmed in ("MT{}", "EB_{}"):
        pytest.skip("letters before letters cannot be told apart from the number")
    _pair(stage, source, number, written=trimmed.format(number))
    assert _told(stage) == {number: (True, None), "T1": (False, number)}


@pytest.mark.parametrize("written", ["#12", "12", "MT-12", "无", "0000", "MT-"])
def test_short_numbers_are_no_orders(stage: Stage, written: str) -> None:
    """A till prints the number of the bag of the day; a web shop numbers its orders from 1."""
    stage.sale("12", source="woocommerce", row_grain="order", order_paid_minor=4250, status="completed")
    stage.sale("T1", external_order_no=written, line_amount_minor=4250, quantity=1)
    told = _told(stage)
    assert told["T1"][0] is (written != "12")  # as written it is that order's number


def test_another_day_is_another_order(stage: Stage) -> None:
    _pair(stage, "meituan", MEITUAN, written=f"MT-{MEITUAN}", day=date(2026, 11, 6))
    assert _told(stage) == {MEITUAN: (True, None), "T1": (True, None)}


def test_a_number_without_its_trimmings_that_fits_two_orders_decides_nothing(stage: Stage) -> None:
    for source in ("meituan", "eleme"):
        stage.sale(MEITUAN, source=source, row_grain="order", order_paid_minor=4250, status="completed")
    stage.sale("T1", external_order_no=f"MT-{MEITUAN}", line_amount_minor=4250, quantity=1)
    with stage.build() as lake:
        assert lake.value("select counted from orders where source = 'pos'") is True


def test_a_till_may_split_one_delivery(stage: Stage) -> None:
    stage.sale(MEITUAN, source="meituan", row_grain="order", order_paid_minor=4250, status="completed")
    for part in (1, 2):
        stage.sale(f"T{part}", external_order_no=f"{MEITUAN}-{part}", line_amount_minor=2125, quantity=1)
    told = _told(stage)
    assert told == {MEITUAN: (True, None), "T1": (False, MEITUAN), "T2": (False, MEITUAN)}


def test_the_copy_lends_its_associate(stage: Stage) -> None:
    _pair(stage, "meituan", MEITUAN, written=f"美团 {MEITUAN}")
    with stage.build() as lake:
        assert lake.value("select associate from orders where source = 'meituan'") == "盛佳雯"


def test_the_platform_may_name_the_till(stage: Stage) -> None:
    stage.sale("T20261102000001", line_amount_minor=4250, quantity=1)
    stage.sale(
        MEITUAN, source="meituan", row_grain="order", order_paid_minor=4250, external_order_no="POS-T20261102000001"
    )
    told = _told(stage)
    assert told["T20261102000001"] == (True, None)
    assert told[MEITUAN] == (False, "T20261102000001")
