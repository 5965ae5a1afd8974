"""Features and the purchase clock of one customer."""

from datetime import timedelta
from typing import Any

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.predictions import rules
from shuke.predictions.values import PurchaseClock

_HORIZON_DAYS = 28


def features_of(actor: Actor, *, lake: Reader, customer_id: int) -> dict[str, Any] | None:
    """The row of `customer_features`, or None for someone who has not bought (or whom the actor may not see)."""
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("customer_features"):
        return None
    return lake.row("select * from customer_features where customer_id = $id", id=customer_id)


def purchase_clock(actor: Actor, *, lake: Reader, customer_id: int) -> PurchaseClock | None:
    """The purchase clock of one customer, or None without a purchase."""
    row = features_of(actor, lake=lake, customer_id=customer_id)
    if row is None:
        return None
    gaps = lake.rows(
        "select gap_days from customer_gaps where customer_id = $id and gap_days is not null order by gap_no",
        id=customer_id,
    )
    kind = "first" if row["orders"] == 1 else "later"
    curve = [
        r["still_away_share"]
        for r in lake.rows("select * from return_curve where kind = $kind order by step", kind=kind)
    ]
    returns = rules.return_share(
        curve, cycle_days=row["cycle_days"], days_since=row["days_since"], within_days=_HORIZON_DAYS
    )
    return PurchaseClock(
        customer_id=customer_id,
        purchases=row["orders"],
        first_on=row["first_on"],
        last_on=row["last_on"],
        gaps=tuple(gap["gap_days"] for gap in gaps),
        usual_days=row["cycle_days"],
        early_days=row["gap_p25_days"],
        late_days=row["gap_p75_days"],
        days_since=row["days_since"],
        overdue_days=row["overdue_days"],
        basis=row["cycle_basis"],
        expected_on=row["last_on"] + timedelta(days=round(row["cycle_days"])),
        returns_within_28_days_share=returns,
    )
