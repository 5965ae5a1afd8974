"""The second stage: m and u come back from simulated pairs, kin stay apart, one bridge joins no dense groups."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.customers.rules import weak
from shuke.customers.rules.components import components
from shuke.customers.rules.statistics import quantised, quantised_figure, quantised_share
from shuke.customers.rules.weak.levels import BIRTHDAY, FIELDS, GENDER, NAME, PLACE, Compared, place_level
from shuke.customers.rules.weak.linking import average
from shuke.kernel.workspace import Workspace
from tests.conftest import FillLake
from tests.customers.people import Row, identity, person, resolve

Shares = Mapping[str, np.ndarray]


def shares(**of: tuple[float, ...]) -> dict[str, np.ndarray]:
    """Shares of levels by field."""
    return {name: np.array(values) for name, values in of.items()}


ONE = shares(
    name=(0.02, 0.03, 0.03, 0.04, 0.08, 0.10, 0.20, 0.10, 0.40),
    birthday=(0.02, 0.03, 0.10, 0.05, 0.20, 0.60, 0.0),
    place=(0.60, 0.10, 0.10, 0.02, 0.02, 0.02, 0.08, 0.02, 0.02, 0.02, 0.0, 0.0, 0.0, 0.0),
    gender=(0.02, 0.98, 0.0),
)
STRANGERS = shares(
    name=(0.90, 0.04, 0.01, 0.03, 0.005, 0.005, 0.005, 0.0025, 0.0025),
    birthday=(0.93, 0.04, 0.02, 0.005, 0.004, 0.001, 0.0),
    place=(0.001, 0.001, 0.02, 0.02, 0.028, 0.03, 0.07, 0.03, 0.70, 0.10, 0.0, 0.0, 0.0, 0.0),
    gender=(0.5, 0.5, 0.0),
)


def drawn(chance: np.random.Generator, *, of: Shares, count: int) -> dict[str, np.ndarray]:
    """Levels of so many pairs."""
    return {field.name: chance.choice(len(field), size=count, p=of[field.name]) for field in FIELDS}


def pairs(*parts: Mapping[str, np.ndarray]) -> Compared:
    """Pairs with the levels given, that agree in nothing rarer than usual."""
    levels = {field.name: np.concatenate([part[field.name] for part in parts]) for field in FIELDS}
    size = len(levels["name"])
    none = dict.fromkeys(("name", "family_name", "birthday", "address", "city"), np.zeros(size))
    return Compared(np.arange(size), np.arange(size) + size, levels=levels, carried=none)


@pytest.mark.parametrize("seed", [1, 2])
def test_m_and_the_number_of_true_pairs_come_back(seed: int) -> None:
    chance = np.random.default_rng(seed)
    found = pairs(drawn(chance, of=ONE, count=20_000), drawn(chance, of=STRANGERS, count=60_000))
    # Random pairs of a register with duplicates hold true ones: u must be found beneath them.
    random = pairs(drawn(chance, of=STRANGERS, count=99_000), drawn(chance, of=ONE, count=1_000))
    fitted = weak.fit(found, random, records=2_000, total=2_000_000.0, equal={})
    assert fitted.odds * 2_000_000 == pytest.approx(20_000, rel=0.3)
    for field, level in ((NAME, NAME.exact), (BIRTHDAY, BIRTHDAY.exact), (PLACE, PLACE.exact), (GENDER, 1)):
        # Up to the grid of results, half a step of the square root of two.
        assert fitted.m[field.name][level] == pytest.approx(ONE[field.name][level], rel=0.25)
    assert fitted.u["birthday"][BIRTHDAY.exact] == pytest.approx(0.001, rel=1.0)


def test_probabilities_are_kept() -> None:
    chance = np.random.default_rng(5)
    # Of one sex, as people of one first name are: that they agree in it says nothing.
    strangers = {**STRANGERS, "gender": ONE["gender"]}
    found = pairs(drawn(chance, of=ONE, count=8_000), drawn(chance, of=strangers, count=392_000))
    random = pairs(drawn(chance, of=ONE, count=2_000), drawn(chance, of=strangers, count=98_000))
    fitted = weak.fit(found, random, records=1_000, total=400_000.0, equal={})
    none = dict.fromkeys(("name", "family_name", "birthday", "address", "city"), 1.0)
    probability = 1 / (1 + np.exp(-weak.log_odds(found, fitted, equal=none, totals=none)))
    right = np.arange(len(found)) < 8_000
    for low, high in ((0.0, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 1.0)):
        inside = (probability >= low) & (probability < high)
        if inside.sum() > 60:
            assert right[inside].mean() == pytest.approx(probability[inside].mean(), abs=0.15)


def test_the_order_of_pairs_changes_nothing() -> None:
    chance = np.random.default_rng(3)
    one, strangers = drawn(chance, of=ONE, count=2_000), drawn(chance, of=STRANGERS, count=6_000)
    random = pairs(drawn(chance, of=STRANGERS, count=10_000))
    fits = [
        weak.fit(pairs(*parts), random, records=500, total=1e6, equal={})
        for parts in ((one, strangers), (strangers, one))
    ]
    assert fits[0].odds == fits[1].odds
    assert all(np.array_equal(fits[0].m[field.name], fits[1].m[field.name]) for field in FIELDS)


def test_one_bridge_joins_no_dense_groups() -> None:
    inside = [(a, b) for begin in (0, 6) for a in range(begin, begin + 6) for b in range(a + 1, begin + 6)]
    left, right = np.array([*inside, (5, 6)]).T
    a, b, _ = average(left, right, np.array([5.0] * len(inside) + [4.0]), least=-1.0)
    assert len(set(components(12, [(a, b)]).tolist())) == 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.floats(-5, 6)), max_size=60), st.randoms())
def test_joins_hang_on_no_order_of_pairs(edges: list[tuple[int, int, float]], random: object) -> None:
    once = {(min(a, b), max(a, b)): score for a, b, score in edges if a != b}
    found = []
    for turn in (list(once.items()), list(once.items())[::-1]):
        a = np.array([pair[0] for pair, _ in turn], np.int64)
        b = np.array([pair[1] for pair, _ in turn], np.int64)
        left, right, _ = average(a, b, np.array([score for _, score in turn], float), least=-0.5)
        found.append(components(13, [(left, right)]).tolist())
    assert found[0] == found[1]


def test_figures_stand_on_a_coarse_grid() -> None:
    values = np.geomspace(1e-6, 1e6, 500)
    assert np.all(np.abs(np.log2(quantised(values) / values)) <= 0.25 + 1e-9)
    assert quantised_figure(0.0) == 0.0
    assert quantised_figure(1_000_000) == quantised_figure(1_010_000)
    assert quantised_share(0.5) == 0.5
    assert abs(quantised_share(0.97) - 0.97) < 0.01


def test_place_levels_are_told_apart() -> None:
    address, city = (values.ravel() for values in np.meshgrid(np.arange(5), np.arange(4), indexing="ij"))
    levels = place_level(address, city)
    assert set(levels.tolist()) == set(range(len(PLACE)))
    assert levels[(address == 4) & (city == 3)].tolist() == [13]


def register(rows: list[tuple[str, str, str, str, str]]) -> list[Row]:
    """Staged persons without any key: name, birthday, city, address, gender."""
    return [
        person(
            "person",
            f"r{number:04}",
            name=name,
            birthday=date.fromisoformat(born) if born else None,
            city=city or None,
            address=address or None,
            gender=gender or None,
        )
        for number, (name, born, city, address, gender) in enumerate(rows)
    ]


def crowd(size: int) -> list[tuple[str, str, str, str, str]]:
    """People who are nobody else's."""
    firsts = ("ann", "bea", "carl", "dora", "emil", "fritz", "gus", "hans")
    lasts, towns = ("ash", "bell", "crow", "dale", "elm", "fox"), ("ux", "vy", "wo")
    return [
        (
            f"{firsts[n % 8]} {lasts[n % 6]}{lasts[n // 6 % 6]}{lasts[n // 36 % 6]}",
            f"{1900 + n * 7 % 90}-{n % 12 + 1:02}-{n % 28 + 1:02}",
            towns[n % 3],
            f"{towns[n % 3]}{n % 50} {n % 9}xy",
            "",
        )
        for n in range(size)
    ]


def test_spellings_of_one_person_meet_and_kin_stay_apart(workspace: Workspace, fill_lake: FillLake) -> None:
    people = crowd(300)
    rows = [
        *people,
        ("william alexander thornby", "1871-04-12", "ux", "ux12 4ab", "male"),
        ("bill thornby", "1871-04-12", "ux", "ux12 4ab", "male"),
        ("sir william a thornby", "1871-01-01", "ux", "ux12 4ab", ""),
        ("thornby william", "1871-04-21", "ux", "ux12 4ab", "male"),
        # His sister.
        ("harriet thornby", "1874-09-30", "ux", "ux12 4ab", "female"),
    ]
    fill_lake(staged_persons=register(rows))
    resolve(workspace)
    who = {row: customer for (_, row), customer in identity(workspace).items()}
    first = len(people)
    assert len({who[f"r{first + n:04}"] for n in range(4)}) == 1
    assert who[f"r{first + 4:04}"] not in {who[f"r{first + n:04}"] for n in range(4)}
    assert len({who[f"r{n:04}"] for n in range(first)}) == first


def test_a_single_record_without_keys_compares_with_nobody(workspace: Workspace, fill_lake: FillLake) -> None:
    keyed = [
        person(
            "member",
            f"m{n}-{again}",
            phone=f"86137512345{n:02}",
            name=f"陈小{'燕芳丽红'[n % 4]}",
            city="上海市",
            seen=n,
        )
        for n in range(30)
        for again in range(2)
    ]
    fill_lake(staged_persons=[*keyed, person("person", "alone", name="陈小燕", city="上海市")])
    resolve(workspace)
    assert len(set(identity(workspace).values())) == 31
