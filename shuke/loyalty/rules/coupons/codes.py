"""Coupon codes: 15 random characters that nobody confuses, and one that catches a slip of the finger.

Of digits and letters 0, 1, I, L, O and U are left out. 15 of the other 30 are 73 random bits: with a million codes out,
one guess in ten thousand million million hits one. The last character is a check in the ring of
integers modulo 31 (prime), with weights that differ: it catches every single wrong character and every swap of two.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 15
_PRIME = 31
# The 31st sign stands only as a check character; typed as the letter O it is the same.
_CHECKS = ALPHABET + "0"
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}


def make_code(numbers: Sequence[int]) -> str:
    """The code of `LENGTH` random numbers of 0 to 29, with its check character: 16 characters."""
    body = "".join([ALPHABET[number] for number in numbers])
    return body + check_character(body)


def check_character(body: str) -> str:
    """The last character of a code. Raises `ValueError` for a character that codes do not have."""
    total = 0
    for place, sign in enumerate(body, start=1):
        value = _VALUES.get(sign)
        if value is None:
            raise ValueError(f"codes do not have the sign {sign!r}")
        total += place * value
    return _CHECKS[total % _PRIME]


def is_code(text: str) -> bool:
    """Whether a text can be a generated code; hyphens, blanks and small letters are the same as without."""
    plain = plain_code(text)
    body = plain[:-1]
    return len(plain) == LENGTH + 1 and _VALUES.keys() >= set(body) and check_character(body) == plain[-1]


def plain_code(text: str) -> str:
    """A code as it is stored: without hyphens and blanks, in capitals, the letter O as zero."""
    return text.replace("-", "").replace(" ", "").upper().replace("O", "0")


def make_codes(numbers: Bytes) -> list[str]:
    """Codes of rows of `LENGTH` random numbers of 0 to 29: the same as `make_code` row by row, many at once."""
    signs = np.frombuffer(_CHECKS.encode(), dtype=np.uint8)
    weights = np.arange(1, LENGTH + 1, dtype=np.int64)
    checks = (numbers.astype(np.int64) @ weights) % _PRIME
    whole = np.column_stack([signs[numbers], signs[checks]]).astype(np.uint8)
    width = LENGTH + 1
    text = whole.tobytes().decode("ascii")
    return [text[place : place + width] for place in range(0, len(text), width)]
