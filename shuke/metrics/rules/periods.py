"""Weeks from Monday, months, quarters and years; all half-open."""

from datetime import date, timedelta

from shuke.kernel.period import Period
from shuke.metrics.values import Grain
from shuke.reference.adapters import same_lunar_week_last_year

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def start_of(day: date, *, grain: Grain) -> date:
    """The first day of the period that holds `day`."""
    if grain == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[grain]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def next_start(start: date, *, grain: Grain) -> date:
    """The first day of the period after the one that starts at `start`."""
    if grain == "week":
        return start + timedelta(days=7)
    month = start.month - 1 + _MONTHS[grain]
    return date(start.year + month // 12, month % 12 + 1, 1)


def period_of(day: date, *, grain: Grain) -> Period:
    """The period that holds `day`."""
    start = start_of(day, grain=grain)
    return Period(start, next_start(start, grain=grain))


def before(period: Period, *, grain: Grain) -> Period:
    """The period before this one."""
    return period_of(period.start_on - timedelta(days=1), grain=grain)


def periods(first: date, as_of: date, *, grain: Grain) -> list[Period]:
    """All periods from the one that holds `first` to the one that holds the day before `as_of`; at least one."""
    found = [period_of(first, grain=grain)]
    while found[-1].end_on < as_of:
        found.append(period_of(found[-1].end_on, grain=grain))
    return found


def last_finished(as_of: date, *, grain: Grain) -> Period:
    """The last period that was over before `as_of`."""
    here = period_of(as_of, grain=grain)
    return before(here, grain=grain)


def lunar_week(week: Period) -> Period:
    """The week of the same lunar day last year; the week's Thursday decides, so that most of its days agree."""
    return same_lunar_week_last_year(week.start_on + timedelta(days=3))
