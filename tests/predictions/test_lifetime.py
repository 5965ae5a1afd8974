"""BG/NBD and Gamma-Gamma against published figures, simulation, and what any such model must do."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln

from shuke.predictions.rules import (
    NothingToFit,
    expected_purchases,
    expected_spend,
    fit_bgnbd,
    fit_gamma_gamma,
    probability_alive,
)
from shuke.predictions.rules import lifetime as formulas
from shuke.predictions.values import BgNbd, Floats, GammaGamma

CDNOW = Path(__file__).parents[2].parent / "shared" / "data" / "cdnow"
with_cdnow = pytest.mark.skipif(not CDNOW.is_dir(), reason="the public CDNOW data are not beside the checkout")
POSITIVE = st.floats(0.05, 20.0)
MODELS = st.builds(lambda r, alpha, a, b: BgNbd(r, alpha, a, b, 0.0, 1.0), POSITIVE, POSITIVE, POSITIVE, POSITIVE)


def histories(customers: int, *, model: BgNbd, seed: int) -> tuple[Floats, Floats, Floats]:
    """Customers who live as the model says: a purchase after each exponential gap, a chance to leave after each."""
    chance = np.random.default_rng(seed)
    rate, leaves = chance.gamma(model.r, 1 / model.alpha, customers), chance.beta(model.a, model.b, customers)
    age = chance.uniform(20, 80, customers)
    x, last, now = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    alive = chance.random(customers) < 1.0
    while alive.any():
        now = np.where(alive, now + chance.exponential(1 / rate), now)
        buys = alive & (now <= age)
        x, last = x + buys, np.where(buys, now, last)
        alive = buys & (chance.random(customers) > leaves)
    return x, last, age


@with_cdnow
@pytest.mark.real_data
def test_the_published_fit_of_cdnow() -> None:
    table = pq.read_table(CDNOW / "cdnow_summary_2357.parquet")
    x, t_x, age = (table[name].to_numpy().astype(float) for name in ("frequency", "recency", "T"))
    found = fit_bgnbd(x, t_x, age)
    # Fader, Hardie and Lee 2005, table 2.
    assert (round(found.r, 3), round(found.alpha, 3), round(found.a, 3), round(found.b, 3)) == (
        0.243,
        4.414,
        0.793,
        2.426,
    )
    assert found.log_likelihood == pytest.approx(-9582.4256, abs=1e-3)
    # Their worked example: customer 1 (x = 2, t_x = 30.43, T = 38.86) makes 1.226 purchases in the next 39 weeks.
    ahead = expected_purchases(found, ([2], [30.43], [38.86]), horizon=39)
    assert float(ahead[0]) == pytest.approx(1.226, abs=0.001)


def test_the_likelihood_is_equation_six() -> None:
    x, last, age = histories(300, model=BgNbd(0.6, 8.0, 0.8, 2.0, 0, 0), seed=4)
    r, alpha, a, b = 0.7, 9.0, 0.6, 1.8
    plain = 0.0
    for count, when, until in zip(x, last, age, strict=True):
        beta = np.exp(gammaln(b + count) + gammaln(a + b) - gammaln(a + b + count) - gammaln(b))
        rate = np.exp(gammaln(r + count) - gammaln(r)) * alpha**r
        gone = a / (b + count - 1) * (alpha + when) ** -(r + count) if count else 0.0
        plain += np.log(beta * rate * ((alpha + until) ** -(r + count) + gone))
    value, _ = formulas._bgnbd(np.log([r, alpha, a, b]), formulas._grouped(x, last, age, None))
    assert value == pytest.approx(plain, rel=1e-10)


@pytest.mark.parametrize("logs", [(-1.0, 2.0, -0.5, 0.7), (0.3, 0.1, 0.2, -0.4)])
def test_the_slopes_are_those_of_the_likelihoods(logs: tuple[float, ...]) -> None:
    x, last, age = histories(300, model=BgNbd(0.6, 8.0, 0.8, 2.0, 0, 0), seed=5)
    history, spent = formulas._grouped(x, last, age, None), np.random.default_rng(2).gamma(3, 9, 300)

    def money(at: Floats) -> tuple[float, Floats]:
        return formulas._gamma_gamma(at, x + 1, spent, np.ones(300))

    for likelihood, at in ((lambda at: formulas._bgnbd(at, history), np.array(logs)), (money, np.array(logs[:3]))):
        slope = likelihood(at)[1]
        for place in range(len(at)):
            aside = np.zeros(len(at))
            aside[place] = 1e-6
            found = (likelihood(at + aside)[0] - likelihood(at - aside)[0]) / 2e-6
            assert slope[place] == pytest.approx(found, rel=1e-4, abs=1e-3)


def test_a_simulated_shop_gives_its_parameters_back_and_its_future() -> None:
    truth = BgNbd(0.9, 10.0, 0.9, 2.4, 0, 0)
    x, last, age = histories(60_000, model=truth, seed=1)
    found = fit_bgnbd(x, last, age)
    for name in ("r", "alpha", "a", "b"):
        assert getattr(found, name) == pytest.approx(getattr(truth, name), rel=0.1)
    # Others seen for longer: what was expected is what came.
    half_x, half_last, real = _cut(truth, customers=60_000, seed=7)
    expected = expected_purchases(truth, (half_x, half_last, np.full(60_000, 30.0)), horizon=30.0)
    assert expected.sum() == pytest.approx(real.sum(), rel=0.03)


def _cut(model: BgNbd, *, customers: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """Histories up to day 30, and how many purchases days 30 to 60 brought."""
    chance = np.random.default_rng(seed)
    rate, leaves = chance.gamma(model.r, 1 / model.alpha, customers), chance.beta(model.a, model.b, customers)
    x, last, later, now = (np.zeros(customers) for _ in range(4))
    alive = np.ones(customers, bool)
    while alive.any():
        now = np.where(alive, now + chance.exponential(1 / rate), now)
        buys = alive & (now <= 60)
        x, later = x + (buys & (now <= 30)), later + (buys & (now > 30))
        last = np.where(buys & (now <= 30), now, last)
        alive = buys & (chance.random(customers) > leaves)
    return x, last, later


def test_weights_stand_for_customers() -> None:
    x, last, age = histories(2_000, model=BgNbd(0.6, 8.0, 0.8, 2.0, 0, 0), seed=9)
    last, age = np.ceil(last), np.ceil(age) + 1
    distinct, times = np.unique(np.stack([x, last, age]), axis=1, return_counts=True)
    one, other = fit_bgnbd(x, last, age), fit_bgnbd(distinct[0], distinct[1], distinct[2], times)
    assert other.customers == 2_000
    assert (one.r, one.alpha, one.log_likelihood) == pytest.approx(
        (other.r, other.alpha, other.log_likelihood), rel=1e-6
    )


def test_the_unit_of_time_changes_alpha_and_nothing_else() -> None:
    x, last, age = histories(5_000, model=BgNbd(0.6, 8.0, 0.8, 2.0, 0, 0), seed=11)
    weeks, days = fit_bgnbd(x, last, age), fit_bgnbd(x, last * 7, age * 7)
    assert days.alpha == pytest.approx(7 * weeks.alpha, rel=1e-4)
    assert (days.r, days.a, days.b) == pytest.approx((weeks.r, weeks.a, weeks.b), rel=1e-4)
    alive = probability_alive(weeks, x, last, age)
    assert probability_alive(days, x, last * 7, age * 7) == pytest.approx(alive, rel=1e-4)


@settings(max_examples=100, deadline=None)
@given(MODELS, st.integers(1, 200), st.floats(0.1, 400.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_more_recent_purchase_never_lowers_the_chance_to_be_alive(
    model: BgNbd, x: int, age: float, one: float, other: float
) -> None:
    early, late = sorted((one, other))
    alive = probability_alive(model, [x, x], [early * age, late * age], [age, age])
    assert 0.0 <= alive[0] <= alive[1] <= 1.0


@settings(max_examples=100, deadline=None)
@given(MODELS, st.integers(0, 60), st.floats(1.0, 200.0), st.floats(0.0, 1.0), st.floats(0.1, 100.0))
def test_expectations_are_finite_and_grow_with_the_horizon(
    model: BgNbd, x: int, age: float, last: float, horizon: float
) -> None:
    history = ([x], [last * age if x else 0.0], [age])
    shorter, longer = (float(expected_purchases(model, history, horizon=h)[0]) for h in (horizon, 2 * horizon))
    assert 0.0 <= shorter <= longer * (1 + 1e-6) + 1e-9
    assert np.isfinite(longer)


def test_gamma_gamma_finds_what_it_was_made_of_and_shrinks_to_the_shop() -> None:
    chance, customers = np.random.default_rng(6), 40_000
    nu = chance.gamma(3.7, 1 / 15.4, customers)
    x = chance.integers(1, 8, customers).astype(float)
    mean = chance.gamma(6.2 * x, 1 / (nu * x))
    found = fit_gamma_gamma(x, mean)
    assert (found.p, found.q, found.gamma) == pytest.approx((6.2, 3.7, 15.4), rel=0.1)
    usual = found.p * found.gamma / (found.q - 1)
    few, many, none = expected_spend(found, [1, 50, 0], [10 * usual, 10 * usual, 0.0])
    assert usual < few < many < 10 * usual
    assert none == pytest.approx(usual)


@with_cdnow
@pytest.mark.real_data
def test_the_published_gamma_gamma_of_cdnow() -> None:
    spent: dict[tuple[int, str], float] = {}
    for row in pq.read_table(CDNOW / "cdnow_sample.parquet").to_pylist():
        place = (row["sample_id"], str(row["date"])[:10].replace("-", ""))
        spent[place] = spent.get(place, 0.0) + row["amount"]
    repeats: dict[int, list[float]] = {}
    firsts: set[int] = set()
    for (customer, on), amount in sorted(spent.items()):
        if customer in firsts and on <= "19970930":
            repeats.setdefault(customer, []).append(amount)
        firsts.add(customer)
    kept = [values for values in repeats.values() if sum(values) > 0]
    found = fit_gamma_gamma([len(v) for v in kept], [sum(v) / len(v) for v in kept])
    # Fader and Hardie 2013: 946 customers, p 6.25, q 3.74, gamma 15.44.
    assert len(kept) == 946
    assert (found.p, found.q, found.gamma) == pytest.approx((6.25, 3.74, 15.44), abs=0.02)


def test_bad_rows_and_nothing_to_learn_from() -> None:
    with pytest.raises(NothingToFit):
        fit_bgnbd([0, 0, 0], [0, 0, 0], [9, 9, 9])
    with pytest.raises(NothingToFit):
        fit_gamma_gamma([], [])
    for row in ((1, 5, 4), (-1, 0, 3), (0, 2, 3), (1, 0.5, 0), (1.5, 1, 3)):
        with pytest.raises(ValueError, match="no history"):
            fit_bgnbd([row[0]], [row[1]], [row[2]])
    with pytest.raises(ValueError, match="above 0"):
        fit_gamma_gamma([1, 2], [3.0, 0.0])
    # Everybody alike, or all on one day: no maximum inside the bounds, still finite figures.
    alike = fit_bgnbd([2] * 50, [10] * 50, [20] * 50)
    assert np.isfinite([alike.r, alike.alpha, alike.a, alike.b, alike.log_likelihood]).all()
    assert np.isfinite(expected_spend(GammaGamma(2, 0.5, 3, 0, 1), [0, 1], [0, 4])).all()


@pytest.mark.parametrize(
    "rows",
    [([1, 2], [1.0], [3.0, 4.0]), ([[1], [2]], [1.0, 1.0], [3.0, 4.0]), ([1, 2], [1.0, 1.0], [3.0, np.inf])],
)
def test_columns_of_unlike_length_and_endless_ages_are_refused(rows: tuple[Any, Any, Any]) -> None:
    with pytest.raises(ValueError, match=r"length|no history"):
        fit_bgnbd(*rows)
