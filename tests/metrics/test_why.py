"""Why sales changed: every cause adds up to the whole; mix and rate mean what they say; cohorts and campaigns."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import WrongUse
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.metrics import queries
from shuke.metrics.queries.why import CAUSES, REST
from shuke.metrics.rules.change import Trade, basket_effects, effects
from shuke.metrics.rules.mix import Sold, moves
from tests.metrics import shop
from tests.metrics.conftest import BuildMetrics

sold = st.builds(Sold, sales_minor=st.integers(-(10**6), 10**9), orders=st.integers(0, 5_000))
sides = st.dictionaries(st.sampled_from("abcdef"), sold, max_size=6)


@settings(deadline=None)
@given(sides, sides)
def test_each_member_and_all_together_add_up(now: dict[str, Sold], then: dict[str, Sold]) -> None:
    found = moves(now, then)
    assert {one.member for one in found} == {*now, *then}
    for one in found:
        assert one.volume_minor + one.mix_minor + one.rate_minor + one.other_minor == one.total_minor
    whole = sum(side.sales_minor for side in now.values()) - sum(side.sales_minor for side in then.values())
    assert sum(one.total_minor for one in found) == whole


def test_more_orders_alike_are_volume_alone() -> None:
    then = {"a": Sold(10_000, 100), "b": Sold(40_000, 200)}
    now = {"a": Sold(15_000, 150), "b": Sold(60_000, 300)}
    for one in moves(now, then):
        assert (one.volume_minor, one.mix_minor, one.rate_minor, one.other_minor) == (one.total_minor, 0, 0, 0)


def test_a_dearer_price_alone_is_rate_alone() -> None:
    (one,) = moves({"a": Sold(12_000, 100)}, {"a": Sold(10_000, 100)})
    assert (one.volume_minor, one.mix_minor, one.rate_minor) == (0, 0, 2_000)


def test_a_shift_between_members_is_mix_alone() -> None:
    found = moves({"a": Sold(5_000, 50), "b": Sold(30_000, 150)}, {"a": Sold(10_000, 100), "b": Sold(20_000, 100)})
    assert all((one.volume_minor, one.rate_minor) == (0, 0) for one in found)
    assert sum(one.mix_minor for one in found) == 5_000


def test_who_sold_in_one_period_only_is_other() -> None:
    found = {one.member: one for one in moves({"new": Sold(500, 5)}, {"gone": Sold(300, 3)})}
    assert (found["new"].other_minor, found["gone"].other_minor) == (500, -300)


@settings(deadline=None)
@given(st.integers(1, 10**9), st.integers(1, 10**9), *[st.floats(0.1, 50) for _ in range(4)])
def test_the_basket_adds_up(now: int, then: int, u1: float, u0: float, p1: float, p0: float) -> None:
    trades = Trade(now, now, orders=30, buyers=20), Trade(then, then, orders=25, buyers=20)
    told = effects(*trades)
    parts = basket_effects(told, now=trades[0], then=trades[1], units=(u1, u0), prices=(p1, p0))
    assert sum(parts) == told.average_minor


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize(("grain", "against"), [("week", "before"), ("month", "before"), ("month", "year")])
def test_every_cause_adds_up_on_a_shop(
    workspace: Workspace, build_metrics: BuildMetrics, cause: str, grain: Any, against: Any
) -> None:
    build_metrics(3, order_lines=_lines(3))
    with open_reader(SYSTEM, workspace) as lake:
        told = queries.why(SYSTEM, lake=lake, grain=grain, against=against, cause=cause)
        spans = (told.period, told.compared)
        plain = [
            sum(
                row["net_minor"]
                for row in lake.rows("select ordered_on, net_minor from metric_orders")
                if span.start_on <= row["ordered_on"] < span.end_on
            )
            for span in spans
        ]
    assert [told.now.sales_minor, told.then.sales_minor] == plain
    assert told.effects is not None
    assert sum(one.total_minor for one in told.moves) == told.effects.total_minor == plain[0] - plain[1]
    assert sum(one.now.sales_minor for one in told.moves) == plain[0]
    assert told.left_out == 0 or any(one.member == REST for one in told.moves)


def test_new_and_old_are_told_apart_as_plain_python_does(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    build_metrics(5)
    with open_reader(SYSTEM, workspace) as lake:
        told = queries.why(SYSTEM, lake=lake, grain="month", against="before", cause="people")
        rows = lake.rows("select customer_id, ordered_on, net_minor, is_purchase from metric_orders")
    firsts: dict[int, date] = {}
    for row in rows:
        if row["customer_id"] is not None and row["is_purchase"]:
            firsts[row["customer_id"]] = min(firsts.get(row["customer_id"], date.max), row["ordered_on"])
    wanted: dict[str, int] = {}
    for row in rows:
        if told.period.start_on <= row["ordered_on"] < told.period.end_on:
            first = firsts.get(row["customer_id"], date.min)
            new = told.period.start_on <= first < told.period.end_on
            kind = "unknown" if row["customer_id"] is None else "new" if new else "known"
            wanted[kind] = wanted.get(kind, 0) + row["net_minor"]
    assert {one.member: one.now.sales_minor for one in told.moves if one.now.sales_minor} == {
        kind: money for kind, money in wanted.items() if money
    }


def test_a_store_scope_sees_its_own_and_no_products(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    build_metrics(3)
    manager = Actor(name="m", role=Role.MANAGER, stores=frozenset({"滨江店"}))
    with open_reader(manager, workspace) as lake:
        told = queries.why(manager, lake=lake, grain="month", against="before")
        assert {one.member for one in told.moves} <= {"滨江店"}
        assert "product" not in told.causes
        with pytest.raises(WrongUse):
            queries.why(manager, lake=lake, cause="product")
        assert queries.campaigns(manager, lake=lake) == ()


def test_a_period_that_is_not_over_is_refused(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    build_metrics(3)
    with open_reader(SYSTEM, workspace) as lake, pytest.raises(WrongUse):
        queries.why(SYSTEM, lake=lake, period_start=shop.AS_OF)


def test_cohorts_equal_plain_python_and_hide_what_is_not_over(
    workspace: Workspace, build_metrics: BuildMetrics
) -> None:
    build_metrics(7)
    with open_reader(SYSTEM, workspace) as lake:
        found = queries.cohorts(SYSTEM, lake=lake, last=99)
        rows = lake.rows("select customer_id, ordered_on, net_minor, is_purchase from metric_orders")
    known = [row for row in rows if row["customer_id"] is not None]
    firsts: dict[int, date] = {}
    for row in known:
        if row["is_purchase"]:
            firsts[row["customer_id"]] = min(firsts.get(row["customer_id"], date.max), row["ordered_on"])
    for one in found:
        people = {who for who, day in firsts.items() if day.replace(day=1) == one.month_on}
        assert one.people == len(people)
        assert len(one.cells) == _months(shop.AS_OF, since=one.month_on)
        money = 0
        for cell in one.cells:
            here = [
                r
                for r in known
                if r["customer_id"] in people and _months(r["ordered_on"], since=one.month_on) == cell.age
            ]
            assert cell.buyers == len({row["customer_id"] for row in here if row["is_purchase"]})
            money += sum(row["net_minor"] for row in here)
            assert cell.per_head_minor == pytest.approx(money / one.people)
    assert sum(one.people for one in found) == len(firsts)


def test_sources_hold_every_new_customer_after_the_first_90_days(
    workspace: Workspace, build_metrics: BuildMetrics
) -> None:
    build_metrics(7)
    with open_reader(SYSTEM, workspace) as lake:
        late = sum(one.people for one in queries.cohorts(SYSTEM, lake=lake, last=99) if not one.is_early)
        found = queries.sources(SYSTEM, lake=lake)
    assert sum(one.people for one in found) == late
    assert all(one.cost_minor is None for one in found)


def test_campaigns_before_and_after(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    issued = shop.AS_OF - timedelta(days=60)
    coupons = [
        {"customer_id": who, "record_id": who, "source": "coupon", "coupon_no": str(who), "name": "满100减10",
         "face_minor": 1_000, "issued_at": issued, "used_at": issued + timedelta(days=3) if who % 2 else None,
         "status": "used" if who % 2 else "issued"}
        for who in range(1, 21)
    ]  # fmt: skip
    build_metrics(9, coupons=coupons)
    with open_reader(SYSTEM, workspace) as lake:
        (one,) = queries.campaigns(SYSTEM, lake=lake)
        rows = lake.rows("select customer_id, ordered_on, net_minor from metric_orders where customer_id is not null")

    def money(low: int, high: int, *, recipients: bool) -> int:
        return sum(
            row["net_minor"]
            for row in rows
            if low <= (row["ordered_on"] - issued).days < high and (not recipients or row["customer_id"] <= 20)
        )

    assert (one.people, one.coupons, one.used, one.face_used_minor, one.is_over) == (20, 20, 10, 10_000, True)
    assert one.before_minor == money(-28, 0, recipients=True)
    assert one.after_minor == money(0, 28, recipients=True)
    assert one.others_before_minor == money(-28, 0, recipients=False) - one.before_minor
    assert one.others_after_minor == money(0, 28, recipients=False) - one.after_minor


def _months(day: date, *, since: date) -> int:
    return 12 * (day.year - since.year) + day.month - since.month


def _lines(seed: int) -> list[dict[str, Any]]:
    """A line an order, some with money that stands on no line."""
    return [
        {"order_key": one["order_key"], "position": 1, "source": one["source"], "order_no": one["order_no"],
         "batch_id": 1, "row_no": place, "sku": f"S{place % 30}", "product": f"P{place % 30}",
         "category": [None, "茶", "纸"][place % 3], "quantity": 1.0, "amount_minor": one["gross_minor"] - place % 7,
         "refund_minor": one["refund_minor"], "line_kind": "goods", "counted": one["counted"],
         "customer_id": one["customer_id"], "ordered_on": one["ordered_on"], "store": one["store"], "currency": "CNY"}
        for place, one in enumerate(shop.orders(seed))
    ]  # fmt: skip
