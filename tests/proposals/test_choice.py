"""Which plays a store runs: the most valuable first, free ones before those that cost, never more than allowed."""

from hypothesis import given
from hypothesis import strategies as st

from shuke.proposals import rules
from shuke.proposals.values import Candidacy

candidacies = st.lists(
    st.tuples(st.sampled_from("abcdefghij"), st.sampled_from(["", "甲", "乙"]), st.integers(-50, 50), st.booleans()),
    unique_by=lambda one: one[:2],
    max_size=25,
).map(
    lambda rows: [
        Candidacy(play, store, priority=ord(play), people=1, gain_minor=gain, costs=costs)
        for play, store, gain, costs in rows
    ]
)


@given(candidacies, st.integers(1, 5))
def test_the_most_valuable_plays_are_chosen(found: list[Candidacy], most: int) -> None:
    decided = {(one.play, one.store) for one in found[:2]}
    chosen = rules.choose(found, most=most, decided=decided)
    assert set(chosen) == {(one.play, one.store) for one in found}
    for store in {one.store for one in found}:
        mine = [one for one in found if one.store == store]
        taken = [one for one in mine if chosen[one.play, store] == "ok"]
        left = [one for one in mine if chosen[one.play, store] == "not_chosen"]
        already = [one for one in mine if chosen[one.play, store] == "already_decided"]
        assert {(one.play, one.store) for one in already} == {key for key in decided if key[1] == store}
        assert len(taken) == max(0, min(most - len(already), len(taken) + len(left)))
        assert all(one.gain_minor >= other.gain_minor for one in taken for other in left)


def test_of_equal_gains_the_free_play_comes_first() -> None:
    same = {"store": "甲", "people": 1, "gain_minor": 5}
    found = [Candidacy("a", priority=1, costs=True, **same), Candidacy("b", priority=2, costs=False, **same)]
    assert rules.choose(found, most=1, decided=set()) == {("a", "甲"): "not_chosen", ("b", "甲"): "ok"}
