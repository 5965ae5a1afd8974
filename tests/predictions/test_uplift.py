"""Uplift: what is there is found, what is not there is not, and what cannot be told is refused."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.predictions.rules import BadTrial, estimate_uplift, uplift_of
from shuke.predictions.rules.uplift.ranking import chance_share, places, worth

World = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def world(seed: int, *, people: int = 4000, strength: float = 0.0, propensity: float = 0.5) -> World:
    """Features, arms, purchases and the true uplift of everybody, which grows with the third feature."""
    luck = np.random.default_rng(seed)
    x = luck.standard_normal((people, 5))
    arm = (luck.random(people) < propensity).astype(float)
    base = np.clip(0.15 + 0.08 * x[:, 0], 0.01, 0.6)
    uplift = np.clip(base + strength * x[:, 2], 0.001, 0.999) - base
    bought = (luck.random(people) < base + arm * uplift).astype(float)
    return x, arm, bought, uplift


def test_a_strong_difference_is_proven_and_ranked() -> None:
    x, arm, bought, uplift = world(1, people=6000, strength=0.08)
    told = estimate_uplift(x, arm, bought, 0.5)
    assert told.verdict == "proven"
    assert np.corrcoef(told.scores, uplift)[0, 1] > 0.8
    assert told.qini_low > 0 and told.top30 > told.effect
    assert told.top30_low <= uplift[places(uplift, np.zeros(len(uplift), dtype=int)) < 0.3].mean() <= told.top30_high
    assert told.effect_low <= uplift.mean() <= told.effect_high
    fresh = world(2, people=3000, strength=0.08)
    assert np.corrcoef(uplift_of(told.model, fresh[0]), fresh[3])[0, 1] > 0.8


def test_the_same_effect_on_everybody_is_no_targeting() -> None:
    luck = np.random.default_rng(3)
    x = luck.standard_normal((5000, 4))
    arm = (luck.random(5000) < 0.5).astype(float)
    bought = (luck.random(5000) < 0.10 + 0.05 * arm).astype(float)
    told = estimate_uplift(x, arm, bought, 0.5)
    assert told.verdict == "not_proven"
    assert told.effect_low > 0
    assert told.people_needed > 5000


def test_chance_alone_is_rarely_called_proven() -> None:
    told = [estimate_uplift(*world(100 + n, people=800)[:3], 0.5, splits=2, permutations=100) for n in range(30)]
    proven = sum(one.verdict == "proven" for one in told)
    assert proven <= 5  # 5 in 100 of 30 is 1.5; six or more happen once in 500 runs


def test_spend_is_refused_below_its_power() -> None:
    luck = np.random.default_rng(5)
    x = luck.standard_normal((2000, 3))
    arm = (luck.random(2000) < 0.5).astype(float)
    spend = (luck.random(2000) < 0.1) * np.exp(luck.normal(9, 1, 2000))
    told = estimate_uplift(x, arm, spend, 0.5)
    assert (told.verdict, told.reason) == ("refused", "power")
    assert told.people_needed > 2000
    assert np.isnan(told.qini) and np.isfinite(told.effect)


@pytest.mark.parametrize(("treated", "held"), [(3000, 20), (10, 10), (0, 100), (0, 0)])
def test_a_tiny_arm_is_refused(treated: int, held: int) -> None:
    luck = np.random.default_rng(7)
    people = treated + held
    arm = np.concatenate([np.ones(treated), np.zeros(held)])
    told = estimate_uplift(luck.standard_normal((people, 2)), arm, np.zeros(people), 0.9)
    assert (told.verdict, told.reason) == ("refused", "few")
    assert told.people_needed > 0


def test_an_uneven_draw_is_weighed_by_its_propensity() -> None:
    luck = np.random.default_rng(11)
    x = luck.standard_normal((8000, 2))
    chance = np.where(x[:, 0] > 0, 0.9, 0.6)  # who buys more is treated more often
    arm = (luck.random(8000) < chance).astype(float)
    bought = (luck.random(8000) < np.where(x[:, 0] > 0, 0.4, 0.1)).astype(float)
    told = estimate_uplift(x, arm, bought, chance)
    assert told.effect_low <= 0 <= told.effect_high  # the bare difference of arms would be 0.06


def test_the_same_trial_gets_the_same_answer() -> None:
    x, arm, bought, _ = world(13, people=1500, strength=0.1)
    first = estimate_uplift(x, arm, bought, 0.5)
    again = estimate_uplift(x, arm, bought, 0.5)
    assert first.qini == again.qini and (first.scores == again.scores).all()


def test_arrow_tables_missing_values_and_constant_columns() -> None:
    x, arm, bought, _ = world(17, people=1000, strength=0.1)
    x[::7, 1] = np.nan
    x[:, 4] = 3.0
    table = pa.table({f"f{n}": x[:, n] for n in range(5)})
    told = estimate_uplift(table, pa.chunked_array([arm]), pa.array(bought), pa.array(np.full(1000, 0.5)))
    assert np.isfinite(told.scores).all() and np.isfinite(told.qini)
    assert np.isfinite(uplift_of(told.model, table)).all()


@pytest.mark.parametrize(
    "broken",
    [
        {"arm": [2.0] * 200},
        {"propensity": 1.0},
        {"propensity": 0.0},
        {"outcome": [float("nan")] * 200},
        {"arm": [1.0] * 199},
        {"features": [["a"]] * 200},
        {"outcome": [[1.0]] * 200},
    ],
)
def test_what_cannot_be_read_is_told(broken: dict[str, object]) -> None:
    luck = np.random.default_rng(19)
    sound: dict[str, object] = {
        "features": luck.standard_normal((200, 2)),
        "arm": [0.0, 1.0] * 100,
        "outcome": [0.0, 1.0] * 100,
        "propensity": 0.5,
    }
    with pytest.raises(BadTrial) as caught:
        estimate_uplift(*(sound | broken).values())
    assert caught.value.hint


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(-5, 5), min_size=3, max_size=40), st.integers(0, 10**6))
def test_qini_is_the_area_between_the_curves(effects: list[float], seed: int) -> None:
    psi = np.array(effects)
    scores = np.random.default_rng(seed).permutation(len(psi)).astype(float)
    place = places(scores, np.zeros(len(psi), dtype=int))
    gain = np.concatenate([[0.0], np.cumsum(psi[np.argsort(-scores)])]) / len(psi)
    share = np.linspace(0, 1, len(gain))
    area = float((((gain[1:] + gain[:-1]) / 2) * np.diff(share)).sum() - gain[-1] / 2)
    assert worth(psi, place=place).qini == pytest.approx(area, abs=1e-9)


def test_equal_scores_rank_nobody() -> None:
    place = places(np.zeros(50), np.zeros(50, dtype=int))
    assert (place == 0.5).all()
    psi = np.random.default_rng(0).standard_normal(50)
    assert worth(psi, place=place).qini == 0.0
    assert chance_share(np.zeros((50, 2)), psi, permutations=20, seed=1) == 1.0


@pytest.mark.proof
def test_two_hundred_permuted_trials_are_called_proven_no_more_often_than_said() -> None:
    proven = sum(estimate_uplift(*world(10_000 + n, people=2000)[:3], 0.5).verdict == "proven" for n in range(200))
    assert proven <= 17  # 10 expected; more than 17 happen once in a hundred runs of an honest 5 %
