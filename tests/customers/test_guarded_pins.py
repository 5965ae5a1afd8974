"""What a person said binds every stage: parties stay together, parties apart never meet, and nothing else changes."""

import random
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.customers.adapters import guards, weights
from shuke.customers.rules import partition
from shuke.customers.values import Evidence, Parts, Reason
from tests.customers.people import Row, evidence_of, groups, parts_of

NAMES = ("陈小燕", "陈晓燕", "王建国", "李雷", "")
BORN = (1_007_000, 1_007_001, 1_012_345)


def crowd(chance: random.Random) -> list[Row]:
    """Rows that share few values of every kind, so that everything that can be tied is tied."""
    rows: list[Row] = []
    for _ in range(chance.randrange(2, 24)):
        first = chance.randrange(500)
        row: Row = {"first": first, "last": first + chance.randrange(200), "records": chance.randrange(1, 5)}
        row |= {"own": chance.random() < 0.5, "staff": chance.random() < 0.1}
        for kind in ("member_id", "card", "unionid", "phone", "shop_user", "email"):
            if chance.random() < 0.35:
                row[kind] = f"{kind}{chance.randrange(5)}"
        if chance.random() < 0.5:
            row["name"] = chance.choice(NAMES)
        if chance.random() < 0.25:
            row["birthday"] = chance.choice(BORN)
        if chance.random() < 0.5:
            row["mask"], row["city"] = f"138****{chance.randrange(3):04}", f"city{chance.randrange(3)}"
        rows.append(row)
    return rows


def partitioned(rows: list[Row], evidence: Evidence) -> Parts:
    return partition(
        evidence,
        spelled=lambda asked: [rows[row].get("name") or None for row in asked.tolist()],
        limits=guards().limits,
        weights=weights(),
    )


def pinned(evidence: Evidence, parties: list[int], apart: list[tuple[int, int]]) -> Evidence:
    sides = tuple(np.array([pair[side] for pair in apart], np.int64) for side in (0, 1))
    return replace(evidence, keys=evidence.keys | {"pin": np.array(parties, np.int64)}, apart=(sides[0], sides[1]))


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32))
def test_pins_bind_in_both_partitions(seed: int) -> None:
    chance = random.Random(seed)
    rows = crowd(chance)
    evidence = evidence_of(rows)
    parties = [chance.randrange(5) for _ in rows]
    said = [pair for pair in ((1, 2), (1, 3), (2, 4), (3, 4)) if chance.random() < 0.5]
    parts = partitioned(rows, pinned(evidence, parties, said))
    for labels in (parts.used, parts.automatic):
        of_party: dict[int, set[int]] = {party: set() for party in parties}
        for row, label in zip(parts.evidence.tolist(), labels.tolist(), strict=True):
            of_party[parties[row]].add(label)
        for party, found in of_party.items():
            assert not party or len(found) == 1
        for one, other in said:
            assert of_party.get(one, set()).isdisjoint(of_party.get(other, set()))
    # An automatic cluster lies within one customer, and a pair names two groups.
    for cluster in set(parts.automatic.tolist()) - {-1}:
        assert len(set(parts.used[parts.automatic == cluster].tolist())) == 1
    assert (parts.pairs.left < parts.pairs.right).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_without_pins_nothing_changes(seed: int) -> None:
    """Parties that nobody is in say nothing."""
    rows = crowd(random.Random(seed))
    evidence = evidence_of(rows)
    plain, alone = partitioned(rows, evidence), partitioned(rows, pinned(evidence, [0] * len(rows), [(1, 2)]))
    for column in ("evidence", "from_s", "used", "automatic", "probability", "reason"):
        assert getattr(plain, column).tolist() == getattr(alone, column).tolist()


def test_a_person_joins_what_names_and_limits_keep_apart() -> None:
    rows: list[Row] = [
        {"pin": 1, "member_id": "m1", "phone": "p", "name": "陈小燕", "own": True},
        {"pin": 1, "member_id": "m2", "phone": "p", "name": "王建国", "own": True},
        {"member_id": "m2", "records": 3},
    ]
    assert groups(rows) == groups(rows, automatic=True) == [[0, 1, 2]]
    assert parts_of(rows).reason.tolist()[:2] == [Reason.PINNED, Reason.PINNED]
    assert groups([{**row, "pin": None} for row in rows]) == [[0], [1, 2]]


def test_a_person_keeps_apart_what_one_member_number_ties() -> None:
    rows: list[Row] = [
        {"pin": 1, "member_id": "m", "own": True, "records": 4},
        {"pin": 2, "member_id": "m", "own": True},
        {"member_id": "m", "first": 5},
    ]
    evidence = evidence_of(rows)
    parts = partitioned(rows, replace(evidence, apart=(evidence.keys["pin"][:1], evidence.keys["pin"][1:2])))
    assert parts.used[0] != parts.used[1]
    # Whose the third is cannot be known any more: it goes to the one seen more, and a person may be asked.
    assert parts.used[2] == parts.used[0] != parts.automatic[2]
