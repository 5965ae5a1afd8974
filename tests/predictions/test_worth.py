"""Values and chances against simulated customers, levels against a season, figures against plain counting."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.predictions.adapters import definition
from shuke.predictions.rules import (
    auc,
    chance_to_return,
    ece,
    expected_purchases,
    fit_bgnbd,
    nine_of_ten,
    outlook,
    over_actual,
    panel,
    probability_alive,
    purchases,
    relative_doubt,
    top_tenth_share,
)
from shuke.predictions.rules.level import level_ahead, shift_to, shifted
from shuke.predictions.rules.panel import FEATURES, history, some
from shuke.predictions.rules.reasons import contributions, effects, strongest
from shuke.predictions.values import BgNbd, Floats, Window

TRUTH = BgNbd(0.8, 60.0, 0.7, 2.5, 0.0, 1.0)
_POSITIVE = st.floats(0.05, 20.0)


def lives(model: BgNbd, *, customers: int, seen: float, ahead: float, seed: int) -> tuple[Floats, Floats, Floats]:
    """x and t_x until `seen`, and how many purchases the days after it brought."""
    luck = np.random.default_rng(seed)
    rate, leaves = luck.gamma(model.r, 1 / model.alpha, customers), luck.beta(model.a, model.b, customers)
    x, last, later, now = (np.zeros(customers) for _ in range(4))
    alive = np.ones(customers, bool)
    while alive.any():
        now = np.where(alive, now + luck.exponential(1 / rate), now)
        buys = alive & (now <= seen + ahead)
        x, later = x + (buys & (now <= seen)), later + (buys & (now > seen))
        last = np.where(buys & (now <= seen), now, last)
        alive = buys & (luck.random(customers) > leaves)
    return x, last, later


@settings(max_examples=60, deadline=None)
@given(
    model=st.builds(lambda r, alpha, a, b: BgNbd(r, alpha, a, b, 0, 1), _POSITIVE, _POSITIVE, _POSITIVE, _POSITIVE),
    x=st.integers(1, 50),
    age=st.floats(1, 500),
    shares=st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)),
)
def test_a_more_recent_purchase_never_lowers_what_is_said(
    model: BgNbd, x: int, age: float, shares: tuple[float, float]
) -> None:
    early, late = sorted(share * age for share in shares)
    alive = probability_alive(model, [x, x], [early, late], [age, age])
    assert 0 <= alive[0] <= alive[1] + 1e-12 <= 1 + 1e-9
    chance = chance_to_return(model, ([x, x], [early, late], [age, age]), horizon=30)
    assert 0 <= chance[0] <= chance[1] + 1e-12
    orders = expected_purchases(model, ([x, x], [early, late], [age, age]), horizon=30)
    assert orders[0] <= orders[1] + 1e-9


def test_the_chance_to_return_is_the_share_that_returns() -> None:
    x, last, later = lives(TRUTH, customers=80_000, seen=300, ahead=60, seed=2)
    age = np.full(len(x), 300.0)
    chance = chance_to_return(TRUTH, (x, last, age), horizon=60)
    came = (later > 0).astype(float)
    assert over_actual(came, chance) == pytest.approx(1, abs=0.02)
    assert ece(came, chance) < 0.01


def test_nine_of_ten_outcomes_lie_in_the_interval() -> None:
    x, last, later = lives(TRUTH, customers=60_000, seen=300, ahead=365, seed=3)
    age = np.full(len(x), 300.0)
    seen = outlook(TRUTH, (x, last, age), horizons=(365,))
    low, high = nine_of_ten(seen.orders[365], seen.variances[365])
    inside = (np.floor(low) <= later) & (later <= np.ceil(high))
    assert 0.9 <= inside.mean() <= 0.995
    assert (low <= seen.orders[365]).all() and (seen.orders[365] <= high).all()


def test_the_doubt_about_parameters_is_what_refits_show() -> None:
    found, doubts = [], []
    for seed in range(12):
        x, last, _ = lives(TRUTH, customers=1_500, seen=300, ahead=0, seed=100 + seed)
        age = np.full(len(x), 300.0)
        model = fit_bgnbd(x, last, age)
        found.append(expected_purchases(model, (x, last, age), horizon=90).mean())
        doubts.append(relative_doubt(model, (x, last, age), np.ones(len(x)), horizons=(90,))[90])
    spread = float(np.std(found, ddof=1) / np.mean(found))
    assert 0.4 * spread < float(np.mean(doubts)) < 4 * spread


def test_figures_equal_plain_counting() -> None:
    luck = np.random.default_rng(4)
    came, score = luck.random(200) < 0.3, np.round(luck.random(200), 1)
    pairs = [(a > b) + 0.5 * (a == b) for a in score[came] for b in score[~came]]
    assert auc(came, score) == pytest.approx(np.mean(pairs))
    assert math.isnan(auc([True, True], [1, 2]))
    spent = np.array([0.0, 0, 0, 0, 0, 0, 0, 0, 30, 70])
    assert top_tenth_share(spent, np.arange(10)) == pytest.approx(0.7)
    assert top_tenth_share(spent, np.zeros(10)) == pytest.approx(0.1), "equal scores share their places"
    assert over_actual([1, 1, 2], [1, 1, 1]) == 0.75
    assert ece([1, 0] * 50, [0.5] * 100) == pytest.approx(0, abs=1e-12)


def test_a_panel_equals_counting_by_hand_and_knows_nothing_of_later() -> None:
    luck = np.random.default_rng(5)
    who, day, net = luck.integers(1, 40, 400), luck.integers(0, 700, 400), luck.integers(100, 9_000, 400).astype(float)
    rows = sorted({(int(w), int(d)): n for w, d, n in zip(who, day, net, strict=True)}.items())
    who, day = np.array([key[0] for key, _ in rows]), np.array([key[1] for key, _ in rows])
    net = np.array([value for _, value in rows])
    touches = {"visit": (luck.integers(1, 50, 100), luck.integers(0, 700, 100))}
    known = purchases(who, day, net, touches)
    found = panel(known, cut=400, horizon=90)
    for place, row in enumerate(found.rows):
        customer = known.customers[row]
        own = [(d, n) for w, d, n in zip(who, day, net, strict=True) if w == customer]
        before, after = [(d, n) for d, n in own if d < 400], [(d, n) for d, n in own if 400 <= d < 490]
        columns = {name: values[place] for name, values in found.columns.items()}
        assert columns["repeats"] == len(before) - 1
        assert columns["away_days"] == 400 - max(d for d, _ in before)
        assert columns["orders_90"] == sum(d >= 310 for d, _ in before)
        assert columns["net_365"] == pytest.approx(math.log1p(sum(n for d, n in before if d >= 35)))
        assert (found.orders[place], found.spend[place]) == (len(after), pytest.approx(sum(n for _, n in after)))
        visits = [d for w, d in zip(*touches["visit"], strict=True) if w == customer and d < 400]
        assert columns["visits_90"] == sum(d >= 310 for d in visits)
        assert columns["visit_away_days"] == (400 - max(visits) if visits else 730)
    early = day < 400
    cut_off = purchases(who[early], day[early], net[early], {"visit": tuple(
        array[touches["visit"][1] < 400] for array in touches["visit"]
    )})  # fmt: skip
    again = panel(cut_off, cut=400, horizon=90)
    for name, values in found.columns.items():
        np.testing.assert_array_equal(values, again.columns[name])
    x, t_x, age = history(found, known)
    assert (t_x <= age).all() and (x >= 0).all()


def test_no_feature_speaks_of_the_person() -> None:
    known = purchases(
        [1, 1, 2], [1, 9, 4], [5.0, 6, 7], {"visit": ([1], [2]), "reply": ([2], [3]), "browse": ([1], [4])}
    )
    names = set(panel(known, cut=20, horizon=5).columns)
    assert set(FEATURES) <= names
    forbidden = (
        "gender",
        "sex",
        "birth",
        "name",
        "address",
        "city",
        "phone",
        "email",
        "member",
        "card",
        "race",
        "health",
    )
    assert not [name for name in names for word in forbidden if word in name]


def test_a_sample_is_the_same_on_every_run_and_whole_customers() -> None:
    who = np.repeat(np.arange(1, 2_001), 3)
    known = purchases(who, np.tile([1, 5, 9], 2_000), np.ones(6_000), {})
    part, again = some(known, most=300), some(known, most=300)
    np.testing.assert_array_equal(part.customers, again.customers)
    assert 200 < len(part.customers) < 400
    assert (np.diff(part.starts) == 3).all() and len(part.days) == 3 * len(part.customers)


def window(cut: int, shift: float, *, horizon: int = 30, history_days: int = 400) -> Window:
    return Window(cut, horizon, history_days, shift, 0.03, shift, 0.05)


def test_the_level_follows_the_same_window_last_year_and_never_the_future() -> None:
    settings_ = definition("level")
    season = {day: 0.6 * math.sin(2 * math.pi * day / 364) for day in range(0, 1_092, 14)}
    windows = [window(day, shift) for day, shift in season.items()]
    day = 784
    found = level_ahead(windows, day=day, settings=settings_)
    assert found.basis == "last_year"
    assert found.shift == pytest.approx(season[day - 364], abs=0.1)
    ended = [w for w in windows if w.cut + w.horizon <= day]
    assert level_ahead(ended, day=day, settings=settings_) == found
    # Noise is shrunk: levels that differ by no more than chance are hardly believed.
    luck = np.random.default_rng(1)
    noise = [Window(d, 30, 400, float(luck.normal(0, 0.2)), 0.2, 0, 0.2) for d in range(0, 784, 14)]
    calm = level_ahead(noise, day=784, settings=settings_)
    assert abs(calm.shift) < 0.15
    assert level_ahead([], day=784, settings=settings_).basis == "none"


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=50), st.floats(0.05, 0.95))
def test_chances_are_moved_to_a_total_and_keep_their_order(chances: list[float], share: float) -> None:
    said = np.array(sorted(chances))
    total = share * len(said)
    shift = shift_to(said, total)
    moved = shifted(said, shift)
    assert (np.diff(moved) >= -1e-12).all()
    if abs(shift) < 3.99:
        assert moved.sum() == pytest.approx(total, rel=1e-6)


def test_reasons_add_up_to_what_they_explain_and_name_what_matters() -> None:
    luck = np.random.default_rng(6)
    columns = {
        "away_days": luck.uniform(0, 300, 4_000),
        "orders_365": luck.poisson(3, 4_000).astype(float),
        "gap_days": np.where(luck.random(4_000) < 0.3, np.nan, luck.uniform(5, 90, 4_000)),
        "net_365": np.zeros(4_000),
    }
    score = -0.02 * columns["away_days"] + 0.3 * np.minimum(columns["orders_365"], 6) - 1
    found = effects(columns, score)
    added = contributions(found, columns)
    assert "net_365" not in found.names, "a constant explains nothing"
    assert found.explained_share > 0.95
    assert np.corrcoef(found.typical + added.sum(1), score)[0, 1] > 0.97
    assert np.abs(added.mean(0)).max() < 0.05
    longest = np.argmax(columns["away_days"])
    assert found.names[strongest(added)[longest, 0]] == "away_days" and added[longest, 0] < 0
    empty = effects({"net_365": np.zeros(3)}, np.zeros(3))
    assert contributions(empty, {"net_365": np.zeros(3)}).shape == (3, 0)
