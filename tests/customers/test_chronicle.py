"""The life of ids: what events say of any id at any time is what stood at that time."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.customers.rules import NOTHING, Before, mint
from shuke.customers.rules.chronicle import Chronicle, chronicle, leads_of, told_why
from shuke.customers.values import Ints, Minted, Parts, Reason

ROWS = 12


def parts_of(automatic: Ints, used: Ints) -> Parts:
    """Parts of one record a row; label -1 for nobody."""
    size = len(automatic)
    return Parts(
        evidence=np.arange(size),
        from_s=np.zeros(size, np.int64),
        until_s=np.ones(size, np.int64),
        used=used,
        automatic=automatic,
        probability=np.ones(size),
        reason=np.full(size, int(Reason.PHONE)),
    )


def smallest(labels: list[int]) -> Ints:
    """Labels as the first row of each group."""
    first: dict[int, int] = {}
    return np.array([-1 if one < 0 else first.setdefault(one, row) for row, one in enumerate(labels)], np.int64)


class Shop:
    """Resolutions one after the other, with what each left behind."""

    def __init__(self) -> None:
        self.next_id, self.own, self.customers = 100, np.zeros(0, np.int64), np.zeros(0, np.int64)
        self.aliases: dict[int, int] = {}
        self.maps: list[dict[int, int]] = []
        self.told: list[Chronicle] = []

    def resolve(self, labels: list[tuple[int, int]]) -> Minted:
        """`labels` are (automatic, how automatic clusters are grouped) by row."""
        automatic = smallest([own for own, _ in labels])
        group = {int(own): other for own, (_, other) in zip(automatic, labels, strict=True) if own >= 0}
        used = smallest([-1 if own < 0 else group[int(own)] for own in automatic])
        parts = parts_of(automatic, used)
        before = self.before(automatic)
        known = automatic >= 0
        minted = mint(parts, np.bincount(automatic[known], minlength=ROWS), before=before, next_id=self.next_id)
        stood = leads_of(self.customers[self.customers > 0], self.aliases)
        self.told.append(told_why(chronicle(stood, before=before, minted=minted), parts=parts, minted=minted))
        self.next_id, self.aliases = minted.next_id, dict(minted.aliases)
        place = np.searchsorted(minted.clusters, automatic)
        self.own = (
            np.where(known, minted.ids[np.minimum(place, len(minted.ids) - 1)], 0) if known.any() else automatic * 0
        )
        self.customers = (
            np.where(known, minted.customers[np.minimum(place, len(minted.ids) - 1)], 0)
            if known.any()
            else automatic * 0
        )
        living = {int(one): int(one) for one in self.customers if one > 0}
        self.maps.append(living | self.aliases)
        return minted

    def before(self, automatic: Ints) -> Before:
        if not len(self.own):
            return NOTHING
        rows = [(int(a), int(o)) for a, o in zip(automatic, self.own, strict=True) if a >= 0 and o > 0]
        pairs = sorted(set(rows))
        return Before(
            cluster=np.array([cluster for cluster, _ in pairs], np.int64),
            old_id=np.array([old for _, old in pairs], np.int64),
            records=np.array([rows.count(pair) for pair in pairs], np.int64),
            customers=np.unique(self.customers[self.customers > 0]),
            aliases=self.aliases,
            identifiers=np.zeros(len(pairs), np.int64),
            holders=np.unique(self.own[self.own > 0]),
        )


def stood_for(told: list[Chronicle], number: int) -> int | None:
    """Whom events say that an id stands for after these runs."""
    found: int | None = None
    for run in told:
        found = number if number in run.created else found
        at = np.flatnonzero(run.parts.ids == number)
        found = int(run.parts.customers[at[0]]) if len(at) else found
        for change in run.changes:
            if change.customer_id == number and change.leads_to is not None:
                found = change.leads_to
    return found


LABELS = st.lists(st.tuples(st.integers(-1, 5), st.integers(0, 5)), min_size=ROWS, max_size=ROWS)


@settings(max_examples=150, deadline=None)
@given(st.lists(LABELS, min_size=1, max_size=5))
def test_events_tell_whom_any_id_stood_for_at_any_time(runs: list[list[tuple[int, int]]]) -> None:
    shop = Shop()
    for labels in runs:
        shop.resolve(labels)
    ids = {number for one in shop.maps for number in one}
    for place, then in enumerate(shop.maps, 1):
        for number in ids:
            assert (stood_for(shop.told[:place], number) or None) == then.get(number)


@settings(max_examples=100, deadline=None)
@given(LABELS, LABELS)
def test_each_id_is_told_once_and_nothing_is_told_twice(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    shop = Shop()
    shop.resolve(first)
    shop.resolve(second)
    told = shop.told[-1]
    named = [*told.created.tolist(), *told.parts.ids.tolist()]
    named += [change.customer_id for change in told.changes if change.leads_to is not None]
    assert len(named) == len(set(named))
    shop.resolve(second)
    assert not len(shop.told[-1].created) and not len(shop.told[-1].parts.ids) and not shop.told[-1].changes


def test_a_merge_and_its_split_are_told_with_records() -> None:
    shop = Shop()
    one, two = [(1, 1)] * 7, [(2, 2)] * 5
    shop.resolve(one + two)
    shop.resolve([(1, 1)] * 12)
    (merged,) = shop.told[-1].changes
    assert (merged.kind, merged.other_id, merged.records) == ("merged", merged.leads_to, 5)
    assert merged.reason == "phone" and merged.evidence == "phone"
    shop.resolve(one + two)
    (split,) = shop.told[-1].changes
    assert (split.kind, split.other_id, split.records) == ("split", merged.other_id, 5)


def test_records_that_change_customers_are_told() -> None:
    shop = Shop()
    shop.resolve([(1, 1)] * 6 + [(2, 2)] * 6)
    shop.resolve([(1, 1)] * 4 + [(2, 2)] * 8)
    (moved,) = shop.told[-1].changes
    assert (moved.kind, moved.records, moved.leads_to) == ("moved", 2, None)
    assert moved.customer_id != moved.other_id


def test_random_order_of_runs_never_loses_an_id() -> None:
    chance = random.Random(5)
    shop = Shop()
    for _ in range(30):
        shop.resolve([(chance.randrange(0, 6), chance.randrange(0, 6)) for _ in range(ROWS)])
        for number in {number for one in shop.maps for number in one}:
            assert stood_for(shop.told, number) in set(shop.customers.tolist()) | {0}
