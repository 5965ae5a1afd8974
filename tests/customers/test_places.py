"""A receipt with a masked phone and nothing else joins whoever has these digits there, where people keep to stores."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from shuke.customers.adapters import weights
from shuke.customers.rules.masked import Joins, attach, likely
from shuke.customers.rules.places import habit as habit_of
from shuke.customers.values import Evidence, Visits
from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from tests.customers.people import Row, evidence_of, identity, measured, person, resolve

STORES = 12


def shop(people: int, *, habit: float, strangers: float, seed: int) -> tuple[Evidence, np.ndarray]:
    """People with a phone and ten visits each, and one bare receipt of each; with each row's true person.

    `habit` is the share of visits at the person's own store, the others are anywhere; of the bare receipts the share
    `strangers` is made by people whose full phone nobody knows, with digits like everybody's.
    """
    chance = np.random.default_rng(seed)
    tails = chance.integers(0, 10_000, people)
    stranger = chance.random(people) < strangers
    bare_tails = np.where(stranger, chance.integers(0, 10_000, people), tails)
    rows: list[Row] = [{"phone": f"p{n}", "mask": f"138****{tail:04}"} for n, tail in enumerate(tails)]
    rows += [{"mask": f"138****{tail:04}"} for tail in bare_tails]
    own = chance.integers(1, STORES + 1, people)

    def visited() -> np.ndarray:
        return np.where(chance.random(people) < habit, own, chance.integers(1, STORES + 1, people))

    seen = np.concatenate([np.arange(people) * (STORES + 1) + visited() for _ in range(10)])
    keys, times = np.unique(seen, return_counts=True)
    who, places = keys // (STORES + 1), keys % (STORES + 1)
    usual, binding = habit_of(who, places, times=times)
    place = np.concatenate([np.zeros(people, np.int64), visited()])
    truth = np.concatenate([np.arange(people), np.where(stranger, -1, np.arange(people))])
    visits = np.where(place == 0, 10, 0)
    seen_at = Visits(who, places, times, usual=usual, habit=binding)
    return replace(evidence_of(rows), place=place, visits=visits, seen_at=seen_at), truth


def joined(evidence: Evidence, truth: np.ndarray) -> tuple[Joins, int]:
    """The joins, and how many of them are right."""
    joins = likely(attach(evidence, np.arange(len(evidence)), statistics=measured(evidence), weights=weights()), 0.6)
    return joins, int((truth[joins.masked] == truth[joins.owner]).sum())


@pytest.mark.parametrize("strangers", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("people", [1_000, 10_000, 40_000])
def test_what_is_promised_is_kept_whatever_the_size_and_the_share_of_strangers(people: int, strangers: float) -> None:
    evidence, truth = shop(people, habit=0.8, strangers=strangers, seed=people)
    joins, right = joined(evidence, truth)
    assert right >= float(joins.probability.sum()) - 0.06 * len(joins.masked) - 3
    sure = joins.probability >= weights().automatic_from
    wrong = int((truth[joins.masked[sure]] != truth[joins.owner[sure]]).sum())
    assert wrong <= 0.03 * int(sure.sum()) + 3


def test_most_receipts_find_their_maker_where_habit_binds() -> None:
    evidence, truth = shop(2_000, habit=0.85, strangers=0.1, seed=5)
    _, right = joined(evidence, truth)
    assert right >= 0.7 * 1_800


def test_where_people_go_anywhere_a_place_says_nothing() -> None:
    evidence, truth = shop(2_000, habit=0.0, strangers=0.1, seed=5)
    joins, _ = joined(evidence, truth)
    assert len(joins.masked) <= 0.02 * 2_000
    assert evidence.seen_at is not None
    where = np.ones_like(evidence.seen_at.places)
    usual, binding = habit_of(evidence.seen_at.rows, where, times=evidence.seen_at.times)
    one_store = Visits(evidence.seen_at.rows, where, evidence.seen_at.times, usual=usual, habit=binding)
    alike = replace(evidence, place=np.minimum(evidence.place, 1), seen_at=one_store)
    assert len(joined(alike, truth)[0].masked) == 0


def test_bare_receipts_in_a_shop(workspace: Workspace, fill_lake: Callable[..., None]) -> None:
    rows = []
    for number in range(80):
        store = f"store {number % 8}"
        phone = f"861385791{number:04}"
        rows += [person("pos", f"full{number}-{n}", phone=phone, store=store, seen=n) for n in range(6)]
        masked = {"phone_masked": f"138****{number:04}", "seen": 9}
        rows.append(person("pos", f"bare{number}", store=store, **masked))
        # Elsewhere, or without a store, seven digits are seven digits.
        rows.append(person("pos", f"elsewhere{number}", store=f"store {(number + 1) % 8}", **masked))
        rows.append(person("pos", f"nowhere{number}", **masked))
    rows.append(person("pos", "stranger", phone_masked="138****9999", store="store 1"))
    fill_lake(staged_persons=rows)
    resolve(workspace)
    found = identity(workspace)
    for number in range(80):
        assert found["pos", f"bare{number}"] == found["pos", f"full{number}-0"] is not None
        assert found["pos", f"elsewhere{number}"] is found["pos", f"nowhere{number}"] is None
    assert found["pos", "stranger"] is None
    with open_reader(SYSTEM, workspace) as lake:
        reasons = lake.rows("select distinct reason from identity where source_row_id like 'bare%'")
    assert reasons == [{"reason": "masked_phone"}]
