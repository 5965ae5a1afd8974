"""Acquisition cost and payback: only where the shop tells what it spends."""

from datetime import date

import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.metrics import queries
from shuke.metrics.adapters import BadMetric
from tests.metrics import shop
from tests.metrics.conftest import BuildMetrics

JUNE = date(2026, 6, 1)


def spend(workspace: Workspace, text: str) -> None:
    """Writes the shop's cost file."""
    folder = workspace.root / "metrics"
    folder.mkdir(exist_ok=True)
    (folder / "acquisition_costs.csv").write_text(text, "utf-8-sig")


def test_without_a_file_it_is_off_and_says_so(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    build_metrics()
    about = queries.definition(SYSTEM, code="acquisition_cost", language="zh-hans")
    assert "acquisition_costs.csv" in about.missing
    with open_reader(SYSTEM, workspace) as lake:
        assert queries.series(SYSTEM, lake=lake, metric="acquisition_cost", grain="month") == ()
        codes = {card.definition.code for card in queries.cards(SYSTEM, lake=lake, language="en", grain="month")}
    assert not codes & {"acquisition_cost", "payback_days"}


def test_costs_are_divided_by_new_customers(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    spend(
        workspace, 'channel,month,amount\npos,2026-06,"1,200.00"\npos,2026-06,300\ntmall,2026-06,80.5\npos,2026-07,9\n'
    )
    orders = [
        {**shop.orders(1)[0], "order_key": key, "record_id": key, "customer_id": key, "source": source,
         "ordered_on": day, "is_return": False, "counted": True, "gross_minor": 10_000, "net_minor": 10_000,
         "refund_minor": 0, "returned_minor": None}
        for key, source, day in (
            (1, "pos", date(2026, 6, 2)), (2, "pos", date(2026, 6, 9)), (3, "tmall", date(2026, 6, 30)),
            (4, "pos", date(2026, 1, 1)), (5, "pos", date(2026, 11, 18)),
        )
    ]  # fmt: skip
    lines = [
        {"order_key": key, "position": 1, "customer_id": key, "ordered_on": day, "sku": sku,
         "quantity": 2.0, "amount_minor": 10_000, "refund_minor": 1_000, "line_kind": "goods", "counted": True}
        for key, day, sku in (
            (1, date(2026, 6, 2), "A"), (1, date(2026, 8, 30), "A"), (1, date(2026, 8, 31), "A"),
            (2, date(2026, 6, 9), "unknown"), (3, date(2026, 6, 30), "A"),
        )
    ]  # fmt: skip
    products = [{"sku": "A", "unit_cost_minor": 2_000}, {"sku": "unknown", "unit_cost_minor": None}]
    build_metrics(orders=orders, customer_profiles=[{"customer_id": 9, "is_staff": False, "is_member": False,
        "registered_on": date(2026, 1, 1)}], order_lines=lines, products=products)  # fmt: skip
    with open_reader(SYSTEM, workspace) as lake:
        months = queries.series(SYSTEM, lake=lake, metric="acquisition_cost", grain="month")
        june = next(point for point in months if point.period.start_on == JUNE)
        assert (june.numerator, june.denominator, june.value) == (158_050, 3, 158_050 / 3)
        by_channel = queries.breakdown(
            SYSTEM, lake=lake, metric="acquisition_cost", grain="month", period_start=JUNE, dimension="channel"
        )
        assert {m: (p.numerator, p.denominator) for m, _, p in by_channel} == {"pos": (150_000, 2), "tmall": (8_050, 1)}
        page = queries.rows(SYSTEM, lake=lake, metric="acquisition_cost", grain="month", period_start=JUNE)
        assert (page.sum, page.total, page.columns) == (158_050, 2, ("day", "channel", "amount"))
        payback = queries.point(SYSTEM, lake=lake, metric="payback_days", grain="month", period_start=JUNE)
        # Each known line earns 10,000 - 1,000 - 2 x 2,000; the one on day 90 and the one of unknown cost do not count.
        assert payback is not None and payback.mature
        assert (payback.numerator, payback.denominator) == (158_050 * 90, 15_000)
        assert payback.people == 3
        margin = queries.rows(
            SYSTEM, lake=lake, metric="payback_days", grain="month", period_start=JUNE, part="denominator"
        )
        assert (margin.sum, margin.total) == (15_000, 3)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("channel,month\npos,2026-06\n", 1),
        ("channel,month,amount\npos,June,3\n", 2),
        ("channel,month,amount\npos,2026-06,\n", 2),
    ],
)
def test_a_wrong_cost_file_names_its_line(
    text: str, line: int, workspace: Workspace, build_metrics: BuildMetrics
) -> None:
    spend(workspace, text)
    with pytest.raises(BadMetric, match=f"line {line}"):
        build_metrics()
