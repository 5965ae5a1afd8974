"""Components and small array functions against plain Python."""

import random

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.customers.rules.components import (
    components,
    distinct_pairs,
    has_several,
    joined,
    more_than,
    numbered,
    star_edges,
)

COLUMN = st.lists(st.integers(0, 12), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 80), st.randoms(use_true_random=False))
def test_components_equal_networkx(size: int, chance: random.Random) -> None:
    pairs = [(chance.randrange(size), chance.randrange(size)) for _ in range(chance.randrange(2 * size))]
    graph = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from(pairs)
    left = np.array([pair[0] for pair in pairs], np.int64)
    right = np.array([pair[1] for pair in pairs], np.int64)
    labels = components(size, [(left, right)])
    for group in nx.connected_components(graph):
        assert set(labels[list(group)]) == {min(group)}


@settings(max_examples=60, deadline=None)
@given(COLUMN, COLUMN)
def test_rows_with_an_equal_value_are_one_component(one: list[int], other: list[int]) -> None:
    size = min(len(one), len(other))
    columns = [np.array(values[:size], np.int64) for values in (one, other)]
    graph = nx.Graph()
    graph.add_nodes_from(range(size))
    for number, values in enumerate(columns):
        graph.add_edges_from((row, (number, int(value))) for row, value in enumerate(values) if value)
    labels = components(size, [star_edges(values) for values in columns])
    for group in nx.connected_components(graph):
        rows = sorted(row for row in group if isinstance(row, int))
        assert set(labels[rows]) == {rows[0]}


@settings(max_examples=60, deadline=None)
@given(COLUMN, st.lists(st.integers(0, 3), min_size=60, max_size=60))
def test_counting_equals_plain_python(values: list[int], label_list: list[int]) -> None:
    carried, labels = np.array(values, np.int64), np.array(label_list[: len(values)], np.int64)
    found = {
        label: {v for v, at in zip(values, labels.tolist(), strict=True) if at == label and v} for label in range(4)
    }
    assert has_several(labels, carried).tolist() == [label for label in range(4) if len(found[label]) > 1]
    groups, counts = distinct_pairs(labels + 1, carried)
    assert dict(zip((groups - 1).tolist(), counts.tolist(), strict=True)) == {k: len(v) for k, v in found.items() if v}
    for most in (1, 2, 3):
        crowded = [label + 1 for label in range(4) if len(found[label]) > most]
        assert more_than(labels + 1, carried, most=most).tolist() == crowded


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.randoms(use_true_random=False))
def test_groups_joined_later_are_those_of_one_graph(size: int, chance: random.Random) -> None:
    def ends(number: int) -> np.ndarray:
        return np.array([chance.randrange(size) for _ in range(number)], np.int64)

    before, after = (ends(size // 2), ends(size // 2)), (ends(size // 3), ends(size // 3))
    labels = joined(components(size, [before]), *after)
    assert labels.tolist() == components(size, [before, after]).tolist()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-(2**62), 2**62), max_size=60))
def test_numbers_stand_for_their_values_in_order(values: list[int]) -> None:
    numbers, distinct = numbered(np.array(values, np.int64))
    assert distinct.tolist() == sorted({value for value in values if value})
    assert [distinct[number - 1] if number else 0 for number in numbers.tolist()] == values
