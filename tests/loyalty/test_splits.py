"""Merges and splits where holds reach over the border."""

from tests.engines import Engine
from tests.loyalty.till import Till


def _two_in_one(engine: Engine) -> Till:
    """b was merged into a and holds all of both until 10:15."""
    assert engine.kind
    t = Till("2027-03-05 10:00")
    t.enrol("a", "b")
    t.open("a", 10)
    t.open("b", 20)
    t.merge("a", "b")
    t.hold("a", "h", 30)
    t.split("b")
    t.expect("a", held=10)
    t.expect("b", held=20)
    return t


def test_a_hold_that_outlives_a_split_times_out_on_both_sides(engine: Engine) -> None:
    t = _two_in_one(engine)
    t.clock("2027-03-05 10:15")
    t.expect("a", 10)
    t.expect("b", 20)
    t.burn("b", "1", 20)
    t.expect("a", 10)
    t.expect("b")
    t.burn("a", "2", 10)
    t.expect("a")


def test_it_can_be_captured_and_refunded_after_the_split(engine: Engine) -> None:
    t = _two_in_one(engine)
    t.capture("h", "1", 25, total=100)
    t.expect("a")
    t.expect("b", 5)
    t.refund("1", 100)
    t.expect("a", 10)
    t.expect("b", 20)


def test_its_release_gives_each_side_its_own(engine: Engine) -> None:
    t = _two_in_one(engine)
    t.release("h")
    t.expect("a", 10)
    t.expect("b", 20)


def test_chains_of_merges_part_where_they_were_joined(engine: Engine) -> None:
    assert engine.kind
    t = Till("2027-03-05 10:00")
    t.enrol("a", "b", "c", "d")
    for member in "abcd":
        t.open(member, 10)
    t.merge("b", "a")
    t.merge("c", "b")
    t.merge("d", "a")
    t.expect("a", 40)
    with t.refused("same_account"):
        t.merge("a", "d")
    with t.refused("same_account"):
        t.merge("a", "a")
    with t.refused("not_merged"):
        t.split("d")
    t.split("b")
    t.expect("a", 20)
    t.expect("b", 20)
    t.expect("c", 20)
    t.expect("d", 20)
    t.split("a")
    t.expect("a", 10)
    t.expect("b", 10)
