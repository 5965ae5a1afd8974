"""One weak record never joins two groups that stand by themselves."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.customers.values import Reason
from tests.customers.people import Row, groups, parts_of

KINDS = ("card", "phone", "email", "shop_user", "unionid", "member_id")


def dense(chance: random.Random, tag: str, *, kinds: list[str], rows: int) -> list[Row]:
    """Rows of one person, each with the person's first key and at least one other."""
    found: list[Row] = []
    for _ in range(rows):
        more = chance.sample(kinds[1:], chance.randrange(1, len(kinds)))
        row: Row = {kind: f"{tag}-{kind}" for kind in (kinds[0], *more)}
        first = chance.randrange(300)
        found.append(row | {"first": first, "last": first + 40, "records": chance.randrange(1, 3)})
    return found


@settings(max_examples=80, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_bridge_between_two_dense_groups_changes_neither(chance: random.Random) -> None:
    telling = chance.choice(
        [["phone", "card"], ["phone", "email"], ["card", "phone", "email"], ["unionid", "phone"], ["email", "card"]]
    )
    one = dense(chance, "a", kinds=telling, rows=chance.randrange(4, 9))
    other = dense(chance, "b", kinds=telling, rows=chance.randrange(4, 9))
    before = groups([*one, *other])
    first, second = chance.sample(telling, 2)
    bridge = {first: f"a-{first}", second: f"b-{second}", "first": chance.randrange(300)}
    for rows in ([*one, *other, bridge], [bridge, *other, *one]):
        at = len(rows) - 1 if rows[-1] is bridge else 0
        found = groups(rows)
        assert len(found) == len(before) == 2
        assert len(next(group for group in found if at in group)) in (len(one) + 1, len(other) + 1)


def test_a_shared_address_of_one_order_each_is_a_bridge_and_waits_for_a_person() -> None:
    rows: list[Row] = [
        *({"phone": "a", "card": "ca", "first": n} for n in range(4)),
        *({"phone": "b", "card": "cb", "first": n} for n in range(4)),
        {"phone": "a", "email": "e"},
        {"phone": "b", "email": "e"},
    ]
    assert groups(rows) == [[0, 1, 2, 3, 8], [4, 5, 6, 7, 9]]
    pairs = parts_of(rows).pairs
    assert (pairs.refused.tolist(), pairs.reason.tolist()) == ([True], [Reason.EMAIL])


def test_an_order_with_somebody_elses_number_does_not_join_two_people() -> None:
    rows: list[Row] = [
        *({"phone": "a", "name": "陈小燕", "card": "ca", "first": n, "own": n == 0} for n in range(4)),
        {"phone": "a", "name": "王建国", "shop_user": "s", "first": 2},
        *({"phone": "b", "name": "王建国", "shop_user": "s", "first": n} for n in range(5)),
    ]
    # The order under her number is hers, but the name on it makes her nobody else.
    assert groups(rows) == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]


@pytest.mark.parametrize("times", [1, 2])
def test_a_bridge_written_twice_is_one_record(times: int) -> None:
    rows: list[Row] = [
        *({"phone": "a", "card": "ca", "first": n} for n in range(4)),
        *({"phone": "b", "card": "cb", "first": n} for n in range(4)),
        {"phone": "a", "card": "cb", "records": times},
    ]
    assert len(groups(rows)) == 2


def test_a_new_number_of_one_person_is_no_bridge() -> None:
    rows: list[Row] = [
        {"card": "c", "phone": "a", "own": True},
        {"card": "c", "records": 9, "last": 90},
        {"card": "c", "phone": "b", "first": 50},
        {"phone": "b", "records": 5, "first": 60, "last": 90},
    ]
    assert groups(rows) == groups(rows, automatic=True) == [[0, 1, 2, 3]]
