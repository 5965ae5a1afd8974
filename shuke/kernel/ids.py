"""Identifiers as types, and the one hash whose value never changes."""

import hashlib
from typing import NewType

CustomerId = NewType("CustomerId", int)
RecordId = NewType("RecordId", int)
BatchId = NewType("BatchId", int)

_MASK_63 = 0x7FFF_FFFF_FFFF_FFFF


def stable_hash(text: str) -> int:
    """63-bit hash of a text, equal in Python and in SQL (`stable_hash(text)` macro), on every machine and version.

    It is the second half of the MD5 digest, little endian, without its highest bit: DuckDB computes
    exactly this natively, and an engine's own hash may change with a release. Never used for security.
    """
    digest = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little") & _MASK_63


def record_id(source: str, source_row_id: str) -> RecordId:
    """The id of a source record: `stable_hash(source + '|' + source_row_id)`."""
    return RecordId(stable_hash(f"{source}|{source_row_id}"))
