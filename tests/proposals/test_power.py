"""What a holdout can show, against simulated weeks; and who is held out where."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuke.proposals import rules

LEAST, MOST, USEFUL = 0.1, 0.3, 100


def shown(people: int, *, holdout_share: float, base: float, lift: float, worlds: int = 4000) -> float:
    """The share of simulated weeks whose 95 % interval (Newcombe's hybrid score) leaves out zero."""
    luck = np.random.default_rng(7)
    held = rules.places_of(people, holdout_share=holdout_share)
    a, n = luck.binomial(people - held, base * (1 + lift), worlds), people - held
    b, m = luck.binomial(held, base, worlds), held

    def wilson(x: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        p, z = x / n, 1.959964
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return p, middle - half, middle + half

    p, p_low, _ = wilson(a, n)
    q, _, q_high = wilson(b, m)
    low = p - q - np.sqrt((p - p_low) ** 2 + (q_high - q) ** 2)
    return float(np.mean(low > 0))


@pytest.mark.parametrize(
    ("base", "lift", "share"), [(0.3, 0.2, 0.1), (0.3, 0.2, 0.3), (0.1, 0.5, 0.2), (0.5, 0.15, 0.3)]
)
def test_people_needed_shows_the_effect_four_times_in_five(base: float, lift: float, share: float) -> None:
    people = math.ceil(rules.people_needed(holdout_share=share, base_share=base, lift=lift))
    assert shown(people, holdout_share=share, base=base, lift=lift) == pytest.approx(0.8, abs=0.05)
    assert shown(people // 3, holdout_share=share, base=base, lift=lift) < 0.55


def test_the_share_grows_until_one_week_shows_it() -> None:
    def share(people: int, *, lift: float = 0.2, base: float = 0.3) -> float:
        return rules.holdout_share_for(people, base_share=base, lift=lift, least=LEAST, most=MOST, useful=USEFUL)

    assert share(50) == LEAST, "too few to prove anything: the least"
    assert share(500) == MOST, "not in one week: the most, so that several weeks show it soonest"
    assert share(1_000_000) == LEAST, "many people show it with the least"
    assert LEAST < share(3500) < MOST
    assert share(3500, lift=0) == LEAST and share(3500, base=0) == LEAST, "nothing to be seen"
    shares = [share(people) for people in range(2200, 8000, 200)]
    assert shares == sorted(shares, reverse=True)
    for people in (2600, 3500, 4500):
        chosen = share(people)
        assert rules.people_needed(holdout_share=chosen, base_share=0.3, lift=0.2) <= people
        assert rules.people_needed(holdout_share=chosen - 0.01, base_share=0.3, lift=0.2) > people


def test_the_smallest_difference_agrees_with_the_people_needed() -> None:
    people = math.ceil(rules.people_needed(holdout_share=0.2, base_share=0.3, lift=0.2))
    held = rules.places_of(people, holdout_share=0.2)
    smallest = rules.detectable_share(treated=people - held, holdout=held, base_share=0.3)
    assert smallest == pytest.approx(0.06, rel=0.01)
    assert rules.detectable_share(treated=10, holdout=0, base_share=0.3) is None
    assert rules.detectable_share(treated=3, holdout=1, base_share=0.3) is None, "not even if all of them came"


@pytest.mark.parametrize(
    ("treated", "held", "base"), [(900, 100, 0.1), (270, 30, 0.1), (500, 500, 0.05), (90, 10, 0.4)]
)
def test_the_smallest_difference_shows_four_times_in_five(treated: int, held: int, base: float) -> None:
    smallest = rules.detectable_share(treated=treated, holdout=held, base_share=base)
    assert smallest is not None
    seen = shown(treated + held, holdout_share=held / (treated + held), base=base, lift=smallest / base)
    assert seen == pytest.approx(0.8, abs=0.06)


def test_weeks_together_show_what_one_does_not() -> None:
    weeks = rules.weeks_needed(treated=240, holdout=60, base_share=0.2, lift=0.3)
    assert weeks is not None and weeks > 1
    for together, enough in ((weeks - 1, False), (weeks, True)):
        people = 300 * together
        needed = rules.people_needed(holdout_share=0.2, base_share=0.2, lift=0.3)
        assert (needed <= people) is enough
    assert rules.weeks_needed(treated=240, holdout=60, base_share=0.2, lift=0) is None
    assert rules.weeks_needed(treated=10, holdout=0, base_share=0.2, lift=0.3) is None


@given(
    st.dictionaries(st.text(max_size=4), st.integers(0, 400), min_size=1, max_size=30),
    st.floats(0.01, 0.5),
    st.integers(0, 10_000),
)
def test_the_draw_is_exact_in_the_whole_and_near_in_every_store(
    people: dict[str, int], share: float, week: int
) -> None:
    places = rules.places_by_store(people, holdout_share=share, salt=f"{week}|play")
    total = sum(people.values())
    held = rules.places_of(total, holdout_share=share)
    assert sum(places.values()) == held and set(places) == set(people)
    if total >= 2:
        assert 1 <= held < total, "never nobody, never all"
    for store, count in people.items():
        exact = count * held / max(1, total)
        assert math.floor(exact) <= places[store] <= math.ceil(exact) <= count


def test_a_small_store_has_the_same_chance_as_a_large_one() -> None:
    people = {"": 60, "甲": 3, "乙": 1, "丙": 36}
    held = Counter[str]()
    weeks = 4000
    for week in range(weeks):
        held.update(rules.places_by_store(people, holdout_share=0.1, salt=f"{week}|play"))
    for store, count in people.items():
        assert held[store] / (weeks * count) == pytest.approx(0.1, abs=0.012)
