"""The only place that reads a clock; everything else is told the time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def utc_now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The present calendar day in `zone` (IANA name)."""
    return utc_now().astimezone(ZoneInfo(zone)).date()
