"""The things of which the oracle's world is made: terms of a programme, single points, debts, orders and holds."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
OPEN, GONE = "free", "gone"


@dataclass(frozen=True)
class Terms:
    """The programme as the oracle needs it. `lasts` is ('never',), ('days', n), ('months', n), ('year_end', n)."""

    zone: str = "Asia/Shanghai"
    currency: str = "CNY"
    rate: Fraction = Fraction(1, 100)
    pending_days: int = 0
    lasts: tuple[Any, ...] = ("months", 12)
    refunds: str = "debt"
    grace_days: int = 30

    def day(self, at: datetime) -> date:
        """The local day of an instant."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    def end_of(self, day: date) -> datetime:
        """The instant after 23:59:59 of a local day."""
        last = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=ZoneInfo(self.zone))
        return last.astimezone(UTC) + timedelta(seconds=1)

    def last_day(self, bought_on: date) -> date | None:
        """The last day of points of a purchase, counted day by day and month by month."""
        kind, *length = self.lasts
        if kind == "never":
            return None
        if kind == "days":
            return bought_on + timedelta(days=length[0])
        if kind == "year_end":
            return date(bought_on.year + length[0], 12, 31)
        year, month = bought_on.year, bought_on.month
        for _ in range(length[0]):
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        day = bought_on.day
        while True:
            try:
                return date(year, month, day)
            except ValueError:
                day -= 1


@dataclass
class Point:
    """One point: on whose account, of which lot, from when until when, and its fate: (from when, where)."""

    owner: str
    lot: int
    begins: datetime
    ends: datetime
    fate: list[tuple[datetime, str]]
    forgiven: bool = False

    def where(self, at: datetime) -> str:
        """Where it was at an instant: '' before it was given, free, gone, or the code of a hold."""
        return next((place for since, place in reversed(self.fate) if since <= at), "")


@dataclass
class Debt:
    """One point owed by an account since an instant, until it is paid."""

    owner: str
    born: datetime
    paid: datetime = NEVER


@dataclass
class Purchase:
    """One side of an order: what it is worth, its points, and what came back of both so far."""

    member: str
    amount: int
    points: list[Point]
    granted: int
    refunded: int = 0
    done: int = 0
    returned: list[Point] = field(default_factory=list)


@dataclass
class Hold:
    """A hold: its points in burn order, its end, and whether it is still open."""

    member: str
    points: list[Point]
    until: datetime
    is_open: bool = True
