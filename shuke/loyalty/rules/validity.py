"""When points begin and end: days in the programme's zone, instants in UTC."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shuke.loyalty.values.ledger import Programme, Validity


def last_day(bought_on: date, *, programme: Programme) -> date | None:
    """The last day on which points of a purchase can be used; None: for ever.

    Months clamp to the end of a shorter month; `YEAR_END` is the 31 December of the n-th following year.
    """
    length = programme.validity_length
    if programme.validity is Validity.NEVER:
        return None
    if programme.validity is Validity.DAYS:
        return bought_on + timedelta(days=length)
    if programme.validity is Validity.MONTHS:
        return months_later(bought_on, length)
    if programme.validity is Validity.YEAR_END:
        return date(bought_on.year + length, 12, 31)
    return programme.valid_until


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def expires_at(last_on: date | None, *, zone: str) -> datetime | None:
    """The first instant after the last day, in UTC: usable through 23:59:59 of that day's local time, then gone.

    Where a zone's clocks jump over midnight the day ends with the jump. The calendar's own last day (9999-12-31, by
    which other systems say it) is for ever.
    """
    return None if last_on in (None, date.max) else starts_at(last_on + timedelta(days=1), zone=zone)


def starts_at(day: date, *, zone: str) -> datetime:
    """The first instant of a local day, in UTC."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def available_at(earned_at: datetime, *, programme: Programme) -> datetime:
    """When points can be used: at once, or at the start of the local day `pending_days` later."""
    if programme.pending_days == 0:
        return earned_at
    local = earned_at.astimezone(ZoneInfo(programme.zone)).date()
    return starts_at(local + timedelta(days=programme.pending_days), zone=programme.zone)


def local_day(at: datetime, *, zone: str) -> date:
    """The local day of an instant."""
    return at.astimezone(ZoneInfo(zone)).date()
