"""What finance sees: liability, breakage, closed days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from shuke.loyalty.rules.breakage import Breakage


@dataclass(frozen=True)
class Standing:
    """All points of the programme at an instant. `expired` are over and written down, `over` not written down yet."""

    available: int
    pending: int
    held: int
    owed: int
    expired: int
    over: int

    @property
    def outstanding(self) -> int:
        """Points that members may still use, debts taken off."""
        return self.available + self.pending + self.held - self.owed


@dataclass(frozen=True)
class Liability:
    """What points outstanding are worth at an instant, with the forecast of those that will end unspent.

    Money in minor units; `expected_minor` is the liability less the expected breakage, `low_minor` and `high_minor`
    its 90 % interval.
    """

    at: datetime
    standing: Standing
    cost_thousandths: int
    currency: str
    liability_minor: int
    breakage: Breakage
    expected_minor: int
    low_minor: int
    high_minor: int


@dataclass(frozen=True)
class DayDifference:
    """One order of a day on which ledger and sales differ.

    `kind`: `earned_nothing` (a member's counted order without points), `no_order` (points without an order),
    `amount_differs`.
    """

    kind: str
    source: str
    order_no: str
    account_id: int | None
    ledger_minor: int | None
    sales_minor: int | None


@dataclass(frozen=True)
class ClosedDay:
    """A closed business day. `moved` are points by kind of movement; `late` what came later for days closed before.

    `totals` hold closing points by place, the liability, and counts of orders; each value is whole.
    """

    business_on: date
    closed_at: datetime
    actor: str
    moved: Mapping[str, int]
    late: Mapping[str, Mapping[str, int]]
    totals: Mapping[str, int]
    differences: tuple[DayDifference, ...]
    counts: Mapping[str, int] = field(default_factory=dict)


def closed_day(
    business_on: date, *, closed_at: datetime, actor: str, totals: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> ClosedDay:
    """A close as it was stored: `totals` and the rows of its differences as JSON gives them back."""
    return ClosedDay(
        business_on=business_on,
        closed_at=closed_at,
        actor=actor,
        moved=totals["moved"],
        late=totals["late"],
        totals=totals["closing"],
        differences=tuple(DayDifference(**row) for row in rows),
        counts=totals["counts"],
    )
