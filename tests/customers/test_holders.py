"""Who holds a shared number: each rule of the settlement, on a handful of rows."""

import pytest

from shuke.customers.rules.names import similar
from shuke.customers.values import Reason
from tests.customers.people import Row, groups, parts_of


def test_one_card_is_one_person_whatever_the_phones() -> None:
    rows = [{"card": "c1", "phone": "p1"}, {"card": "c1", "phone": "p2"}, {"phone": "p2"}]
    assert groups(rows) == groups(rows, automatic=True) == [[0, 1, 2]]


def test_a_family_phone_keeps_two_people_apart() -> None:
    rows: list[Row] = [
        {"card": "c1", "phone": "p", "name": "陈小燕", "own": True},
        {"card": "c2", "phone": "p", "name": "王建国", "own": True},
        {"card": "c1", "phone": "p", "records": 5, "last": 300},
        {"card": "c2", "phone": "p", "records": 2, "last": 300},
        {"phone": "p", "records": 3, "first": 10, "last": 20},
    ]
    # The nameless receipts go to who is seen more, and only in the partition in use.
    assert groups(rows) == [[0, 2, 4], [1, 3]]
    assert groups(rows, automatic=True) == [[0, 2], [1, 3], [4]]


def test_children_and_parents_with_other_birthdays_are_apart() -> None:
    rows: list[Row] = [
        {"card": "c1", "phone": "p", "birthday": 1_001_000, "own": True},
        {"card": "c2", "phone": "p", "birthday": 1_010_000, "own": True},
    ]
    assert groups(rows) == [[0], [1]]


def test_two_cards_with_one_name_and_phone_are_one_person() -> None:
    rows: list[Row] = [
        {"card": "c1", "phone": "p", "name": "陈小燕", "own": True},
        {"card": "c2", "phone": "p", "name": "陈小燕", "own": True},
        {"card": "c2", "phone": "p2"},
    ]
    assert groups(rows, automatic=True) == [[0, 1, 2]]


def test_two_cards_without_names_on_one_phone_wait_for_a_person() -> None:
    rows = [{"card": "c1", "phone": "p", "last": 100}, {"card": "c2", "phone": "p", "first": 120, "last": 300}]
    assert groups(rows) == groups(rows, automatic=True) == [[0], [1]]
    pairs = parts_of(rows).pairs
    assert (pairs.left.tolist(), pairs.right.tolist()) == ([0], [1])
    assert (pairs.reason.tolist(), pairs.joined.tolist()) == ([Reason.TWO_ACCOUNTS], [False])


def test_a_recycled_number_hands_nothing_over() -> None:
    rows: list[Row] = [
        {"card": "c1", "phone": "p", "name": "陈小燕", "own": True, "first": 0, "last": 0},
        {"card": "c1", "phone": "p", "first": 5, "last": 100, "records": 9},
        {"card": "c2", "phone": "p", "name": "王建国", "own": True, "first": 300},
        {"card": "c2", "phone": "p", "first": 301, "last": 500, "records": 4},
        {"phone": "p", "first": 20, "last": 480, "records": 8},
    ]
    parts = parts_of(rows)
    spans = {
        (int(start), int(used))
        for row, start, used in zip(parts.evidence, parts.from_s, parts.used, strict=True)
        if row == 4
    }
    # The nameless receipts are the old owner's before the new owner appears, the new owner's from then on.
    assert len(spans) == 2
    (early, first_owner), (late, second_owner) = sorted(spans)
    assert (first_owner, second_owner) == (0, 2)
    assert early < late == 86_400 * 1300
    assert groups(rows, automatic=True) == [[0, 1, 4], [2, 3, 4]]


def test_a_silent_number_with_two_nameless_cards_changed_hands() -> None:
    rows = [{"card": "c1", "phone": "p", "last": 100}, {"card": "c2", "phone": "p", "first": 200, "last": 300}]
    assert groups(rows) == [[0], [1]]


def test_an_order_for_another_receiver_stays_with_the_buyer() -> None:
    rows: list[Row] = [
        {"card": "c1", "phone": "p", "name": "陈小燕", "own": True},
        {"phone": "p", "name": "陈小燕", "records": 4},
        {"phone": "p", "name": "赵宝", "records": 1},
    ]
    assert groups(rows) == [[0, 1, 2]]
    assert groups(rows, automatic=True) == [[0, 1], [2]]


def test_another_name_on_many_orders_is_another_person() -> None:
    rows: list[Row] = [
        {"card": "c1", "phone": "p", "name": "陈小燕", "own": True},
        {"phone": "p", "name": "赵宝", "records": 6, "last": 90},
    ]
    assert groups(rows) == [[0], [1]]


def test_a_union_of_two_members_is_refused() -> None:
    rows: list[Row] = [
        {"card": "c1", "phone": "p1", "name": "陈小燕", "own": True},
        {"card": "c2", "phone": "p2", "name": "王建国", "own": True},
        {"unionid": "u", "phone": "p1"},
        {"unionid": "u", "phone": "p2"},
    ]
    found = groups(rows)
    assert not any({0, 1} <= set(group) for group in found)


def test_no_customer_gets_more_phones_than_the_limit() -> None:
    rows: list[Row] = [{"shop_user": "s", "phone": f"p{number}", "card": f"c{number}"} for number in range(12)]
    assert max(len(group) for group in groups(rows)) <= 5


def test_a_bridge_does_not_join_two_groups_with_names() -> None:
    rows: list[Row] = [
        *({"card": "c1", "phone": f"a{n}", "name": "陈小燕", "own": True} for n in range(3)),
        *({"card": "c2", "phone": f"b{n}", "name": "王建国", "own": True} for n in range(3)),
        {"phone": "a0", "email": "e"},
        {"phone": "b0", "email": "e"},
    ]
    assert len(groups(rows, automatic=True)) == 2


def test_staff_is_told_apart_by_the_record_not_by_the_phone() -> None:
    rows: list[Row] = [{"card": "c1", "phone": "p", "own": True, "staff": True}, {"card": "c1", "records": 3}]
    assert groups(rows) == [[0, 1]]


def test_nobody_is_known_without_a_key() -> None:
    assert groups([{"name": "陈小燕"}, {"mask": "138****0000", "initial": "陈"}]) == []
    assert groups([{"name": "陈小燕", "own": True}]) == [[0]]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("陈小燕", "陈晓燕", True),
        ("陈小燕", "王小燕", False),
        ("陈静", "陈敏", False),
        ("陈小燕", "陈小", False),
        ("ann lee", "anne lee", True),
        ("j smith", "john smith", True),
        ("ann lee", "ann miller", False),
        ("maria anna lopez", "maria lopez", True),
        ("ann lee", "bob ray", False),
    ],
)
def test_spellings(left: str, right: str, expected: bool) -> None:
    assert similar(left, right) is expected
    assert similar(right, left) is expected
