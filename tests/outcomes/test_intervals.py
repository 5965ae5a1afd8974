"""Intervals against published values and against worlds whose truth is known."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from shuke.outcomes import rules
from shuke.outcomes.values import ArmSums, Mean

# Newcombe, Statistics in Medicine 17 (1998), 873-890, table II, method 10.
PUBLISHED = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]


@pytest.mark.parametrize(("a", "m", "b", "n", "low", "high"), PUBLISHED)
def test_newcombe_gives_the_published_intervals(a: int, m: int, b: int, n: int, low: float, high: float) -> None:
    found = rules.newcombe(a / m, b / n, treated_size=m, holdout_size=n, confidence=0.95)
    assert found.mid == pytest.approx(a / m - b / n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@given(a=st.integers(0, 40), more=st.integers(0, 40), b=st.integers(0, 40), others=st.integers(0, 40))
def test_newcombe_is_whole_for_every_pair_of_samples(a: int, more: int, b: int, others: int) -> None:
    m, n = a + more or 1, b + others or 1
    there = rules.newcombe(a / m, b / n, treated_size=m, holdout_size=n, confidence=0.95)
    back = rules.newcombe(b / n, a / m, treated_size=n, holdout_size=m, confidence=0.95)
    assert -1 - 1e-9 <= there.low <= there.mid <= there.high <= 1 + 1e-9
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.high - there.low > 0, "no sample is so clear that nothing is left open"


def test_welch_equals_scipy() -> None:
    luck = np.random.default_rng(3)
    one, two = luck.gamma(0.3, 9000, 400), luck.gamma(0.2, 8000, 90)
    found = rules.welch(Mean(one.mean(), one.var(ddof=1), 400), Mean(two.mean(), two.var(ddof=1), 90), confidence=0.95)
    wanted = stats.ttest_ind(one, two, equal_var=False).confidence_interval(0.95)
    assert found is not None and (found.low, found.high) == pytest.approx((wanted.low, wanted.high))


def test_welch_knows_nothing_of_one_person_or_of_equal_values() -> None:
    assert rules.welch(Mean(5, 0, 1), Mean(4, 2, 30), confidence=0.95) is None
    assert rules.welch(Mean(0, 0, 20), Mean(0, 0, 30), confidence=0.95) is None


def part(arm: str, *, people: int, buyers: int, propensity: float | None, each: int = 10_000) -> ArmSums:
    return ArmSums(arm, propensity, people, buyers, buyers * each, float(buyers * each * each))


def compare(*parts: ArmSums) -> object:
    return rules.compare(parts, confidence=0.95, least_buyers=5)


def test_equal_chances_give_the_plain_difference() -> None:
    found = rules.compare(
        [
            part("treated", people=300, buyers=60, propensity=0.8),
            part("treated", people=112, buyers=16, propensity=0.8),
            part("holdout", people=103, buyers=13, propensity=0.2),
        ],
        confidence=0.95,
        least_buyers=5,
    )
    plain = rules.newcombe(76 / 412, 13 / 103, treated_size=412, holdout_size=103, confidence=0.95)
    assert found.difference is not None
    wanted = (plain.mid, plain.low, plain.high)
    assert (found.difference.mid, found.difference.low, found.difference.high) == pytest.approx(wanted)
    assert (found.treated, found.holdout, found.treated_buyers, found.holdout_buyers) == (412, 103, 76, 13)


def test_unequal_stores_are_weighed_by_their_chances() -> None:
    """A store of many buyers holds half out, another of few a tenth: without weights the play would look harmful."""
    parts = [
        part("treated", people=500, buyers=200, propensity=0.5),
        part("holdout", people=500, buyers=200, propensity=0.5),
        part("treated", people=900, buyers=90, propensity=0.9),
        part("holdout", people=100, buyers=10, propensity=0.1),
    ]
    found = rules.compare(parts, confidence=0.95, least_buyers=5)
    assert found.difference is not None and found.difference.mid == pytest.approx(0, abs=1e-12)
    assert (290 / 1400) - (210 / 600) < -0.1
    assert found.sales_each is not None and found.sales_each.mid == pytest.approx(0, abs=1e-6)


def test_an_arm_that_is_empty_is_said_to_be_empty() -> None:
    only = rules.compare([part("treated", people=30, buyers=3, propensity=1.0)], confidence=0.95, least_buyers=5)
    assert (only.verdict, only.treated, only.holdout, only.difference) == ("none", 30, 0, None)
    held = rules.compare([part("holdout", people=9, buyers=3, propensity=0.1)], confidence=0.95, least_buyers=5)
    assert (held.verdict, held.treated, held.holdout) == ("none", 0, 9)


def test_money_of_a_few_buyers_is_not_told() -> None:
    parts = [part("treated", people=90, buyers=9, propensity=0.9), part("holdout", people=10, buyers=1, propensity=0.1)]
    assert rules.compare(parts, confidence=0.95, least_buyers=5).sales_each is None


@pytest.mark.parametrize(
    ("treated", "holdout", "base", "lift"),
    [(412, 103, 0.126, 0.0), (412, 103, 0.126, 0.4), (900, 100, 0.05, 0.0), (900, 100, 0.05, 0.5), (150, 40, 0.3, 0.2)],
)
def test_newcombe_holds_the_truth_as_often_as_it_says(treated: int, holdout: int, base: float, lift: float) -> None:
    luck = np.random.default_rng(11)
    truth = base * lift
    ones, twos = luck.binomial(treated, base + truth, 2_000), luck.binomial(holdout, base, 2_000)
    held = 0
    for one, two in zip(ones, twos, strict=True):
        found = rules.newcombe(
            one / treated, two / holdout, treated_size=treated, holdout_size=holdout, confidence=0.95
        )
        held += found.low <= truth <= found.high
    assert held / 2_000 >= 0.94


@pytest.mark.parametrize("lift", [0.0, 0.4])
def test_weighted_intervals_hold_the_truth_too(lift: float) -> None:
    """Three stores of other sizes, rates and holdouts."""
    luck = np.random.default_rng(5)
    stores = ((500, 0.30, 0.10), (300, 0.10, 0.20), (200, 0.05, 0.40))
    people = sum(size for size, _, _ in stores)
    truth = sum(size * base * lift for size, base, _ in stores) / people
    held = 0
    for _ in range(2_000):
        parts = []
        for size, base, share in stores:
            out = round(size * share)
            parts.append(part("treated", people=size - out, buyers=int(luck.binomial(size - out, base * (1 + lift))),
                              propensity=1 - share))  # fmt: skip
            parts.append(part("holdout", people=out, buyers=int(luck.binomial(out, base)), propensity=share))
        found = rules.compare(parts, confidence=0.95, least_buyers=5).difference
        assert found is not None
        held += found.low <= truth <= found.high
    assert held / 2_000 >= 0.94


def test_money_intervals_hold_the_truth_where_they_are_told() -> None:
    """Skewed baskets, most people buy nothing; told only from five buyers in each arm on."""
    luck = np.random.default_rng(17)
    treated, holdout, base, lift = 800, 200, 0.15, 0.3
    mean = 12_000 * math.exp(0.6**2 / 2)
    truth = base * lift * mean
    held = told = 0
    for _ in range(2_000):
        parts = []
        for arm, size, share, chance in (
            ("treated", treated, base * (1 + lift), 0.8),
            ("holdout", holdout, base, 0.2),
        ):
            buyers = int(luck.binomial(size, share))
            spent = 12_000 * np.exp(luck.normal(0, 0.6, buyers))
            parts.append(ArmSums(arm, chance, size, buyers, float(spent.sum()), float((spent**2).sum())))
        found = rules.compare(parts, confidence=0.95, least_buyers=5).sales_each
        if found is not None:
            told += 1
            held += found.low <= truth <= found.high
    assert told > 1_900 and held / told >= 0.94
