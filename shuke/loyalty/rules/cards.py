"""Tokens of member cards: when they end, and what is kept of them."""

import hashlib
import re
from datetime import UTC, datetime

_SHAPE = re.compile(r"[0-9a-z]{1,9}\.[A-Za-z0-9_-]{43}")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def stamped(secret: str, *, until: datetime) -> str:
    """A token: the second of its end in base 36, a dot, and the secret."""
    seconds, text = int(until.timestamp()), ""
    while seconds:
        seconds, place = divmod(seconds, 36)
        text = _DIGITS[place] + text
    return f"{text or '0'}.{secret}"


def ends_at(token: str) -> datetime | None:
    """The instant at which a token ends; None for what is no token."""
    if not _SHAPE.fullmatch(token):
        return None
    seconds = int(token.partition(".")[0], 36)
    return datetime.fromtimestamp(seconds, UTC) if seconds < 32_503_680_000 else None


def hash_of_card(token: str) -> str:
    """What is kept of a token; 256 random bits cannot be searched, so a plain SHA-256 does."""
    return hashlib.sha256(f"card:{token}".encode()).hexdigest()
