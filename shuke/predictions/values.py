"""What pages show of one customer's clock."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PurchaseClock:
    """One customer's rhythm. Gaps in days, oldest first; `basis` says whose rhythm it is (`own`, `shop`)."""

    customer_id: int
    purchases: int
    first_on: date
    last_on: date
    gaps: tuple[int, ...]
    usual_days: float
    early_days: int | None
    late_days: int | None
    days_since: int
    overdue_days: int
    basis: str
    expected_on: date
    returns_within_28_days_share: float
