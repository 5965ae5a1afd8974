"""A phone is an interval of ownership: whoever has it now gets nothing of who had it before."""

import pytest

from shuke.customers.values import Reason
from tests.customers.people import Row, groups, parts_of

OLD, NEW = "陈小燕", "王建国"


def owners(rows: list[Row], row: int, *, automatic: bool = False) -> list[tuple[int, int]]:
    """(first day, group) of each part of a row, by time."""
    parts = parts_of(rows)
    labels = parts.automatic if automatic else parts.used
    at = [place for place, one in enumerate(parts.evidence.tolist()) if one == row]
    return sorted((int(parts.from_s[place]) // 86_400 - 1000, int(labels[place])) for place in at)


def test_one_named_order_of_the_old_owner_is_no_gift_of_the_new_member() -> None:
    rows: list[Row] = [
        {"phone": "p", "name": OLD, "first": 10},
        {"phone": "p", "name": NEW, "card": "c", "own": True, "first": 300},
        {"phone": "p", "card": "c", "records": 5, "first": 310, "last": 500},
    ]
    assert groups(rows) == groups(rows, automatic=True) == [[0], [1, 2]]
    # Bought for somebody else while the member had the number: the member's.
    rows[0]["first"] = rows[0]["last"] = 320
    assert groups(rows) == [[0, 1, 2]]


def test_orders_in_any_order_of_time() -> None:
    rows: list[Row] = [
        {"phone": "p", "name": NEW, "card": "c2", "own": True, "first": 300},
        {"phone": "p", "records": 6, "first": 20, "last": 480},
        {"phone": "p", "card": "c2", "records": 4, "first": 301, "last": 500},
        {"phone": "p", "card": "c1", "records": 9, "first": 5, "last": 100},
        {"phone": "p", "name": OLD, "card": "c1", "own": True, "first": 0},
    ]
    assert owners(rows, 1) == [(owners(rows, 1)[0][0], 3), (300, 0)]
    assert owners(rows, 1, automatic=True)[1] == (300, 0)


def test_the_old_owner_comes_back_with_another_phone_on_the_same_card() -> None:
    rows: list[Row] = [
        {"card": "c1", "name": OLD, "own": True, "first": 0},
        {"card": "c1", "phone": "p", "records": 5, "first": 5, "last": 100},
        {"card": "c1", "phone": "q", "records": 9, "first": 320, "last": 600},
        {"card": "c2", "phone": "p", "name": NEW, "own": True, "first": 300},
        {"card": "c2", "phone": "p", "records": 2, "first": 301, "last": 590},
        {"phone": "p", "records": 3, "first": 310, "last": 580},
        {"phone": "p", "email": "e", "records": 3, "first": 8, "last": 90},
    ]
    # The number's times decide, not the customers': the old owner buys on, but not under this number.
    assert groups(rows) == groups(rows, automatic=True) == [[0, 1, 2, 6], [3, 4, 5]]


@pytest.mark.parametrize(("ended", "certain"), [(100, False), (260, True)])
def test_nameless_orders_before_a_long_silence_are_never_certain(ended: int, certain: bool) -> None:
    rows: list[Row] = [
        {"phone": "p", "records": 4, "first": 10, "last": ended},
        {"phone": "p", "card": "c", "name": NEW, "own": True, "first": 300},
    ]
    assert (groups(rows, automatic=True) == [[0, 1]]) is certain
    parts = parts_of(rows)
    assert parts.pairs.reason.tolist() == ([] if certain else [Reason.RECYCLED_NUMBER])


def test_an_old_owner_without_a_name_is_told_by_the_card() -> None:
    rows: list[Row] = [
        {"phone": "p", "card": "c1", "records": 4, "first": 10, "last": 60},
        {"phone": "p", "records": 2, "first": 20, "last": 50},
        {"phone": "p", "card": "c2", "records": 4, "first": 300, "last": 400},
        {"phone": "p", "records": 2, "email": "e", "first": 310, "last": 390},
    ]
    assert groups(rows) == groups(rows, automatic=True) == [[0, 1], [2, 3]]
