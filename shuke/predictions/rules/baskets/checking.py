"""Whether a learned ranking wins over counts: on last known baskets of customers that it did not learn from."""

import numpy as np

from shuke.predictions.rules.baskets.candidates import Candidates, places
from shuke.predictions.rules.baskets.coding import Array

_TOP = 10
# A mean gain must exceed so many standard errors (one-sided 5 per cent), or it may be luck.
_ERRORS = 1.645


def wins(rows: Candidates, *, hit: Array, size: Array, learned: Array, plain: Array) -> bool:
    """Whether `learned` scores give more Recall at 10 than `plain` ones, beyond noise.

    `rows` with a score each and `hit` (is in the customer's true basket); `size`: true items by customer code, those
    that are no candidate included; customers with none do not count. Differences are paired by customer.
    """
    people = np.flatnonzero(size > 0)
    if len(people) < 2:
        return False
    gain = (_hits(rows, hit, learned, len(size)) - _hits(rows, hit, plain, len(size)))[people] / size[people]
    return bool(gain.mean() > _ERRORS * gain.std(ddof=1) / np.sqrt(len(people)))


def _hits(rows: Candidates, hit: Array, score: Array, count: int) -> Array:
    """Per customer code: how many of its ten greatest scores are hits."""
    is_first = places(rows.customer, score, np.zeros(len(score), np.int64)) < _TOP
    found: Array = np.bincount(rows.customer[is_first & hit], minlength=count)
    return found
