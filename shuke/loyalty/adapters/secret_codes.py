"""Coupon codes from the system's source of secrets."""

import secrets
from collections.abc import Iterator

import numpy as np

from shuke.loyalty.rules.coupons.codes import ALPHABET, LENGTH, make_codes

_SIGNS = len(ALPHABET)
# The largest multiple of the number of signs in a byte: larger bytes are thrown away, so each sign is equally likely.
_EVEN = 256 // _SIGNS * _SIGNS
_AHEAD = 64


def random_codes(count: int) -> list[str]:
    """Codes from the system's source of secrets, all different."""
    found: dict[str, None] = {}
    while len(found) < count:
        wanted = count - len(found)
        drawn = np.frombuffer(secrets.token_bytes(wanted * LENGTH * 9 // 8 + 1024), dtype=np.uint8)
        even = drawn[drawn < _EVEN] % _SIGNS
        whole = min(wanted, len(even) // LENGTH)
        found.update(dict.fromkeys(make_codes(even[: whole * LENGTH].reshape(whole, LENGTH))))
    return list(found)


def fresh_codes() -> Iterator[str]:
    """Codes one after another, for as long as they are asked for."""
    while True:
        yield from random_codes(_AHEAD)
