"""Facts for tests, written as rooms write them."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from shuke.outbox.models import Fact

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
_numbers = count(1)


def tell(kind: str = "loyalty.earn", **payload: Any) -> Fact:
    """One fact with a key of its own."""
    n = next(_numbers)
    return Fact.objects.create(
        kind=kind,
        key=f"txn:{n}",
        object_id=n,
        payload={"txn": n, "points": 5, **payload},
        at=NOON + timedelta(seconds=n),
        recorded_at=NOON + timedelta(seconds=n),
    )
