"""The lunar calendar against days that everybody in China knows."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuke.reference.adapters import (
    LunarDay,
    OutsideCalendar,
    lunar_day,
    same_lunar_day_last_year,
    same_lunar_week_last_year,
    solar_day,
)

# A busy machine is no reason to fail.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# 春节, as the State Council's holiday notices have it.
SPRING = [
    "2015-02-19",
    "2016-02-08",
    "2017-01-28",
    "2018-02-16",
    "2019-02-05",
    "2020-01-25",
    "2021-02-12",
    "2022-02-01",
    "2023-01-22",
    "2024-02-10",
    "2025-01-29",
    "2026-02-17",
    "2027-02-06",
    "2028-01-26",
    "2029-02-13",
    "2030-02-03",
    "2031-01-23",
    "2032-02-11",
    "2033-01-31",
    "2034-02-19",
    "2035-02-08",
]
# 中秋, the fifteenth day of the eighth month.
AUTUMN = [
    "2015-09-27",
    "2016-09-15",
    "2017-10-04",
    "2018-09-24",
    "2019-09-13",
    "2020-10-01",
    "2021-09-21",
    "2022-09-10",
    "2023-09-29",
    "2024-09-17",
    "2025-10-06",
    "2026-09-25",
    "2027-09-15",
    "2028-10-03",
    "2029-09-22",
    "2030-09-12",
    "2031-10-01",
    "2032-09-19",
    "2033-09-08",
    "2034-09-27",
    "2035-09-16",
]


@pytest.mark.parametrize(("days", "month", "day"), [(SPRING, 1, 1), (AUTUMN, 8, 15)])
def test_festivals_stand_where_people_keep_them(days: list[str], month: int, day: int) -> None:
    for year, text in enumerate(days, 2015):
        assert solar_day(LunarDay(year, month, day)) == date.fromisoformat(text)
        assert lunar_day(date.fromisoformat(text)) == LunarDay(year, month, day)


def test_a_festival_week_is_compared_with_the_festival_week() -> None:
    assert same_lunar_day_last_year(date(2026, 2, 17)) == date(2025, 1, 29)
    week = same_lunar_week_last_year(date(2026, 2, 17))
    assert (week.start_on, week.end_on) == (date(2025, 1, 27), date(2025, 2, 3))


def test_leap_months_and_short_months_fall_back() -> None:
    # 2025 has a leap sixth month (from 2025-07-25), 2024 and 2026 have none.
    assert lunar_day(date(2025, 7, 25)) == LunarDay(2025, 6, 1, is_leap=True)
    assert same_lunar_day_last_year(date(2025, 7, 25)) == solar_day(LunarDay(2024, 6, 1))
    assert solar_day(LunarDay(2026, 6, 1, is_leap=True)) == solar_day(LunarDay(2026, 6, 1))
    short = [m for m in range(1, 12) if lunar_day(solar_day(LunarDay(2026, m, 29)) + timedelta(days=1)).day == 1]
    assert short
    assert solar_day(LunarDay(2026, short[0], 30)) == solar_day(LunarDay(2026, short[0], 29))


@patient
@given(st.dates(date(1902, 1, 1), date(2099, 12, 31)))
def test_a_year_back_is_twelve_or_thirteen_months_back(day: date) -> None:
    then = same_lunar_day_last_year(day)
    assert 353 <= (day - then).days <= 385
    assert lunar_day(then).month == lunar_day(day).month
    week = same_lunar_week_last_year(day)
    assert week.days == 7 and week.start_on.weekday() == 0 and week.start_on <= then < week.end_on
    assert solar_day(lunar_day(day)) == day


@pytest.mark.parametrize("day", [date(1890, 1, 1), date(2101, 1, 1)])
def test_days_outside_the_tables_are_refused(day: date) -> None:
    with pytest.raises(OutsideCalendar):
        lunar_day(day)
    with pytest.raises(OutsideCalendar):
        solar_day(LunarDay(2026, 13, 1))
