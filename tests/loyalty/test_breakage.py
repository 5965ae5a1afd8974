"""The breakage forecast: exact on worlds that can be worked out by hand, honest about its interval on made-up ones."""

from typing import Any

import numpy as np
import pytest

from shuke.loyalty.rules.breakage import BUCKETS, at_risk, burned_at, forecast
from shuke.loyalty.rules.liability import liability_minor

_LIFE = 12
_HISTORY = 24


def test_points_of_one_age_that_half_of_which_burn_each_step() -> None:
    issued = np.zeros((1, 5))
    issued[0, 1:] = 1_000_000
    left = np.zeros((1, 5, 4))
    for cohort in range(1, 5):
        for age in range(cohort):
            left[0, cohort, age] = 1_000_000 / 2 ** (age + 1)
    outstanding = np.zeros((4, 4))
    outstanding[1, 2] = 8_000
    found = forecast(at_risk(issued, left), burned_at(left), outstanding)
    assert found.expected == 2_000 and found.outstanding == 8_000 and found.share == 0.25


def test_points_that_left_otherwise_are_at_risk_until_then() -> None:
    left = np.zeros((1, 3, 2))
    left[0, 2, 0] = 400
    issued = np.array([[0.0, 0.0, 1000.0]])
    assert at_risk(issued, left).tolist() == [[1000.0, 600.0]]


def test_a_cohort_counts_only_for_ages_it_has_lived_through() -> None:
    left = np.zeros((1, 2, 3))
    left[0, 1, :] = 10
    assert burned_at(left).tolist() == [[10.0, 0.0, 0.0]]


def test_nothing_burned_yet_says_nothing() -> None:
    found = forecast(np.ones((2, 3)), np.zeros((2, 3)), np.full((3, 3), 5.0))
    assert (found.basis, found.low, found.high, found.outstanding) == ("none", 0, 45, 45)


def test_the_same_seed_gives_the_same_interval() -> None:
    told, _ = _world(3)
    again, _ = _world(3)
    assert told == again and told.low < told.expected < told.high


def test_the_interval_holds_the_truth_of_made_up_worlds() -> None:
    """Members of very different habits, burns in lumps and in burn order: 9 of 10 truths are asked for."""
    hits, errors, widths = 0, [], []
    for seed in range(24):
        told, truth = _world(seed)
        hits += told.low <= truth <= told.high
        errors.append(told.expected / truth - 1)
        widths.append((told.high - told.low) / truth)
    assert hits >= 21
    assert abs(float(np.mean(errors))) < 0.015
    assert float(np.mean(widths)) < 0.15


@pytest.mark.parametrize(
    ("points", "cost", "minor"), [(100, 1000, 100), (3, 500, 2), (1, 499, 0), (-3, 500, -2), (0, 1000, 0)]
)
def test_liability_is_rounded_half_up(points: int, cost: int, minor: int) -> None:
    assert liability_minor(points, cost_thousandths=cost) == minor


def _world(seed: int, *, members: int = 1200) -> tuple[Any, float]:
    """A shop of `_HISTORY` steps whose lots live `_LIFE` steps: the forecast then, and what really ended unspent."""
    chance: Any = np.random.default_rng(seed)
    rate, eager = chance.gamma(1.2, 40, members), chance.beta(0.6, 6, members)
    steps = _HISTORY + _LIFE
    free, issued = np.zeros((members, steps)), np.zeros((members, steps))
    burned = np.zeros((members, steps, _LIFE))
    standing, ended = free, 0.0
    for now in range(steps):
        free[:, now] = issued[:, now] = np.where(chance.random(members) < 0.4, chance.poisson(rate * 2.5), 0)
        share = chance.uniform(0.3, 1, members)
        wanted = np.where(chance.random(members) < eager, np.ceil(free.sum(1) * share), 0)
        for lot in range(max(0, now - _LIFE + 1), now + 1):
            taken = np.minimum(free[:, lot], wanted)
            free[:, lot] -= taken
            wanted -= taken
            burned[:, lot, now - lot] += taken
        over = now - _LIFE + 1
        if over >= 0:
            ended += free[:, over].sum() if _HISTORY - _LIFE < over < _HISTORY else 0.0
            free[:, over] = 0
        if now == _HISTORY - 1:
            standing = free.copy()
    return _forecast(issued, burned, standing), ended


def _forecast(issued: Any, burned: Any, standing: Any) -> Any:
    bucket = np.arange(len(issued)) % BUCKETS
    came, gone = np.zeros((BUCKETS, _HISTORY + 1)), np.zeros((BUCKETS, _HISTORY + 1, _LIFE))
    outstanding = np.zeros((_LIFE + 1, _LIFE + 1))
    for lot in range(_HISTORY):
        age = _HISTORY - lot
        np.add.at(came[:, age], bucket, issued[:, lot])
        for step in range(min(_LIFE, age)):
            np.add.at(gone[:, age, step], bucket, burned[:, lot, step])
        if age <= _LIFE:
            outstanding[age, _LIFE - age] += standing[:, lot].sum()
    return forecast(at_risk(came, gone), burned_at(gone), outstanding)
