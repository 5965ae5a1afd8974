"""A play over several stores speaks with all its people: sums, and averages over people, not over stores."""

import re
from statistics import fmean
from typing import Any

import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.procedures.review_proposal import reject
from shuke.proposals import queries
from shuke.proposals.models import Proposal
from shuke.proposals.values import PlayGroup
from tests.proposals.shop import people_of, run_week, shop_tables


@pytest.fixture
def shop(workspace: Workspace, fill_lake: Any) -> Workspace:
    fill_lake(**shop_tables())
    run_week(workspace)
    return workspace


def _group(play: str) -> PlayGroup:
    return next(group for group in queries.this_week(SYSTEM, language="en").groups if group.play == play)


def _numbers(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\.?\d*", text)]


def _expected(shop: Workspace, *, play: str) -> list[float]:
    """Usual gap, days away and base rate of everybody drawn, straight from the rows."""
    live = Proposal.objects.filter(play=play, state="proposed").values_list("pk", flat=True)
    rows = people_of(shop, numbers=list(live))
    return [
        fmean(row[name] * by for row in rows)
        for name, by in (("cycle_days", 1), ("days_since", 1), ("base_share", 100))
    ]


def test_a_play_over_stores_speaks_of_all_its_people(shop: Workspace) -> None:
    stores = list(Proposal.objects.filter(play="win_back", state="proposed"))
    means = {round(proposal.evidence["days_since"]) for proposal in stores}
    assert len(stores) >= 3 and len(means) > 1, "stores differ, or the test proves nothing"
    group = _group("win_back")
    drawn = people_of(shop, numbers=[proposal.pk for proposal in stores])
    assert group.people == len(drawn) == group.treated + group.holdout
    assert group.holdout == sum(row["arm"] == "holdout" for row in drawn)
    assert _numbers(group.title) == [len(drawn)]
    cycle, away, base, _hundred, _days = _numbers(group.why_now)
    expected = _expected(shop, play="win_back")
    assert [cycle, away] == pytest.approx(expected[:2], abs=0.6), "rounded to days"
    assert base == pytest.approx(expected[2], abs=0.6)
    largest = max(group.cards, key=lambda card: card.people)
    assert group.title != largest.title
    assert group.cost_minor == sum(proposal.cost_minor for proposal in stores)
    ends = [(p.gain_low_minor, p.gain_minor, p.gain_high_minor) for p in stores]
    assert (group.gain_low_minor, group.gain_minor, group.gain_high_minor) == tuple(map(sum, zip(*ends, strict=True)))


def test_a_rejected_store_no_longer_counts(shop: Workspace) -> None:
    gone = Proposal.objects.filter(play="win_back", state="proposed").order_by("-people")[0]
    before = _group("win_back")
    reject(SYSTEM, proposal=gone.pk, reason="盘点")
    after = _group("win_back")
    assert after.people == before.people - gone.people and _numbers(after.title) == [after.people]
    assert _numbers(after.why_now)[:2] == pytest.approx(_expected(shop, play="win_back")[:2], abs=0.6)
    assert after.states["rejected"] == 1
