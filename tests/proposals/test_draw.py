"""The draw is a stored fact; counts add up; nobody is in two plays; what is lost to unknown consent is shown."""

import math
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.plays.adapters import DEFINITIONS
from shuke.plays.queries import policy
from shuke.procedures.review_proposal import approve
from shuke.proposals import queries, rules
from shuke.proposals.models import Proposal
from shuke.touches.models import Task
from tests.predictions.world import AS_OF
from tests.proposals.shop import people_of, run_week, shop_tables

SHIPPED = (DEFINITIONS / "policy.yaml").read_text("utf-8")


@pytest.fixture
def shop(workspace: Workspace, fill_lake: Any) -> Workspace:
    fill_lake(**shop_tables())
    return workspace


def test_arms_follow_the_stored_draw(shop: Workspace) -> None:
    made = {p.pk: p for p in run_week(shop)}
    rows = people_of(shop)
    for proposal in made.values():
        drawn = [row for row in rows if row["proposal"] == proposal.pk and row["arm"] != "excluded"]
        for row in drawn:
            expected = rules.draw_of(proposal.salt, customer_id=row["customer_id"])
            assert row["draw"] == pytest.approx(expected, abs=1e-12)
        numbers = [row["customer_id"] for row in drawn]
        arms = rules.arms(proposal.salt, customers=numbers, places=proposal.holdout)
        assert {row["customer_id"]: row["arm"] for row in drawn} == arms
        assert all(row["store"] == proposal.store for row in drawn)
    for play in {proposal.play for proposal in made.values()}:
        mine = [proposal for proposal in made.values() if proposal.play == play]
        drawn = [row for row in rows if row["play"] == play]
        held = sum(proposal.holdout for proposal in mine)
        assert held == rules.places_of(len(drawn), holdout_share=mine[0].holdout_share)
        share = held / max(1, len(drawn))
        for row in drawn:
            assert row["propensity"] == pytest.approx(share if row["arm"] == "holdout" else 1 - share)
    assert sum(proposal.holdout for proposal in made.values()) > 5


def test_the_draw_favours_nobody() -> None:
    held = Counter[int]()
    for week in range(400):
        arms = rules.arms(f"2026-01-{week}|play", customers=range(50), places=5)
        held.update(customer for customer, arm in arms.items() if arm == "holdout")
    # 400 draws of 5 in 50: 40 each on average, standard deviation 6
    assert all(15 < held[customer] < 65 for customer in range(50))


def test_counts_add_up_and_nobody_is_in_two_plays(shop: Workspace) -> None:
    made = run_week(shop)
    rows = people_of(shop)
    arms = Counter((row["proposal"], row["arm"]) for row in rows)
    with open_reader(SYSTEM, shop) as lake:
        sql = "select segment, count(*) as n from segment_members group by segment"
        members = {row["segment"]: row["n"] for row in lake.rows(sql)}
    for proposal in made:
        assert proposal.treated == arms[proposal.pk, "treated"]
        assert proposal.holdout == arms[proposal.pk, "holdout"]
        assert sum(row["people"] for row in proposal.evidence["excluded"]) == proposal.excluded
        funnel = dict(proposal.evidence["funnel"])
        assert funnel["segment"] >= funnel["allowed"] >= funnel["people"] == funnel["treated"] + funnel["holdout"]
        assert sum(row["people"] for row in proposal.evidence["stores"]) == proposal.people
    for segment, people in members.items():
        mine = [proposal for proposal in made if proposal.segment == segment]
        assert sum(p.people + p.excluded for p in mine) == people, segment
    drawn = [row["customer_id"] for row in rows]
    assert len(drawn) == len(set(drawn)) > 50
    assert {row["arm"] for row in rows} == {"treated", "holdout"}


def test_stores_run_at_most_seven_plays_and_thin_ones_say_why(shop: Workspace) -> None:
    run_week(shop)
    chosen = Counter(Proposal.objects.exclude(state="draft").values_list("store", flat=True))
    assert chosen and max(chosen.values()) <= policy(SYSTEM, workspace=shop).proposals_max
    shop.policy.write_text(SHIPPED.replace("proposals_max: 7", "proposals_max: 3"), "utf-8")
    run_week(shop, as_of=AS_OF + timedelta(days=1))
    fewer = Proposal.objects.filter(as_of=AS_OF + timedelta(days=1)).exclude(state="draft")
    assert max(Counter(fewer.values_list("store", flat=True)).values()) <= 3
    with open_reader(SYSTEM, shop) as lake:
        left = lake.value("select count(*) from proposal_draft where reason = 'not_chosen' and clause = '5.5'")
    assert left > 0
    view = queries.this_week(SYSTEM, language="zh-hans")
    for note in view.thin_stores:
        assert note.plays < 3 and "位" in note.why
    for cards in (view.cards, *(group.cards for group in view.groups)):
        assert all(card.people == card.treated + card.holdout for card in cards)
    assert sum(group.people for group in view.groups) == view.people == sum(card.people for card in view.cards)


def test_unknown_consent_is_counted_and_told(shop: Workspace) -> None:
    run_week(shop)
    view = queries.this_week(SYSTEM, language="zh-hans")
    with open_reader(SYSTEM, shop) as lake:
        lost = lake.value("select count(*) from proposal_draft where reason = 'consent_unknown'")
    assert lost > 0 and view.unknown_consent_lost == lost
    assert any("没有同意记录" in text for card in (*view.cards, *view.not_proposed) for text in card.notes)


def test_the_same_week_again_changes_nothing(shop: Workspace) -> None:
    before = [(p.pk, p.version, rules.snapshot(p)) for p in run_week(shop)]
    people = people_of(shop)
    again = [(p.pk, p.version, rules.snapshot(p)) for p in run_week(shop)]
    assert again == before
    assert people_of(shop) == people


def test_a_decided_proposal_keeps_its_draw_and_its_people_to_itself(shop: Workspace, fill_lake: Any) -> None:
    first = next(p for p in run_week(shop) if p.people > 20)
    kept = people_of(shop, numbers=[first.pk])
    approve(SYSTEM, workspace=shop, proposal=first.pk)
    fill_lake(**shop_tables(customers=900, seed=4))
    made = run_week(shop)
    assert people_of(shop, numbers=[first.pk]) == kept
    assert next(p for p in made if p.pk == first.pk).state == "approved"
    mine = {row["customer_id"] for row in kept if row["arm"] != "excluded"}
    others = {r["customer_id"] for r in people_of(shop) if r["proposal"] != first.pk and r["arm"] != "excluded"}
    assert not mine & others


def test_the_next_week_leaves_people_held_out_alone(shop: Workspace) -> None:
    first = next(p for p in run_week(shop) if p.holdout >= 2)
    approve(SYSTEM, workspace=shop, proposal=first.pk)
    held = {r["customer_id"] for r in people_of(shop, numbers=[first.pk]) if r["arm"] == "holdout"}
    touched = {r["customer_id"] for r in people_of(shop, numbers=[first.pk]) if r["arm"] == "treated"}
    later = run_week(shop, as_of=AS_OF + timedelta(days=7))
    assert not held & {r["customer_id"] for r in people_of(shop, numbers=[p.pk for p in later])}
    with open_reader(SYSTEM, shop) as lake:
        rows = lake.rows("select play, customer_id, arm, reason from proposal_draft")
    assert {r["reason"] for r in rows if r["customer_id"] in held} == {"holdout_watch"}
    same = [r for r in rows if r["play"] == first.play and r["customer_id"] in touched]
    assert same and {r["arm"] for r in same} == {"excluded"}


def test_store_capacity_keeps_the_most_valuable(workspace: Workspace, fill_lake: Any) -> None:
    text = policy(SYSTEM, workspace=workspace)
    workspace.policy.write_text(SHIPPED.replace("tasks_per_associate_day: 8", "tasks_per_associate_day: 1"), "utf-8")
    fill_lake(**shop_tables())
    run_week(workspace)
    rows = [r for r in people_of(workspace) if r["channel"] == "wecom"]
    with open_reader(SYSTEM, workspace) as lake:
        over = lake.rows(
            "select d.clause, d.value_minor, c.owner_associate, c.lane from proposal_draft d"
            " join proposal_candidates c on c.play = d.play and c.customer_id = d.customer_id"
            " where d.reason = 'over_capacity'"
        )
    assert over and {r["clause"] for r in over} == {text.clause("tasks_per_associate_day")}
    counts = Counter(r["associate"] for r in rows)
    assert counts and max(counts.values()) <= 6, "five days of one task, and room for those held out"
    full = [name for name, people in counts.items() if people == 6]
    assert full
    for associate in full:
        least = min(r["value_minor"] for r in rows if r["associate"] == associate)
        left = [r for r in over if r["owner_associate"] == associate and r["lane"] == "own"]
        assert all(r["value_minor"] <= least for r in left)


def test_open_tasks_of_earlier_weeks_take_places(shop: Workspace) -> None:
    made = [p for p in run_week(shop) if p.treated and p.channel == "wecom"]
    for proposal in made:
        approve(SYSTEM, workspace=shop, proposal=proposal.pk)
    given = Counter(Task.objects.exclude(associate="").values_list("associate", flat=True))
    assert given
    shop.policy.write_text(SHIPPED.replace("tasks_per_associate_day: 8", "tasks_per_associate_day: 1"), "utf-8")
    run_week(shop, as_of=AS_OF + timedelta(days=7))
    with open_reader(SYSTEM, shop) as lake:
        open_now = {r["associate"]: r["tasks"] for r in lake.rows("select * from open_tasks where associate <> ''")}
        rows = lake.rows("select associate from proposal_line_up where outcome = 'ok' and associate <> ''")
        planned = Counter(row["associate"] for row in rows)
    assert open_now
    for associate, tasks in open_now.items():
        assert planned.get(associate, 0) <= max(0, math.ceil((5 - tasks) / 0.9))
