"""Which values the data themselves show to be nobody's own."""

from collections.abc import Mapping

import numpy as np

from shuke.customers.rules.components import distinct_pairs
from shuke.customers.values import DataGuard, Evidence, Ints, TillNumber


def crowded(evidence: Evidence, *, kind: str, guard: DataGuard) -> Ints:
    """Values of one type that carry more distinct full names, or more cards (for cards: phones), than a person has."""
    values = evidence.keys[kind]
    rows = _shared_rows(values)
    names = np.where(evidence.name_is_full, evidence.name, 0)
    others = evidence.keys["phone"] if kind in ("card", "member_id", "unionid", "shop_user") else _any_card(evidence)
    found = []
    for carried, most in ((names, guard.names), (others, guard.others)):
        keys, counts = distinct_pairs(values[rows], carried[rows])
        found.append(keys[counts > most])
    return np.unique(np.concatenate(found))


def busy(evidence: Evidence, *, guard: TillNumber) -> tuple[Ints, Ints]:
    """Phones with so many records that their days must be counted: (values, records)."""
    values = evidence.keys["phone"]
    rows = np.flatnonzero(values)
    keys, place = np.unique(values[rows], return_inverse=True)
    records = np.bincount(place, weights=evidence.records[rows]).astype(np.int64)
    many = records >= guard.receipts
    return keys[many], records[many]


def tills(keys: Ints, records: Ints, days: Mapping[int, int], *, guard: TillNumber, p99: float) -> Ints:
    """Of busy phones those of a till: several receipts on each day of use, or far more than the busiest people.

    `p99` is the 99th percentile of records a phone in this shop.
    """
    seen = np.array([max(days.get(int(key), 1), 1) for key in keys], np.int64)
    dense = records / np.maximum(seen, 1) >= guard.receipts_per_day
    return keys[dense | (records > guard.times_of_p99 * max(p99, 1.0))]


def staff_tills(evidence: Evidence, *, guard: TillNumber) -> Ints:
    """Staff members' numbers typed in for walk-ins: far more receipts without a card than other staff numbers have."""
    phones = evidence.keys["phone"]
    numbers = np.unique(phones[evidence.is_staff & (phones != 0)])
    if not len(numbers):
        return numbers
    bare = ~evidence.is_own & (evidence.keys["card"] == 0) & (evidence.keys["member_id"] == 0)
    rows = np.flatnonzero(bare & np.isin(phones, numbers))
    place = np.searchsorted(numbers, phones[rows])
    records = np.bincount(place, weights=evidence.records[rows], minlength=len(numbers))
    usual = max(float(np.median(records)), 1.0)
    return numbers[(records >= guard.staff_receipts) & (records > guard.times_of_staff_median * usual)]


def records_p99(evidence: Evidence) -> float:
    """The 99th percentile of records a phone; 0 without phones."""
    values = evidence.keys["phone"]
    rows = np.flatnonzero(values)
    if not len(rows):
        return 0.0
    place = np.unique(values[rows], return_inverse=True)[1]
    return float(np.quantile(np.bincount(place, weights=evidence.records[rows]), 0.99))


def without(values: Ints, blocked: Ints) -> Ints:
    """The values with blocked ones set to 0."""
    if not len(blocked):
        return values
    place = np.minimum(np.searchsorted(blocked, values), len(blocked) - 1)
    return np.where(blocked[place] == values, 0, values)


def same_numbers(cards: Ints, members: Ints, *, share: float) -> bool:
    """Whether member numbers are card numbers under another heading: at least `share` of them occur among the cards."""
    known, asked = np.unique(cards[cards != 0]), np.unique(members[members != 0])
    if not len(asked) or not len(known):
        return False
    return bool(np.isin(asked, known, assume_unique=True).mean() >= share)


def _any_card(evidence: Evidence) -> Ints:
    return np.where(evidence.keys["card"] != 0, evidence.keys["card"], evidence.keys["member_id"])


def _shared_rows(values: Ints) -> Ints:
    """Rows whose value stands on four rows or more; fewer can break no guard."""
    rows = np.flatnonzero(values)
    _, place, counts = np.unique(values[rows], return_inverse=True, return_counts=True)
    return rows[counts[place] >= 4]
