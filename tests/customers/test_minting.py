"""Ids are minted once, kept by overlap and never reused."""

from collections.abc import Mapping

import numpy as np
import pytest

from shuke.customers.rules import NOTHING, Before, mint
from shuke.customers.values import Ints, Minted, Parts


def parts(automatic: list[int], used: list[int] | None = None) -> Parts:
    """One part a row with the labels given."""
    size = len(automatic)
    zeros = np.zeros(size, np.int64)
    return Parts(
        evidence=np.arange(size), from_s=zeros - 1, until_s=zeros + 1, used=np.array(used or automatic),
        automatic=np.array(automatic), probability=np.ones(size), reason=zeros,
    )  # fmt: skip


def minted(now: Parts, before: Before = NOTHING, *, next_id: int = 100) -> Minted:
    """Ids with each row one record."""
    sizes = np.bincount(now.automatic[now.automatic >= 0])
    return mint(now, sizes, before=before, next_id=next_id)


def before(rows: list[tuple[int, int, int]], customers: set[int], aliases: dict[int, int] | None = None) -> Before:
    """Rows of (cluster now, id then, records)."""
    columns = [np.array([row[place] for row in rows], np.int64) for place in range(3)]
    return remembered(*columns, customers=np.array(sorted(customers), np.int64), aliases=aliases or {})


def remembered(cluster: Ints, old_id: Ints, records: Ints, *, customers: Ints, aliases: Mapping[int, int]) -> Before:
    """What an earlier run gave out, by records alone."""
    none = np.zeros(len(cluster), np.int64)
    return Before(
        cluster, old_id, records, customers=customers, aliases=aliases, identifiers=none, holders=np.unique(old_id)
    )


def test_new_ids_follow_the_order_of_first_sight() -> None:
    found = minted(parts([0, 1, 0, 3]))
    assert (found.ids.tolist(), found.next_id, found.created) == ([100, 101, 102], 103, 3)


def test_a_merge_keeps_the_larger_then_the_older_and_leaves_an_alias() -> None:
    larger = minted(parts([0, 0, 0]), before([(0, 7, 1), (0, 8, 2)], {7, 8}))
    assert (larger.ids.tolist(), larger.aliases, larger.merged) == ([8], {7: 8}, 1)
    older = minted(parts([0, 0]), before([(0, 7, 1), (0, 8, 1)], {7, 8}))
    assert (older.ids.tolist(), older.aliases) == ([7], {8: 7})


def test_a_customer_keeps_its_name_when_its_larger_probable_part_becomes_certain() -> None:
    found = minted(parts([0, 0, 0]), before([(0, 7, 1), (0, 8, 2)], {7}, {8: 7}))
    assert (found.ids.tolist(), found.customers.tolist(), found.aliases) == ([7], [7], {8: 7})


def test_a_split_leaves_the_id_with_the_larger_part() -> None:
    found = minted(parts([0, 1, 1]), before([(0, 7, 1), (1, 7, 2)], {7}))
    assert (found.ids.tolist(), found.split, found.next_id) == ([100, 7], 1, 101)


def test_aliases_of_aliases_lead_to_the_living_one() -> None:
    found = minted(parts([0, 0]), before([(0, 7, 1), (0, 8, 1)], {7, 8}, {3: 8, 4: 7}))
    assert found.aliases == {8: 7, 3: 7, 4: 7}


def test_a_probable_part_keeps_its_own_id_as_an_alias_and_gets_it_back() -> None:
    joined = minted(parts([0, 0, 2], used=[0, 0, 0]))
    assert (joined.ids.tolist(), joined.customers.tolist(), joined.aliases) == ([100, 101], [100, 100], {101: 100})
    apart = minted(parts([0, 0, 2]), before([(0, 100, 2), (2, 101, 1)], {100}, {101: 100}), next_id=102)
    assert (apart.ids.tolist(), apart.customers.tolist(), apart.aliases) == ([100, 101], [100, 101], {})


def test_a_customer_keeps_its_id_when_another_part_outgrows_it() -> None:
    found = minted(parts([0, 1, 1, 1], used=[0, 0, 0, 0]), before([(0, 7, 1), (1, 8, 1)], {7}, {8: 7}))
    assert set(found.customers.tolist()) == {7}
    assert found.aliases == {8: 7}


def test_nobody_gets_no_id() -> None:
    found = minted(parts([-1, 1], used=[-1, 1]))
    assert (found.clusters.tolist(), found.ids.tolist()) == ([1], [100])


@pytest.mark.parametrize("seed", range(20))
def test_every_id_ever_given_out_leads_to_one_living_customer(seed: int) -> None:
    chance = np.random.default_rng(seed)
    then = NOTHING
    next_id, given = 1, set[int]()
    held = np.full(40, -1, np.int64)
    for _ in range(6):
        # A random partition in two levels: automatic clusters inside used ones.
        used = chance.integers(0, 12, 40)
        automatic = used * 40 + chance.integers(0, 2, 40)
        labels = [
            np.unique(values, return_index=True)[1][np.unique(values, return_inverse=True)[1]]
            for values in (automatic, used)
        ]
        now = parts(labels[0].tolist(), used=labels[1].tolist())
        if (held >= 0).all():
            pairs, counts = np.unique(np.stack([now.automatic, held]), axis=1, return_counts=True)
            then = remembered(pairs[0], pairs[1], counts, customers=then.customers, aliases=then.aliases)
        found = minted(now, then, next_id=next_id)
        assert found.next_id >= next_id
        fresh = set(found.ids.tolist()) - given
        assert all(number >= next_id for number in fresh)
        given |= set(found.ids.tolist())
        next_id = found.next_id
        customers = frozenset(found.customers.tolist())
        assert len(set(found.ids.tolist())) == len(found.ids)
        assert not customers & set(found.aliases)
        assert {found.aliases.get(number, number) for number in given} <= customers
        held = found.ids[np.searchsorted(found.clusters, now.automatic)]
        sorted_customers = np.array(sorted(customers), np.int64)
        then = remembered(then.cluster, then.old_id, then.records, customers=sorted_customers, aliases=found.aliases)


def test_ids_without_records_go_where_most_of_their_identifiers_are() -> None:
    one = np.ones(1, np.int64)
    rows = [(0, 7, 0, 1), (1, 7, 0, 2), (1, 8, 3, 0)]
    columns = [np.array([row[place] for row in rows], np.int64) for place in range(4)]
    held = Before(
        *columns[:3], customers=np.array([7, 8]), aliases={}, identifiers=columns[3], holders=np.array([7, 8])
    )
    found = minted(parts([0, 1]), held)
    # Records count before identifiers: 8 stays where its records are, and 7, who has none left, leads there.
    assert (found.ids.tolist(), found.aliases) == ([100, 8], {7: 8})
    alone = Before(one - 1, one * 7, one - 1, customers=one * 7, aliases={}, identifiers=one * 2, holders=one * 7)
    assert minted(parts([0, 1]), alone).ids.tolist() == [7, 100]
