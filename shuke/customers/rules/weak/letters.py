"""Which texts cannot be a slip or two apart, told by how often each letter occurs in them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shuke.customers.values import Flags, Ints

_CLASSES = 64
_MOST_AT_ONCE = 200_000
# A changed character is one letter less and one more; one added or left out is half of it, two swapped nothing.
_A_SLIP = 2

Letters = NDArray[np.int16]


def letters(texts: Sequence[str]) -> Letters:
    """How often letters of each class (code points modulo 64) occur in each text."""
    points = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
    text = np.repeat(np.arange(len(texts)), [len(one) for one in texts])
    counts = np.bincount(text * _CLASSES + points % _CLASSES, minlength=len(texts) * _CLASSES)
    return counts.reshape(-1, _CLASSES).astype(np.int16)


def may_be_near(of: Letters, one: Ints, other: Ints, *, slips: int) -> Flags:
    """Pairs of texts whose letters allow for so few slips; the others differ by more."""
    found = np.zeros(len(one), bool)
    for begin in range(0, len(one), _MOST_AT_ONCE):
        part = slice(begin, begin + _MOST_AT_ONCE)
        found[part] = np.abs(of[one[part]] - of[other[part]]).sum(axis=1) <= _A_SLIP * slips
    return found
