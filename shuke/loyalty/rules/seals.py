"""What seals a transaction: one text of all that it says, and the hash that the account's next one builds on."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any


def seal(
    *,
    previous: str,
    txn: int,
    account: int,
    kind: str,
    client: str,
    key: str,
    request_hash: str,
    at: datetime,
    recorded_at: datetime,
    business_on: date,
    order: tuple[str, str],
    entries: Iterable[tuple[Any, ...]],
) -> str:
    """The SHA-256 (hex) of the canonical text. `entries` are rows of the ledger: txn, account, lot, source, target,
    points, at. Instants are UTC with six digits; the same text is built in SQL where chains are checked.
    """
    listed = ",".join(
        f"{lot or 0}:{owner}:{source}:{target}:{points}:{moment(instant)}"
        for _, owner, lot, source, target, points, instant in entries
    )
    text = (
        f"{previous}|{txn}|{account}|{kind}|{client}|{key}|{request_hash}|{moment(at)}|{moment(recorded_at)}"
        f"|{business_on.isoformat()}|{order[0]}|{order[1]}|{listed}"
    )
    return hashlib.sha256(text.encode()).hexdigest()


def moment(instant: datetime) -> str:
    """`2026-11-22 12:00:00.000000`, always with six digits."""
    text = str(instant)[:19]
    return f"{text}.{instant.microsecond:06d}"
