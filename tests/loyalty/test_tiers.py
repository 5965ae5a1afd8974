"""Tiers are a replay of growth: checked against a day-by-day oracle, and by example where the rule has a corner."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.loyalty.rules import growth, tiers
from shuke.loyalty.values.tiers import EarlierSteps, Granted, Ladder, Tier, TierRow

STEPS = (("basic", 0, 0), ("silver", 1000, 800), ("gold", 5000, 4000), ("platinum", 20000, 16000))
LADDER = Ladder(tuple(Tier(code, code, code, reach, keep) for code, reach, keep in STEPS))
START = date(2027, 2, 25)


def same_day_later(day: date, months: int) -> date | None:
    """The oracle's own calendar: walk month by month, then look whether that day exists."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    try:
        return date(year, month, day.day)
    except ValueError:
        return None


def is_in_window(day: date, *, today: date, months: int) -> bool:
    """Whether a day still counts today: its anniversary has not come (a missing one comes with the next month)."""
    later = same_day_later(day, months)
    if later is None:
        first = same_day_later(day.replace(day=1), months + 1)
        assert first is not None
        later = first
    return day <= today < later


def oracle(points: dict[date, int], *, today: date, ladder: Ladder = LADDER) -> tuple[str, date | None]:
    """Each single day from the first growth on: end of a tier first, then what the window reaches."""
    rank, since = 0, None
    day = min(points, default=today)
    while day <= today:
        steps = [step or (10**18, 10**18) for step in ladder.steps(day)]
        if since is not None and not is_in_window(since, today=day, months=ladder.months):
            grown = sum(value for at, value in points.items() if since <= at < day)
            if grown < steps[rank][1]:
                rank -= 1
            since = day if rank else None
        window = sum(value for at, value in points.items() if is_in_window(at, today=day, months=ladder.months))
        reached = max(place for place, step in enumerate(steps) if window >= step[0])
        if reached > rank:
            rank, since = reached, day
        day += timedelta(days=1)
    return ladder.tiers[rank].code, since


DAYS = st.integers(0, 1300).map(lambda day: START + timedelta(days=day))
GROWTH = st.dictionaries(
    DAYS, st.sampled_from([1, 199, 799, 800, 999, 1000, 3999, 4000, 5000, 16000, 20000]), max_size=9
)


@settings(max_examples=120, deadline=None)
@given(points=GROWTH, today=DAYS)
def test_replay_equals_a_walk_over_each_day(points: dict[date, int], today: date) -> None:
    known = {day: value for day, value in points.items() if day <= today}
    found = tiers.standing(points, today=today, ladder=LADDER)
    expected, since = oracle(known, today=today)
    assert found.tier == expected
    if found.tier != "basic":
        assert found.since == since


@settings(max_examples=60, deadline=None)
@given(points=GROWTH, today=DAYS, months=st.sampled_from([1, 3, 6, 24]))
def test_other_lengths_too(points: dict[date, int], today: date, months: int) -> None:
    ladder = Ladder(LADDER.tiers, months=months)
    known = {day: value for day, value in points.items() if day <= today}
    assert tiers.standing(points, today=today, ladder=ladder).tier == oracle(known, today=today, ladder=ladder)[0]


@settings(max_examples=60, deadline=None)
@given(points=GROWTH)
def test_time_alone_lowers_only_at_an_end_and_by_one_level(points: dict[date, int]) -> None:
    last = max(points, default=START)
    before = tiers.standing(points, today=last, ladder=LADDER)
    for step in range(1, 900, 7):
        now = tiers.standing(points, today=last + timedelta(days=step), ladder=LADDER)
        fall = LADDER.rank(before.tier) - LADDER.rank(now.tier)
        assert fall in (0, 1)
        if fall:
            assert before.until is not None and now.since in (None, before.until)
        before = now


@settings(max_examples=80, deadline=None)
@given(points=GROWTH, today=DAYS, more=st.integers(0, 30000), on=DAYS)
def test_more_growth_never_lowers_today_without_an_end_between(
    points: dict[date, int], today: date, more: int, on: date
) -> None:
    first = tiers.standing(points, today=today, ladder=LADDER)
    if on > today or (first.until is not None and on < (first.since or on)):
        return
    added = tiers.standing({**points, today: points.get(today, 0) + more}, today=today, ladder=LADDER)
    assert LADDER.rank(added.tier) >= LADDER.rank(first.tier)


@pytest.mark.parametrize(
    ("since", "end"),
    [
        (date(2026, 3, 10), date(2027, 3, 10)),
        (date(2028, 2, 29), date(2029, 3, 1)),
        (date(2027, 2, 28), date(2028, 2, 28)),
        (date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_a_tier_lasts_twelve_months(since: date, end: date) -> None:
    assert tiers.end_of(since, months=12) == end
    silver = tiers.standing({since: 1000}, today=end - timedelta(days=1), ladder=LADDER)
    assert (silver.tier, silver.since, silver.until) == ("silver", since, end)
    assert tiers.standing({since: 1000}, today=end, ladder=LADDER).tier == "silver"  # 1000 >= 800 keeps it
    assert tiers.standing({since: 1000}, today=tiers.end_of(end, months=12), ladder=LADDER).tier == "basic"


def test_several_ends_pass_lazily_one_level_each() -> None:
    points = {date(2026, 1, 1): 20000}
    seen = [tiers.standing(points, today=date(year, 6, 1), ladder=LADDER).tier for year in range(2026, 2032)]
    assert seen == ["platinum", "platinum", "gold", "silver", "basic", "basic"]


def test_a_late_sale_counts_from_its_own_day() -> None:
    late = tiers.standing({date(2026, 1, 10): 600, date(2026, 3, 1): 500}, today=date(2026, 6, 1), ladder=LADDER)
    assert (late.tier, late.since) == ("silver", date(2026, 3, 1))


def test_a_given_tier_lifts_and_then_must_be_kept() -> None:
    gift = (Granted("gold", date(2026, 5, 1), date(2026, 12, 31)),)
    assert tiers.standing({}, today=date(2026, 4, 30), ladder=LADDER, granted=gift).tier == "basic"
    assert tiers.standing({}, today=date(2026, 12, 30), ladder=LADDER, granted=gift).tier == "gold"
    assert tiers.standing({}, today=date(2026, 12, 31), ladder=LADDER, granted=gift).tier == "silver"
    rich = {date(2026, 6, 1): 20000}
    assert tiers.standing(rich, today=date(2026, 6, 2), ladder=LADDER, granted=gift).tier == "platinum"


def test_a_change_of_thresholds_never_judges_what_was_before() -> None:
    past = EarlierSteps(date(2026, 12, 31), {"basic": (0, 0), "silver": (500, 400)})
    ladder = Ladder(LADDER.tiers, earlier=(past,))
    points = {date(2026, 6, 1): 600, date(2026, 6, 2): 5000}
    assert tiers.standing({date(2026, 6, 1): 600}, today=date(2027, 5, 31), ladder=ladder).tier == "silver"
    assert tiers.standing({date(2026, 6, 1): 600}, today=date(2027, 6, 1), ladder=ladder).tier == "basic"
    assert tiers.standing(points, today=date(2026, 12, 31), ladder=ladder).tier == "silver"  # gold did not exist
    assert tiers.standing(points, today=date(2027, 1, 1), ladder=ladder).tier == "gold"


def test_rows_are_written_only_where_something_changed() -> None:
    opened = datetime(2026, 1, 1, 4, tzinfo=UTC)
    keep = {"ladder": LADDER, "zone": "Asia/Shanghai", "opened_at": opened}
    basic = tiers.standing({}, today=date(2026, 3, 1), ladder=LADDER)
    silver = tiers.standing({date(2026, 3, 1): 1000}, today=date(2026, 3, 1), ladder=LADDER)
    assert tiers.tier_row(None, basic, **keep) is None
    row = tiers.tier_row(None, silver, **keep)
    assert row == TierRow(
        "silver", datetime(2026, 2, 28, 16, tzinfo=UTC), datetime(2027, 2, 28, 16, tzinfo=UTC), "upgraded"
    )
    assert tiers.tier_row(row, silver, **keep) is None
    fallen = tiers.tier_row(row, basic, **keep)
    assert fallen is not None and (fallen.tier, fallen.reason, fallen.until) == ("basic", "fell", None)
    kept = tiers.standing({date(2026, 3, 1): 1000}, today=date(2027, 3, 1), ladder=LADDER)
    again = tiers.tier_row(row, kept, **keep)
    assert again is not None and (again.tier, again.reason) == ("silver", "kept")
    gift = TierRow("gold", opened, None, "granted: opening")
    assert tiers.granted((gift, row), zone="Asia/Shanghai") == (Granted("gold", date(2026, 1, 1), None),)
    assert growth.earned_growth(199, currency="CNY") == 1
