"""Values that are nobody's own."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from shuke.customers.adapters import guards
from shuke.customers.rules import guards as rules
from tests.customers.people import Row, evidence_of, groups


def test_a_phone_with_more_names_than_a_person_has_is_crowded() -> None:
    rows: list[Row] = [{"phone": "till", "name": f"王小{n}"} for n in range(9)]
    rows += [{"phone": "family", "name": f"陈小{n}"} for n in range(4)]
    evidence = evidence_of(rows)
    found = rules.crowded(evidence, kind="phone", guard=guards().by_data["phone"])
    assert found.tolist() == [evidence.keys["phone"][0]]


def test_a_card_swiped_for_many_phones_is_crowded() -> None:
    rows: list[Row] = [{"card": "c", "phone": f"p{n}"} for n in range(9)]
    evidence = evidence_of(rows)
    assert len(rules.crowded(evidence, kind="card", guard=guards().by_data["card"])) == 1
    assert len(rules.crowded(evidence, kind="phone", guard=guards().by_data["phone"])) == 0


def test_a_till_number_has_several_receipts_a_day_or_far_too_many() -> None:
    guard = guards().till
    keys, records = np.array([1, 2, 3, 4], np.int64), np.array([60, 60, 900, 70], np.int64)
    days = {1: 20, 2: 58, 3: 800, 4: 69}
    assert rules.tills(keys, records, days, guard=guard, p99=30).tolist() == [1, 3]


def test_a_staff_number_typed_in_for_walk_ins_stands_out_among_staff_numbers() -> None:
    rows: list[Row] = [{"phone": f"s{n}", "card": f"c{n}", "own": True, "staff": True} for n in range(12)]
    rows += [{"phone": f"s{n}", "records": 10} for n in range(12)]
    rows += [{"phone": "s3", "records": 25}, {"phone": "customer", "records": 35}]
    evidence = evidence_of(rows)
    found = rules.staff_tills(evidence, guard=guards().till)
    assert found.tolist() == [evidence.keys["phone"][3]]
    assert len(rules.staff_tills(evidence_of(rows[12:]), guard=guards().till)) == 0


def test_only_busy_phones_are_counted_by_day() -> None:
    evidence = evidence_of([{"phone": "a", "records": 50}, {"phone": "b", "records": 3}])
    keys, records = rules.busy(evidence, guard=guards().till)
    assert (keys.tolist(), records.tolist()) == ([evidence.keys["phone"][0]], [50])


def test_member_numbers_are_card_numbers_when_most_of_them_are_found_there() -> None:
    cards, members = np.array([1, 2, 3, 4, 0]), np.array([0, 2, 3, 0, 9])
    assert rules.same_numbers(cards, members, share=0.5)
    assert not rules.same_numbers(cards, members, share=0.7)
    assert not rules.same_numbers(np.zeros(5, np.int64), members, share=0.5)


def test_blocked_values_are_taken_out() -> None:
    assert rules.without(np.array([5, 0, 7]), np.array([7])).tolist() == [5, 0, 0]
    assert rules.without(np.array([5]), np.zeros(0, np.int64)).tolist() == [5]


@pytest.mark.parametrize(
    "carried",
    [
        lambda n: {"initial": "赵钱孙李周吴郑王冯"[n]},
        lambda n: {"birthday": 1_000_000 + 40 * n},
        lambda n: {"unionid": f"u{n}"},
        lambda n: {"email": f"e{n}"},
    ],
)
def test_a_phone_of_far_too_many_people_is_told_without_full_names_too(carried: Callable[[int], Row]) -> None:
    evidence = evidence_of([{"phone": "p", **carried(n)} for n in range(9)])
    assert len(rules.crowded(evidence, kind="phone", guard=guards().by_data["phone"])) == 1
    few = evidence_of([{"phone": "p", **carried(n % 4)} for n in range(9)])
    assert len(rules.crowded(few, kind="phone", guard=guards().by_data["phone"])) == 0


def test_staff_is_tied_by_card_and_tests_by_nothing() -> None:
    rows: list[Row] = [
        {"phone": "p", "card": "c", "unionid": "u", "own": True, "staff": True},
        {"phone": "p", "name": "陈小燕", "records": 3, "last": 9},
        {"card": "c", "records": 2},
        {"unionid": "u"},
    ]
    assert groups(rows) == [[0, 2], [1], [3]]
    evidence = replace(evidence_of(rows), is_test=np.array([False, False, True, False]))
    alone = rules.standing_alone(evidence)
    assert alone.keys["card"].tolist() == [1, 0, 0, 0]
    assert alone.keys["phone"].tolist() == [0, 1, 0, 0]
