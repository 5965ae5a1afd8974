"""Which values the data themselves show to be nobody's own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from shuke.customers.rules.components import more_than
from shuke.customers.values import DataGuard, Evidence, Ints, TillNumber

_ALL = slice(None)
_STAFF_KEYS = ("pin", "record", "member_id", "card")
_TEST_KEYS = ("pin", "record")
_SAID = ("name", "initial", "birthday", "mask")


def crowded(evidence: Evidence, *, kind: str, guard: DataGuard) -> Ints:
    """Values of one type that carry more distinct full names, initials or birthdays, or more values of another type
    (cards, unionids, phones, addresses), than a person has.
    """
    values = evidence.keys[kind]
    times = np.bincount(values, minlength=1)
    times[0] = 0
    # Only what many rows carry can be crowded.
    rows = np.flatnonzero(times[values] > min(guard.names, guard.others))
    full = np.where(evidence.name_is_full[rows], evidence.name[rows], 0)
    of_people = (full, telling_initials(evidence, rows), evidence.birthday[rows])
    others = {other: evidence.keys[other][rows] for other in ("unionid", "phone", "email") if other != kind}
    if kind not in ("card", "member_id"):
        card, member = evidence.keys["card"][rows], evidence.keys["member_id"][rows]
        others["card"] = np.where(card != 0, card, member)
    found = [more_than(values[rows], carried, most=guard.names) for carried in of_people]
    found += [more_than(values[rows], carried, most=guard.others) for carried in others.values()]
    return np.unique(np.concatenate(found))


def telling_initials(evidence: Evidence, rows: Ints | slice = _ALL) -> Ints:
    """Initials of rows' full and masked names; a nickname's says nothing."""
    return np.where((evidence.name[rows] == 0) | evidence.name_is_full[rows], evidence.initial[rows], 0)


def standing_alone(evidence: Evidence) -> Evidence:
    """Without the keys that would tie a staff member or a test to customers.

    A staff member's record keeps its record, member number and card, so that staff's purchases are known as staff's. A
    test keeps its record only, and says nothing. What a person pinned stays pinned.
    """
    keys = dict(evidence.keys)
    tests = evidence.is_test if len(evidence.is_test) else np.zeros(len(evidence), bool)
    for alone, kept in ((evidence.is_staff, _STAFF_KEYS), (tests, _TEST_KEYS)):
        if alone.any():
            keys |= {kind: np.where(alone, 0, keys[kind]) for kind in keys if kind not in kept}
    if not tests.any():
        return replace(evidence, keys=keys)
    said: dict[str, Any] = {name: np.where(tests, 0, getattr(evidence, name)) for name in _SAID}
    return replace(evidence, keys=keys, name_is_full=evidence.name_is_full & ~tests, **said)


def busy(evidence: Evidence, *, guard: TillNumber) -> tuple[Ints, Ints]:
    """Phones with so many records that their days must be counted: (values, records)."""
    records = _records_of_phones(evidence)
    many = np.flatnonzero(records >= guard.receipts)
    return many, records[many]


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
    records = _records_of_phones(evidence)
    carried = np.bincount(evidence.keys["phone"], minlength=1) > 0
    carried[0] = False
    return float(np.quantile(records[carried], 0.99)) if carried.any() else 0.0


def without(values: Ints, blocked: Ints) -> Ints:
    """The values with blocked ones set to 0."""
    if not len(blocked):
        return values
    out = np.zeros(int(max(values.max(initial=0), blocked.max())) + 1, bool)
    out[blocked] = True
    return np.where(out[values], 0, values)


def same_numbers(cards: Ints, members: Ints, *, share: float) -> bool:
    """Whether member numbers are card numbers under another heading: at least `share` of them occur among the cards.

    Both are numbers of one numbering.
    """
    size = int(max(cards.max(initial=0), members.max(initial=0))) + 1
    known, asked = np.zeros(size, bool), np.zeros(size, bool)
    known[cards], asked[members] = True, True
    known[0] = asked[0] = False
    return bool(known.any() and asked.any() and known[asked].mean() >= share)


def _records_of_phones(evidence: Evidence) -> Ints:
    """How many records carry each phone, by the phone's number; none for 0."""
    phones = evidence.keys["phone"]
    records = np.bincount(phones, weights=evidence.records, minlength=1).astype(np.int64)
    records[0] = 0
    return records
