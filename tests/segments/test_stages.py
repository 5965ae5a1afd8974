"""Stages and segments against plain Python, on random small shops."""

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import shuke.predictions.actions as predictions
import shuke.segments.actions as segments
from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.segments import queries, rules
from shuke.segments.adapters import definition
from shuke.segments.values import STAGES
from tests.predictions.world import AS_OF, History, random_history, tables_of

SHOP = {"as_of": AS_OF, "timezone": "Asia/Shanghai", "currency": "CNY"}
_SETTINGS = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


# The segments that follow from purchase days alone.
_CLOCKED = ("second_purchase_due", "about_to_leave", "win_back", "high_value_slipping")


def computed(workspace: Workspace, fill_lake: Any, history: History) -> dict[str, list[dict[str, Any]]]:
    fill_lake(**tables_of(history))
    with open_run(workspace, kind="test") as run:
        predictions.build(SYSTEM, run=run, parameters=SHOP)
        segments.build(SYSTEM, run=run, parameters=SHOP)
        run.publish()
        lake = run.reader()
        names = ("lifecycle", "segment_members", "customer_features", "lapse_limits", "shop_clock")
        return {name: lake.rows(f"select * from {name}") for name in names}


@_SETTINGS
@given(seed=st.integers(0, 10_000))
def test_stages_and_segments_equal_plain_python(workspace: Workspace, fill_lake: Any, seed: int) -> None:
    history = random_history(seed)
    found = computed(workspace, fill_lake, history)
    features = {row["customer_id"]: row for row in found["customer_features"]}
    limits = {**definition("lifecycle"), **found["lapse_limits"][0]}
    stages = {row["customer_id"]: row for row in found["lifecycle"]}
    assert set(stages) == set(history), "every customer has exactly one stage"
    for customer, days in history.items():
        cycle = features[customer]["cycle_days"] if days else 0
        stage, since = rules.stage_of(days, as_of=AS_OF, cycle_days=cycle, limits=limits)
        assert stages[customer]["stage"] == stage
        assert stages[customer]["since_on"] == (since if days else date(2024, 1, 1))

    expected = {name: set[tuple[int, date]]() for name in _CLOCKED}
    shop = found["shop_clock"][0]
    for customer, days in history.items():
        if days:
            _place(expected, customer=customer, days=days, row=features[customer], stage=stages[customer], shop=shop)
    got = {
        name: {(r["customer_id"], r["since_on"]) for r in found["segment_members"] if r["segment"] == name}
        for name in expected
    }
    assert got == expected
    assert all(row["since_on"] <= AS_OF for row in found["segment_members"])


def _number(segment: str, field: str, operator: str) -> float:
    """The threshold that a definition states for a field."""
    for condition in definition(segment)["rule"]["all"]:
        if condition["field"] == field and operator in condition:
            found = condition[operator]
            return float(found["times"] if isinstance(found, dict) else found)
    raise AssertionError(f"{segment} states nothing of {field}")


def _place(expected: dict[str, Any], *, customer: int, days: list[date], row: Any, stage: Any, shop: Any) -> None:
    waited = (AS_OF - days[-1]).days
    if len(days) == 1 and shop["second_from_days"] <= waited <= shop["second_until_days"]:
        expected["second_purchase_due"].add((customer, days[0] + timedelta(days=shop["second_from_days"])))
    if stage["stage"] == "lapsing" and len(days) >= _number("about_to_leave", "orders", "at_least"):
        expected["about_to_leave"].add((customer, stage["since_on"]))
    win = _number("win_back", "orders", "at_least")
    if stage["stage"] == "lapsed" and len(days) >= win and waited <= _number("win_back", "days_since", "at_most"):
        expected["win_back"].add((customer, stage["since_on"]))
    high = "high_value_slipping"
    slow = int(_number(high, "two_gaps_days", "more_than") * row["cycle_days"])
    if (
        row["monetary_score"] >= _number(high, "monetary_score", "at_least")
        and len(days) >= _number(high, "orders", "at_least")
        and stage["stage"] in ("active", "won_back", "lapsing")
        and (AS_OF - days[-2]).days > slow
    ):
        expected["high_value_slipping"].add((customer, max(days[-1], days[-2] + timedelta(days=slow + 1))))


def test_a_day_later_nobody_becomes_late_before_the_day_said(workspace: Workspace, fill_lake: Any) -> None:
    history = random_history(7)
    found = computed(workspace, fill_lake, history)
    for row in found["lifecycle"]:
        if row["stage"] == "lapsing":
            waited = (row["since_on"] - history[row["customer_id"]][-1]).days
            assert waited == row["lapsing_days"] + 1


def test_counts_are_equal_wherever_they_stand(workspace: Workspace, fill_lake: Any) -> None:
    history = random_history(11)
    found = computed(workspace, fill_lake, history)
    with open_run(workspace, kind="test") as run:
        lake = run.reader()
        stages = queries.stage_counts(SYSTEM, lake=lake, language="zh-hans")
        counted = queries.segment_list(SYSTEM, lake=lake, language="en")
        listed = {
            c.code: queries.members(SYSTEM, lake=lake, segment=c.code, language="zh-hans", limit=1000) for c in counted
        }
    assert [s.code for s in stages] == list(STAGES)
    assert sum(s.people for s in stages) == len(history)
    for count in counted:
        rows = [r for r in found["segment_members"] if r["segment"] == count.code]
        assert count.people == len(rows) == len(listed[count.code])
    sentences = [row["why"] for rows in listed.values() for row in rows]
    assert sentences and all("{" not in sentence and sentence for sentence in sentences)
