"""Stages on earlier days against the plain rule, and movement that adds up."""

import itertools
from collections import Counter
from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import shuke.predictions.actions as predictions
import shuke.segments.actions as segments
from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.predictions.rules import own_cycle_days
from shuke.segments import queries, rules
from shuke.segments.adapters import definition
from shuke.segments.values import STAGES
from tests.predictions.world import AS_OF, History, profile, random_history, tables_of

SHOP = {"as_of": AS_OF, "timezone": "Asia/Shanghai", "currency": "CNY"}
_EPOCH = date(1970, 1, 1)
_YARDSTICK = rules.Yardstick(30.0, 3.0, lapsing_cycles=1.5, lapsed_cycles=3.0, lapsing_days_min=7)
_LIMITS = {"lapsing_cycles": 1.5, "lapsed_cycles": 3.0, "lapsing_days_min": 7}


def _then(days: list[date], *, day: date) -> str | None:
    """The stage on an earlier day by the plain rules; None before the first purchase."""
    known = [one for one in days if one < day]
    if not known:
        return None
    gaps = [(b - a).days for a, b in itertools.pairwise(known)]
    cycle = own_cycle_days(gaps, typical_days=_YARDSTICK.typical_gap_days, shrink_gaps=_YARDSTICK.shrink_gaps)
    return rules.stage_of(known, as_of=day, cycle_days=cycle, limits=_LIMITS)[0]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000), back=st.integers(0, 800))
def test_stages_on_an_earlier_day_equal_the_plain_rule(seed: int, back: int) -> None:
    history = {customer: days for customer, days in random_history(seed).items() if days}
    day = AS_OF - timedelta(days=back)
    owner = np.array([customer for customer, days in history.items() for _ in days], np.int64)
    days = np.array([(one - _EPOCH).days for days in history.values() for one in days], np.int64)
    purchases = rules.purchases_of(owner, days)
    found = rules.stages_on(purchases, day=(day - _EPOCH).days, yardstick=_YARDSTICK)
    got = {int(c): STAGES[s] if s >= 0 else None for c, s in zip(purchases.owners, found, strict=True)}
    assert got == {customer: _then(list(bought), day=day) for customer, bought in history.items()}


def test_nobody_has_bought_yet() -> None:
    empty = np.array([], np.int64)
    assert len(rules.stages_on(rules.purchases_of(empty, empty), day=20_000, yardstick=_YARDSTICK)) == 0


def test_month_ends_are_the_first_days_before() -> None:
    assert rules.month_ends(date(2026, 2, 1), months=3) == (date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1))
    assert rules.month_ends(date(2026, 2, 2), months=2) == (date(2026, 1, 1), date(2026, 2, 1))


def _built(workspace: Workspace, fill_lake: Any, history: History) -> Any:
    people = [profile(customer, store="滨江店" if customer % 2 else "城西店") for customer in history]
    tables = tables_of(history, profiles=people)
    tables["customer_stores"] = [
        {"customer_id": customer, "store": store, "reason": "bought"}
        for customer in history
        for store in ("滨江店", "城西店")
    ]
    fill_lake(**tables)
    with open_run(workspace, kind="test") as run:
        predictions.build(SYSTEM, run=run, parameters=SHOP)
        segments.build(SYSTEM, run=run, parameters=SHOP)
        run.publish()
        return run.reader().rows("select * from stage_moves where kind = 'stage'")


def test_movement_and_trend_add_up(workspace: Workspace, fill_lake: Any) -> None:
    history = random_history(3, customers=80)
    moves = _built(workspace, fill_lake, history)
    assert {row["to_on"] for row in moves} >= {AS_OF, date(2026, 11, 1)}
    with open_run(workspace, kind="test") as run:
        lake = run.reader()
        now = {one.code: one.people for one in queries.stage_counts(SYSTEM, lake=lake, language="en")}
        for months in (1, 3, 6):
            shown = queries.movement(SYSTEM, lake=lake, language="zh-hans", months=months)
            arrived = Counter[str]()
            for flow in shown.flows:
                arrived[flow.to_code] += flow.people
            assert shown.to_on == AS_OF and dict(arrived) == {code: n for code, n in now.items() if n}
            assert all(flow.from_name and flow.to_name for flow in shown.flows)
        trend = queries.lapsing_trend(SYSTEM, lake=lake)
        assert trend.now == now["lapsing"] == trend.points[-1][1] and trend.points[-1][0] == AS_OF
        assert trend.then is not None and len(trend.points) == definition("lifecycle")["trend_months"] + 1
        stores = [queries.lapsing_trend(SYSTEM, lake=lake, store=store) for store in ("滨江店", "城西店")]
        assert [a[1] + b[1] for a, b in zip(stores[0].points, stores[1].points, strict=True)] == [
            people for _, people in trend.points
        ]


def test_a_manager_sees_the_movement_of_the_own_store(workspace: Workspace, fill_lake: Any) -> None:
    _built(workspace, fill_lake, random_history(3, customers=80))
    manager = Actor(name="店长", role=Role.MANAGER, stores=frozenset({"城西店"}))
    from shuke.lake.queries import open_reader

    with open_reader(manager, workspace) as lake:
        mine = queries.movement(manager, lake=lake, language="en")
        counts = queries.stage_counts(manager, lake=lake, language="en")
        trend = queries.lapsing_trend(manager, lake=lake)
    with open_reader(SYSTEM, workspace) as lake:
        store = queries.movement(SYSTEM, lake=lake, language="en", store="城西店")
    assert mine == store and sum(flow.people for flow in mine.flows) == sum(one.people for one in counts) > 0
    assert trend.now == next(one.people for one in counts if one.code == "lapsing") == trend.points[-1][1]
