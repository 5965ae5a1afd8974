"""Very many coupons into the database at once: COPY on PostgreSQL, one statement run many times on SQLite."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from shuke.loyalty.adapters.doors import Door

_COLUMNS = (
    *("programme", "code", "campaign", "account_id", "state", "issued_at", "expires_at", "held_minor"),
    *("order_source", "order_no"),
)
_NAMES = ", ".join(_COLUMNS)
_INSERT = f"insert into loyalty_coupon ({_NAMES}) values ({', '.join('?' * len(_COLUMNS))})"


def pour_coupons(
    door: Door,
    codes: Sequence[str],
    *,
    programme: str,
    campaign: str,
    accounts: Sequence[int | None],
    issued_at: datetime,
    expires_at: datetime | None,
) -> None:
    """Writes one issued coupon a code inside the door's transaction, sorted, so that the index is filled in order."""
    issued, ends = _text(issued_at), None if expires_at is None else _text(expires_at)
    rows = [
        (programme, code, campaign, account, "issued", issued, ends, 0, "", "")
        for code, account in sorted(zip(codes, accounts, strict=True))
    ]
    cursor: Any = door.cursor()
    if door.engine == "sqlite":
        cursor.executemany(_INSERT, rows)
        return
    with cursor.copy(f"copy loyalty_coupon ({_NAMES}) from stdin") as pipe:
        for start in range(0, len(rows), 10_000):
            pipe.write("".join(_line(row) for row in rows[start : start + 10_000]))


def _text(at: datetime) -> str:
    return str(at.astimezone(UTC))[:-6]


def _line(row: tuple[object, ...]) -> str:
    return "\t".join(["\\N" if value is None else str(value) for value in row]) + "\n"
