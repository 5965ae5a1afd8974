"""Features, clocks and the return curve against plain Python, on random small shops."""

import math
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import Reader
from shuke.predictions import rules
from shuke.predictions.actions import build
from shuke.predictions.adapters import definition
from shuke.predictions.queries import purchase_clock
from tests.predictions.world import _KEYS, AS_OF, line, order, profile, random_history, tables_of

SHOP = {"as_of": AS_OF, "timezone": "Asia/Shanghai", "currency": "CNY"}
_SETTINGS = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def computed(
    workspace: Workspace, fill_lake: Any, tables: dict[str, Any], *names: str
) -> dict[str, list[dict[str, Any]]]:
    fill_lake(**tables)
    with open_run(workspace, kind="test") as run:
        build(SYSTEM, run=run, parameters=SHOP)
        lake: Reader = run.reader()
        return {name: lake.rows(f"select * from {name}") for name in names}


@_SETTINGS
@given(seed=st.integers(0, 10_000))
def test_features_equal_plain_python(workspace: Workspace, fill_lake: Any, seed: int) -> None:
    history = random_history(seed)
    found = computed(workspace, fill_lake, tables_of(history), "customer_features", "shop_clock", "customer_gaps")
    buyers = {c: days for c, days in history.items() if days}
    rows = {row["customer_id"]: row for row in found["customer_features"]}
    assert set(rows) == set(buyers)

    gaps = {c: [(b - a).days for a, b in pairwise(days)] for c, days in buyers.items()}
    assert sorted(
        (r["customer_id"], r["gap_no"], r["gap_days"]) for r in found["customer_gaps"] if r["gap_days"]
    ) == sorted((c, n, gap) for c, own in gaps.items() for n, gap in enumerate(own, start=1))
    medians = sorted(median(own) for own in gaps.values() if own)
    typical = medians[(len(medians) - 1) // 2] if medians else definition("purchase_clock")["cycle_default_days"]
    shop = found["shop_clock"][0]
    k = rules.shrink_gaps(list(gaps.values()), settings=definition("purchase_clock"))
    assert shop["typical_gap_days"] == typical
    assert shop["shrink_gaps"] == pytest.approx(k, rel=1e-9)

    amounts = {c: [1_000 + c * 37 + place for place in range(len(days))] for c, days in buyers.items()}
    last_year = {
        c: sum(a for a, day in zip(amounts[c], days, strict=True) if day >= AS_OF - timedelta(days=365))
        for c, days in buyers.items()
    }
    scores = (
        rules.fifths({c: -(AS_OF - days[-1]).days for c, days in buyers.items()}),
        rules.fifths({c: sum(day >= AS_OF - timedelta(days=365) for day in days) for c, days in buyers.items()}),
        rules.fifths({c: money // 100 for c, money in last_year.items()}),
    )
    for customer, days in buyers.items():
        row = rows[customer]
        assert (row["orders"], row["first_on"], row["last_on"]) == (len(days), days[0], days[-1])
        assert row["net_minor"] == sum(amounts[customer])
        assert row["net_365_minor"] == last_year[customer]
        assert row["cycle_days"] == pytest.approx(
            rules.own_cycle_days(gaps[customer], typical_days=typical, shrink_gaps=k), abs=0.1001
        )
        assert row["cycle_basis"] == ("own" if len(gaps[customer]) >= k else "shop")
        assert row["rfm"] == "".join(str(score[customer]) for score in scores)
        if gaps[customer]:
            ordered = sorted(gaps[customer])
            assert row["median_gap_days"] == median(ordered)
            assert row["gap_p25_days"] == ordered[math.ceil(len(ordered) / 4) - 1]
            assert row["gap_p75_days"] == ordered[math.ceil(3 * len(ordered) / 4) - 1]
        place = len(days) - 1
        assert (row["last_product"], row["last_category"]) == (f"货{place % 3}", f"类{place % 2}")


def test_only_what_was_known_before_the_day_counts(workspace: Workspace, fill_lake: Any) -> None:
    tables = tables_of({1: [AS_OF - timedelta(days=3), AS_OF, AS_OF + timedelta(days=5)]})
    rows = computed(workspace, fill_lake, tables, "customer_features")["customer_features"]
    assert [(row["orders"], row["days_since"]) for row in rows] == [(1, 3)]


def test_a_day_is_one_purchase_and_returned_or_uncounted_orders_are_none(workspace: Workspace, fill_lake: Any) -> None:
    day = AS_OF - timedelta(days=10)
    orders = [
        order(1, on=day, number=0),
        order(1, on=day, number=1, source="tmall", store="天猫"),
        order(1, on=day + timedelta(days=2), number=2, counted=False),
        order(1, on=day + timedelta(days=3), number=3, net=0),
        order(1, on=day + timedelta(days=4), number=4, returned_minor=10_000),
        order(1, on=day + timedelta(days=5), number=5, net=-10_000, is_return=True, original_key=_KEYS - 10_004),
    ]
    tables = {**tables_of({1: [day]}), "orders": orders}
    row = computed(workspace, fill_lake, tables, "customer_features")["customer_features"][0]
    assert (row["orders"], row["last_on"], row["channels"], row["store_main"]) == (1, day, 2, "滨江店")
    assert row["net_minor"] == 20_000, "returned money lowers sales, as everywhere"
    assert row["returns"] == 1


def test_last_and_favourite_goods(workspace: Workspace, fill_lake: Any) -> None:
    first, last = AS_OF - timedelta(days=30), AS_OF - timedelta(days=5)
    tables = tables_of({1: [first, last]})
    tables["order_lines"] = [
        line(1, on=first, product="大米", category="粮油", amount=90_00, number=0),
        line(1, on=last, product="毛巾", category="家居", amount=20_00, number=1),
        line(1, on=last, product="吐司", category="烘焙", amount=30_00, number=1, position=2),
        line(1, on=last, product="运费", category="其他", amount=99_00, number=1, line_kind="freight"),
    ]
    row = computed(workspace, fill_lake, tables, "customer_features")["customer_features"][0]
    assert (row["last_product"], row["last_category"], row["favourite_category"]) == ("吐司", "烘焙", "粮油")


def test_return_curve_is_a_life_table(workspace: Workspace, fill_lake: Any) -> None:
    # Forty people wait for their second purchase: half came back after ten days, the others still wait since fifty.
    history: dict[int, list[date]] = {}
    for customer in range(1, 41):
        first = AS_OF - timedelta(days=50)
        history[customer] = [first, first + timedelta(days=10)] if customer % 2 else [first]
    found = computed(workspace, fill_lake, tables_of(history), "return_curve", "customer_features")
    curve = [
        row["still_away_share"]
        for row in sorted(found["return_curve"], key=lambda r: r["step"])
        if row["kind"] == "first"
    ]
    assert curve[0] == 1
    assert all(later <= earlier for earlier, later in pairwise(curve))
    assert curve[200] == pytest.approx(0.5), "half came back; those who still wait are not counted as returned"
    share = rules.return_share(curve, cycle_days=10, days_since=0, within_days=500)
    assert share == pytest.approx(0.5)


def test_members_without_a_purchase_have_a_curve_of_their_own(workspace: Workspace, fill_lake: Any) -> None:
    # Forty registered fifty days ago: half bought ten days later, the others have not; one bought before registering.
    since = AS_OF - timedelta(days=50)
    history = {n: [since + timedelta(days=10)] if n % 2 else [] for n in range(1, 41)}
    history[99] = [since - timedelta(days=1)]
    people = [profile(customer, registered_on=since) for customer in history]
    found = computed(workspace, fill_lake, tables_of(history, profiles=people), "return_curve")
    rows = [row for row in found["return_curve"] if row["kind"] == "none"]
    assert (sum(row["returned"] for row in rows), sum(row["waiting"] for row in rows)) == (20, 20)
    assert len(rows) == 201
    assert min(row["still_away_share"] for row in rows) == pytest.approx(0.5)


def test_the_clock_of_one_customer(workspace: Workspace, fill_lake: Any) -> None:
    days = [AS_OF - timedelta(days=n) for n in (70, 50, 30)]
    fill_lake(**tables_of({1: days}))
    with open_run(workspace, kind="test") as run:
        build(SYSTEM, run=run, parameters=SHOP)
        clock = purchase_clock(SYSTEM, lake=run.reader(), customer_id=1)
        nobody = purchase_clock(SYSTEM, lake=run.reader(), customer_id=2)
    assert clock is not None and nobody is None
    assert (clock.gaps, clock.days_since, clock.usual_days, clock.overdue_days) == ((20, 20), 30, 20.0, 10)
    assert clock.expected_on == days[-1] + timedelta(days=20)


def test_margin_counts_only_goods_with_a_cost(workspace: Workspace, fill_lake: Any) -> None:
    tables = tables_of({1: [AS_OF - timedelta(days=5)]})
    tables["order_lines"] = [
        line(1, on=AS_OF - timedelta(days=5), product="货0", category="a", amount=1_000),
        line(1, on=AS_OF - timedelta(days=5), product="没成本", category="a", amount=9_000, position=2),
    ]
    row = computed(workspace, fill_lake, tables, "shop_margin")["shop_margin"][0]
    assert (row["sales_minor"], row["costed_sales_minor"], row["margin_share"]) == (10_000, 1_000, 0.4)
