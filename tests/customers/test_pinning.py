"""Decisions of people taken together: one customer through others, two customers, contradictions."""

import random

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuke.customers.rules.pinning import built_on, contradicted, ids_before, parties
from shuke.customers.values import Pin


def pin(number: int, left: set[int], right: set[int], *, apart: bool = False) -> Pin:
    return Pin(decision_id=number, sides=(frozenset(left), frozenset(right)), apart=apart)


def test_ties_reach_through_others() -> None:
    found = parties([pin(1, {1}, {2}), pin(2, {2}, {3}), pin(3, {10}, {11}), pin(4, {3}, {10}, apart=True)])
    assert found.party_of == {1: 1, 2: 1, 3: 1, 10: 2, 11: 2}
    assert found.apart == ((1, 2),)


def test_each_side_of_two_customers_is_one() -> None:
    found = parties([pin(1, {5, 6}, {7, 8}, apart=True)])
    assert found.party_of == {5: 1, 6: 1, 7: 2, 8: 2}


def test_a_contradiction_names_the_decision_that_it_would_end() -> None:
    held = [pin(1, {1}, {2}), pin(2, {2}, {3}), pin(3, {8}, {9})]
    assert contradicted(held, pin(4, {1}, {3}, apart=True)) == (1,)
    assert contradicted(held, pin(4, {8}, {9}, apart=True)) == (3,)
    assert contradicted([pin(1, {1}, {2}, apart=True)], pin(2, {1}, {2})) == (1,)
    assert contradicted(held, pin(4, {1}, {9})) == ()


def test_contradictions_left_standing_are_an_error() -> None:
    with pytest.raises(ValueError, match="contradict"):
        parties([pin(1, {1}, {2}), pin(2, {1}, {2}, apart=True)])


def test_a_merge_of_a_merge_stands_on_the_first() -> None:
    first = pin(1, {1, 2}, {3})
    assert built_on([first, pin(2, {1, 2, 3}, {4})], first) == (2,)
    assert built_on([first, pin(2, {1, 3}, {2}, apart=True)], first) == (2,)
    assert built_on([first, pin(2, {3}, {4}), pin(3, {4}, {1}), pin(4, {1}, {9}, apart=True)], first) == ()
    assert built_on([first, pin(2, {1, 2, 3}, {4})], pin(2, {1, 2, 3}, {4})) == ()


def test_ids_before_ties_that_end_together() -> None:
    first = [(1, 10, 100, 100), (1, 20, 200, 200)]
    # 20 came under the id 100; 11 and 21 came meanwhile, nobody can say to whom; 30 came from elsewhere.
    then = [(2, 10, 100, 100), (2, 11, 100, 100), (2, 20, 100, 100), (2, 21, 100, 100), (2, 30, 300, 300)]
    told = {10: (100, 100), 11: (0, 0), 20: (200, 200), 21: (0, 0), 30: (300, 300)}
    assert ids_before([*first, *then]) == told
    # Not applied in between: each still has its own.
    both = [(2, 20, 200, 200), (2, 22, 200, 200), (2, 30, 300, 300)]
    assert ids_before([*first, *both]) == {10: (100, 100), 20: (200, 200), 22: (200, 200), 30: (300, 300)}


SIDES = st.sets(st.integers(1, 25), min_size=1, max_size=3)
DECISIONS = st.lists(st.tuples(SIDES, SIDES, st.booleans()), max_size=25)


def told(drawn: list[tuple[set[int], set[int], bool]]) -> list[Pin]:
    """Decisions made one after the other, each ending those it contradicts, as people make them."""
    held: list[Pin] = []
    for number, (left, right, apart) in enumerate(drawn, 1):
        if apart and left & right:
            continue
        wanted = pin(number, left, right, apart=apart)
        ended = contradicted(held, wanted)
        held = [one for one in held if one.decision_id not in ended] + [wanted]
    return held


@given(DECISIONS)
def test_parties_are_the_components_and_pairs_stay_apart(drawn: list[tuple[set[int], set[int], bool]]) -> None:
    held = told(drawn)
    found = parties(held)
    graph = nx.Graph()
    for one in held:
        for side in one.sides if one.apart else (one.sides[0] | one.sides[1],):
            nx.add_path(graph, sorted(side))
            graph.add_nodes_from(side)
    groups = {frozenset(group) for group in nx.connected_components(graph)}
    ours: dict[int, set[int]] = {}
    for record, number in found.party_of.items():
        ours.setdefault(number, set()).add(record)
    assert {frozenset(group) for group in ours.values()} == groups
    assert sorted(ours) == list(range(1, len(ours) + 1))
    for one in held:
        left, right = ({found.party_of[record] for record in side} for side in one.sides)
        if one.apart:
            assert len(left) == len(right) == 1 and not left & right
            assert (min(*left, *right), max(*left, *right)) in found.apart
        else:
            assert left == right and len(left) == 1


@given(DECISIONS, st.randoms(use_true_random=False))
def test_the_order_of_decisions_in_force_does_not_matter(
    drawn: list[tuple[set[int], set[int], bool]], chance: random.Random
) -> None:
    held = told(drawn)
    mixed = held[:]
    chance.shuffle(mixed)
    assert parties(mixed) == parties(held)


@given(DECISIONS, SIDES, SIDES)
def test_no_more_is_ended_than_must_be(
    drawn: list[tuple[set[int], set[int], bool]], left: set[int], right: set[int]
) -> None:
    held = told(drawn)
    wanted = pin(99, left, right)
    ended = contradicted(held, wanted)
    kept = [one for one in held if one.decision_id not in ended]
    parties([*kept, wanted])
    for number in ended:
        again = [one for one in held if one.decision_id == number]
        with pytest.raises(ValueError, match="contradict"):
            parties([*kept, wanted, *again])
