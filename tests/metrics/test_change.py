"""Why sales changed: the parts add up; and what a period's note says."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.period import Period
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.metrics import queries, rules
from shuke.metrics.rules.change import Trade, effects, logarithmic_mean, rounded
from shuke.metrics.values import GRAINS
from tests.metrics.conftest import BuildMetrics

# A busy machine is no reason to fail.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
counts = st.integers(0, 5_000)
money = st.integers(0, 10**11)
trades = st.builds(Trade, sales_minor=st.integers(-(10**11), 10**12), known_minor=money, orders=counts, buyers=counts)


@patient
@given(trades, trades)
def test_the_parts_add_up_to_the_change(now: Trade, then: Trade) -> None:
    parts = effects(now, then)
    assert parts.total_minor == now.sales_minor - then.sales_minor
    told = parts.buyers_minor + parts.frequency_minor + parts.average_minor + parts.rest_minor
    assert told == parts.total_minor
    back = effects(then, now)
    assert abs(back.buyers_minor + parts.buyers_minor) <= 1


@patient
@given(st.floats(1, 1e12), st.floats(1, 1e12))
def test_the_logarithmic_mean_lies_between(a: float, b: float) -> None:
    mean = logarithmic_mean(a, b)
    assert min(a, b) * (1 - 1e-6) <= mean <= max(a, b) * (1 + 1e-6)


def test_one_factor_alone_has_the_whole_effect() -> None:
    then = Trade(sales_minor=10_000, known_minor=8_000, orders=80, buyers=40)
    now = Trade(sales_minor=14_000, known_minor=12_000, orders=120, buyers=60)
    parts = effects(now, then)
    assert (parts.buyers_minor, parts.frequency_minor, parts.average_minor, parts.rest_minor) == (4_000, 0, 0, 0)


@patient
@given(st.lists(st.floats(-1e9, 1e9), min_size=3, max_size=3))
def test_rounding_keeps_the_sum(parts: list[float]) -> None:
    total = round(sum(parts))
    whole = rounded(parts, total=total)
    assert sum(whole) == total
    assert all(abs(one - part) <= 2 for one, part in zip(whole, parts, strict=True))


@patient
@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 900))
def test_periods_follow_each_other_without_a_gap(first: date, days: int) -> None:
    for grain in GRAINS:
        found = rules.periods(first, first + timedelta(days=days), grain=grain)
        assert found[0].start_on <= first and found[-1].start_on < first + timedelta(days=days) <= found[-1].end_on
        assert all(a.end_on == b.start_on for a, b in pairwise(found))
        assert all(rules.before(b, grain=grain) == a for a, b in pairwise(found))
    assert rules.start_of(first, grain="week").weekday() == 0


def test_notes_say_what_stands_in_the_way() -> None:
    week = Period(date(2026, 11, 16), date(2026, 11, 23))

    def note(as_of: date, *, first: date = date(2025, 1, 1), wait: int = 0, history: int = 0) -> str:
        return rules.note_of(week, as_of=as_of, first=first, wait_days=wait, history_days=history)

    assert note(date(2026, 11, 23)) == ""
    assert note(date(2026, 11, 22)) == "unfinished"
    assert note(date(2026, 11, 23), wait=90) == "waiting"
    assert note(date(2027, 2, 20), wait=90) == "waiting"
    assert note(date(2027, 2, 21), wait=90) == ""
    assert note(date(2026, 11, 23), first=date(2026, 11, 17)) == "history"
    assert note(date(2026, 11, 23), first=date(2026, 10, 1), history=90) == "history"


def test_young_cohorts_are_not_shown_as_losses(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    build_metrics()
    with open_reader(SYSTEM, workspace) as lake:
        points = queries.series(SYSTEM, lake=lake, metric="second_purchase_rate", grain="month", last=30)
        card = next(
            card
            for card in queries.cards(SYSTEM, lake=lake, language="zh-hans", grain="month")
            if card.definition.code == "second_purchase_rate"
        )
    assert {point.note for point in points[-3:]} == {"unfinished", "waiting"}
    assert not any(point.mature for point in points[-3:])
    assert card.point is not None and card.point.mature
    assert card.point.period.end_on + timedelta(days=90) <= date(2026, 11, 19)


def test_the_pack_explains_the_whole_change(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    build_metrics()
    with open_reader(SYSTEM, workspace) as lake:
        pack = queries.meeting_pack(SYSTEM, lake=lake, language="zh-hans")
        english = queries.meeting_pack(SYSTEM, lake=lake, language="en")
        sales = queries.point(SYSTEM, lake=lake, metric="sales", grain="week", period_start=pack.week.start_on)
    assert pack.week == Period(date(2026, 11, 9), date(2026, 11, 16))
    # The ninth month's last day to the tenth month's sixth: 2025-11-20 was 十月初一.
    assert pack.lunar_week == Period(date(2025, 11, 17), date(2025, 11, 24))
    assert [store.store for store in pack.stores] == ["", "武林店", "滨江店"]
    assert sales is not None and pack.stores[0].lines[0].now == sales
    assert len(pack.why) >= 6 and len(english.why) == len(pack.why)
    assert not any("{" in line or "None" in line for line in (*pack.why, *english.why))
    manager = Actor(name="店长", role=Role.MANAGER, stores=frozenset({"滨江店"}))
    with open_reader(manager, workspace) as lake:
        mine = queries.meeting_pack(manager, lake=lake, language="zh-hans")
        alone = queries.meeting_pack(manager, lake=lake, language="zh-hans", store="滨江店")
    assert [store.store for store in mine.stores] == ["", "滨江店"]
    assert mine.stores[1].lines == alone.stores[0].lines
    assert alone.stores[0].lines == pack.stores[2].lines


def test_the_pack_adds_its_stores_up(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    build_metrics()
    with open_reader(SYSTEM, workspace) as lake:
        pack = queries.meeting_pack(SYSTEM, lake=lake, language="zh-hans")
        none = queries.point(
            SYSTEM,
            lake=lake,
            metric="sales",
            grain="week",
            period_start=pack.week.start_on,
            dimension="store",
            member="",
        )
    stores = [store.lines[0].now for store in pack.stores[1:]]
    whole = pack.stores[0].lines[0].now
    assert whole is not None and none is not None
    assert whole.numerator == none.numerator + sum(point.numerator for point in stores if point is not None)
