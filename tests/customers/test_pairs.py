"""What was likely only waits in pairs, and leaves a customer less certain; copies and strangers change nothing."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.customers.rules.pairing import certainty, told
from shuke.customers.values import Pairs, Reason
from tests.customers.people import Row, evidence_of, groups, parts_of
from tests.customers.test_guarded_pins import crowd


@pytest.mark.parametrize("kind", ["member_id", "unionid"])
def test_two_values_that_a_person_has_once_are_refused_and_wait_for_a_person(kind: str) -> None:
    rows: list[Row] = [
        {kind: "one", "phone": "p", "name": "陈小燕", "own": True},
        {kind: "two", "phone": "p", "name": "陈小燕", "own": True, "first": 5},
    ]
    parts = parts_of(rows)
    assert groups(rows) == [[0], [1]]
    assert (parts.pairs.left.tolist(), parts.pairs.right.tolist()) == ([0], [1])
    assert (parts.pairs.refused.tolist(), parts.pairs.joined.tolist()) == ([True], [False])
    assert parts.pairs.probability[0] >= 0.9
    # Two cards one may have.
    assert groups([{**row, kind: None, "card": row[kind]} for row in rows]) == [[0, 1]]


def test_a_member_number_that_shows_two_unionids_stays_one_person_and_takes_no_third() -> None:
    rows: list[Row] = [
        {"member_id": "m", "unionid": "u1", "own": True},
        {"member_id": "m", "unionid": "u2", "phone": "p", "first": 100},
        {"unionid": "u2", "first": 120},
        {"unionid": "u3", "phone": "p", "first": 130},
    ]
    assert groups(rows) == [[0, 1, 2], [3]]


def test_weak_ties_pass_the_same_guards() -> None:
    """Two accounts with one rare name and birthday are one person, but not with two member numbers."""
    rows: list[Row] = [
        {"name": "尉迟恭敬", "birthday": 1_007_000, "own": True, "card": f"c{n}", "phone": f"p{n}"} for n in range(2)
    ]
    rows += [
        {"name": f"王{n}", "birthday": 1_000_000 + n, "own": True, "card": f"x{n}", "member_id": f"x{n}"}
        for n in range(50)
    ]
    assert [0, 1] in groups(rows)
    for number in range(2):
        rows[number]["member_id"] = f"m{number}"
    assert [0] in groups(rows)
    pairs = parts_of(rows).pairs
    assert (pairs.left.tolist(), pairs.right.tolist(), pairs.refused.tolist()) == ([0], [1], [True])
    assert pairs.reason.tolist() == [Reason.NAME_AND_BIRTHDAY]


def test_one_pair_for_two_groups_and_the_likeliest() -> None:
    evidence = evidence_of([{"card": f"c{n // 2}"} for n in range(6)])
    labels = np.array([0, 0, 2, 2, 4, 4])
    ties = Pairs(
        left=np.array([0, 3, 1, 4, 0]),
        right=np.array([2, 1, 2, 5, 4]),
        probability=np.array([0.4, 0.7, 0.5, 0.9, 0.2]),
        reason=np.full(5, int(Reason.EMAIL)),
        joined=np.zeros(5, bool),
        refused=np.array([True, False, True, False, False]),
    )
    found = told(ties, evidence, used=labels, automatic=labels, nobody=np.zeros(6, bool), least=0.25)
    assert (found.left.tolist(), found.right.tolist(), found.probability.tolist()) == ([1], [3], [0.7])
    one = np.array([0, 0, 0, 0, 4, 4])
    joined = told(ties, evidence, used=one, automatic=labels, nobody=np.zeros(6, bool), least=0.1)
    assert (joined.joined.tolist(), joined.refused.tolist()) == ([False, True], [False, False])
    assert certainty(joined, one)[[0, 4]].tolist() == [0.7, 1.0]


def test_each_doubtful_tie_leaves_the_customer_less_certain() -> None:
    rows: list[Row] = [
        {"card": "c1", "phone": "p", "name": "陈小燕", "own": True},
        {"phone": "p", "name": "陈小燕", "records": 4, "last": 9},
        {"phone": "p", "name": "赵宝", "first": 3},
        {"phone": "p", "name": "孙亮", "first": 4},
    ]
    parts = parts_of(rows)
    assert groups(rows) == [[0, 1, 2, 3]]
    assert parts.pairs.joined.tolist() == [True, True]
    assert parts.certainty[parts.used[0]] == pytest.approx(parts.pairs.probability.prod())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_a_copy_and_a_stranger_change_nothing(seed: int) -> None:
    """A record written twice is one row of two records at one instant; a stranger shares nothing."""
    chance = random.Random(seed)
    rows = crowd(chance)
    for row in rows:
        # Weak evidence is worth what it is worth among all; here only keys are asked.
        row.update(last=row["first"], mask=None, city=None)
    before = groups(rows)
    number = chance.randrange(len(rows))
    rows[number]["records"] += 1
    rows.append({"card": "stranger", "phone": "nobody else's", "name": "尉迟恭", "own": True, "first": 40})
    assert groups(rows) == sorted([*before, [len(rows) - 1]])
