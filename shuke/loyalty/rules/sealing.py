"""The seal of a transaction: a hash over its fields, its entries and the hash of the account's transaction before."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from shuke.loyalty.values.ledger import Posting


@lru_cache(maxsize=1024)
def moment(at: datetime) -> str:
    """An instant in UTC as the sealed text has it: `2026-11-22 04:00:00.000000`."""
    return at.isoformat(" ", "microseconds")[:-6]


def sealed_text(
    previous: str,
    *,
    head: tuple[int, int, str, str, str, str],
    at: datetime,
    recorded_at: datetime,
    business_on: date,
    order: tuple[str, str],
    postings: Iterable[Posting],
) -> str:
    """The text that is hashed; `head` is id, account, kind, client, key and request hash. SQL can build the same."""
    entries = ",".join(
        [
            f"{lot}:{account}:{source}:{target}:{points}:{moment(at)}"
            for account, lot, source, target, points, at in postings
        ]
    )
    number, account, kind, client, key, request = head
    return (
        f"{previous}|{number}|{account}|{kind}|{client}|{key}|{request}|{moment(at)}|{moment(recorded_at)}"
        f"|{business_on}|{order[0]}|{order[1]}|{entries}"
    )


def sealed(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
