"""The Chinese lunisolar calendar, by the library borax (tables of 1900 to 2100).

Festivals that move sales (春节, 中秋) stand on lunar days, so a week is compared with the week that holds the same
lunar day a year before, not with the same week number.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from borax.calendars.lunardate import InvalidLunarDateError, LunarDate

from shuke.kernel.errors import ShukeError
from shuke.kernel.period import Period

# The last lunar year of the tables is whole only up to here.
FIRST_DAY, LAST_DAY = date(1900, 1, 31), date(2100, 12, 31)


class OutsideCalendar(ShukeError):
    """The day lies outside the years of the lunar calendar's tables."""


@dataclass(frozen=True)
class LunarDay:
    """A day of the lunar calendar: year of its spring festival, month 1 to 12, day 1 to 30, leap month or not."""

    year: int
    month: int
    day: int
    is_leap: bool = False


def lunar_day(day: date) -> LunarDay:
    """The lunar day of a civil day from 1900-01-31 to 2100-12-31; raises `OutsideCalendar`."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise OutsideCalendar(
            f"{day} is outside the lunar calendar ({FIRST_DAY} to {LAST_DAY}).", hint="Check the day that was given."
        )
    found = LunarDate.from_solar_date(day.year, day.month, day.day)
    return LunarDay(found.year, found.month, found.day, is_leap=bool(found.leap))


def solar_day(lunar: LunarDay) -> date:
    """The civil day of a lunar day. A leap month that the year lacks is read as the plain month, day 30 of a month of
    29 days as its last day. Raises `OutsideCalendar`, also for a month or day that no calendar has.
    """
    if not (1 <= lunar.month <= 12 and 1 <= lunar.day <= 30):
        raise OutsideCalendar(f"There is no lunar month {lunar.month}, day {lunar.day}.", hint="Check the day.")
    days = (30, 29) if lunar.day == 30 else (lunar.day,)
    for leap, day in [(leap, day) for leap in ((1, 0) if lunar.is_leap else (0,)) for day in days]:
        try:
            found = LunarDate(lunar.year, lunar.month, day, leap)
        except InvalidLunarDateError:
            continue
        civil: date = found.to_solar_date()
        return civil
    raise OutsideCalendar(f"The lunar year {lunar.year} is outside the calendar (1900 to 2100).", hint="Check the day.")


def same_lunar_day_last_year(day: date) -> date:
    """The civil day that was the same lunar day one lunar year before: 2026-02-17 (春节) gives 2025-01-29."""
    here = lunar_day(day)
    return solar_day(LunarDay(here.year - 1, here.month, here.day, is_leap=here.is_leap))


def same_lunar_week_last_year(day: date) -> Period:
    """The week, Monday to Sunday, that holds the same lunar day of the year before."""
    then = same_lunar_day_last_year(day)
    monday = then - timedelta(days=then.weekday())
    return Period(monday, monday + timedelta(days=7))
