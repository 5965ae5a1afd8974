"""One customer's timeline and sums, sales by period, and who may see them."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from shuke.activity.queries import sales, timeline, totals
from shuke.activity.rules import kind_of
from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import NotAllowed, WrongUse
from shuke.kernel.ids import record_id
from shuke.kernel.period import Period
from shuke.lake.queries import open_reader
from tests.activity.conftest import Stage

MANAGER = Actor(name="店长", role=Role.MANAGER, stores=frozenset({"滨江店"}))
ELSEWHERE = Actor(name="店长", role=Role.MANAGER, stores=frozenset({"萧山店"}))


def a_customer(stage: Stage) -> None:
    """Customer 7 (once 8): a receipt, an online order refunded in part, a return, a visit, a coupon used."""
    stage.sale("S1", store="滨江店", sku="A", quantity=Decimal(2), line_amount_minor=4000, day=date(2026, 10, 1))
    stage.sale("Y1", source="youzan", row_grain="order", order_paid_minor=3000, order_refund_minor=500)
    stage.sale("R1", store="滨江店", sku="A", quantity=Decimal(-1), line_amount_minor=-2000, day=date(2026, 11, 9))
    stage.sale("other", store="萧山店", sku="A", quantity=Decimal(1), line_amount_minor=999)
    stage.known("S1", 7)
    stage.known("R1", 7)
    stage.known("Y1", 8, source="youzan")
    stage.known("other", 9)
    stage.known("visit", 7, source="interaction")
    stage.known("coupon", 7, source="coupon")
    fact = {"batch_id": 1, "row_no": 1, "row_hash": 1}
    visit = {"record_id": record_id("interaction", "visit"), "source": "interaction", "kind": "visit"}
    when = {"at": datetime(2026, 10, 20, 3), "happened_on": date(2026, 10, 20)}
    stage.tables["staged_interactions"] = [{**fact, **visit, **when, "store": "滨江店", "score": Decimal(5)}]
    coupon = {"record_id": record_id("coupon", "coupon"), "source": "coupon", "coupon_no": "K1", "face_minor": 500}
    stage.tables["staged_coupons"] = [
        {**fact, **coupon, "status": "issued", "issued_at": datetime(2026, 9, 1)},
        {**fact, **coupon, "row_no": 2, "status": "used", "used_at": datetime(2026, 11, 2)},
    ]


def test_a_timeline_over_all_channels_and_aliases(stage: Stage) -> None:
    a_customer(stage)
    with stage.build() as lake:
        events = timeline(SYSTEM, lake=lake, customer_ids=[7, 8])
        assert [(event.kind, event.reference, event.net_minor) for event in events] == [
            ("return", "R1", -2000),
            ("order", "Y1", 2500),
            ("coupon", "K1", None),
            ("interaction", str(record_id("interaction", "visit")), None),
            ("order", "S1", 4000),
        ]
        assert events[2].what == "used"
        assert [line.amount_minor for line in events[-1].lines] == [4000]
        before = timeline(SYSTEM, lake=lake, customer_ids=[7, 8], as_of=date(2026, 11, 2), kinds=["order", "return"])
        assert [event.reference for event in before] == ["S1"]
        assert timeline(SYSTEM, lake=lake, customer_ids=[]) == []


def test_sums_count_returns_apart(stage: Stage) -> None:
    a_customer(stage)
    with stage.build() as lake:
        found = totals(SYSTEM, lake=lake, customer_ids=[7, 8])
    assert (found.orders, found.returns, found.net_minor, found.gross_minor) == (2, 1, 4500, 7000)
    assert (found.first_on, found.last_on) == (date(2026, 10, 1), date(2026, 11, 2))
    assert found.sources == ("pos", "youzan")


def test_a_store_sees_all_channels_of_its_customer_and_nothing_of_others(stage: Stage) -> None:
    a_customer(stage)
    with stage.build():
        with open_reader(MANAGER, stage.workspace) as lake:
            assert len(timeline(MANAGER, lake=lake, customer_ids=[7])) == 4
            assert timeline(MANAGER, lake=lake, customer_ids=[9]) == []
            assert totals(MANAGER, lake=lake, customer_ids=[9]).orders == 0
        with open_reader(ELSEWHERE, stage.workspace) as lake:
            assert timeline(ELSEWHERE, lake=lake, customer_ids=[7]) == []
            with pytest.raises(NotAllowed):
                sales(ELSEWHERE, lake=lake, period=Period(date(2026, 1, 1), date(2027, 1, 1)))


def test_sales_by_month_and_store(stage: Stage) -> None:
    a_customer(stage)
    with stage.build() as lake:
        rows = sales(SYSTEM, lake=lake, period=Period(date(2026, 10, 1), date(2026, 11, 10)))
        told = {(row.period_on, row.store, row.source): (row.net_minor, row.orders) for row in rows}
        with pytest.raises(WrongUse):
            sales(SYSTEM, lake=lake, period=Period(date(2026, 10, 1), date(2026, 11, 10)), by="decade")
    assert told == {
        (date(2026, 10, 1), "滨江店", "pos"): (4000, 1),
        (date(2026, 11, 1), "滨江店", "pos"): (-2000, 0),
        (date(2026, 11, 1), "萧山店", "pos"): (999, 1),
        (date(2026, 11, 1), None, "youzan"): (2500, 1),
    }


@pytest.mark.parametrize(
    ("sku", "product", "kind"),
    [
        ("POST", "POSTAGE", "freight"),
        ("M", "Manual", "adjustment"),
        ("gift_0001_20", "Dotcomgiftshop Gift Voucher £20.00", "gift_card"),
        (None, "运费", "freight"),
        ("B1", "手工挂面 800g", "goods"),
        ("B2", "礼品卡 200元", "gift_card"),
        ("B3", "保鲜袋 30只", "goods"),
        ("85123A", "WHITE HANGING HEART T-LIGHT HOLDER", "goods"),
        ("S", "SAMPLES", "sample"),
    ],
)
def test_kinds_of_lines(sku: str | None, product: str, kind: str) -> None:
    assert kind_of(sku=sku, product=product) == kind


def test_one_odd_note_does_not_turn_a_product_into_a_fee(stage: Stage) -> None:
    for number in range(3):
        stage.sale(f"{number}", sku="21319", product="GLASS POSY VASE", quantity=Decimal(1), line_amount_minor=100)
    stage.sale("9", sku="21319", product="samples", quantity=Decimal(-1), line_amount_minor=-100)
    with stage.build() as lake:
        assert lake.value("select count(*) from product_kinds") == 0
