"""The draw is a stored fact; counts add up; nobody is in two plays; what is lost to unknown consent is shown."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.plays.adapters import DEFINITIONS
from shuke.plays.queries import policy
from shuke.procedures.review_proposal import approve, reject, withdraw
from shuke.proposals import queries, rules
from shuke.proposals.models import Proposal, ProposalReview
from tests.predictions.world import AS_OF
from tests.proposals.shop import people_of, run_week, shop_tables


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
        arms = rules.arms(proposal.salt, customers=numbers, holdout_share=proposal.holdout_share)
        assert {row["customer_id"]: row["arm"] for row in drawn} == arms
        assert proposal.holdout == int(len(drawn) * 0.1 + 0.5)
        share = proposal.holdout / max(1, len(drawn))
        for row in drawn:
            assert row["propensity"] == pytest.approx(share if row["arm"] == "holdout" else 1 - share)
    assert sum(proposal.holdout for proposal in made.values()) > 5


def test_the_draw_favours_nobody() -> None:
    held = Counter[int]()
    for week in range(400):
        arms = rules.arms(f"2026-01-{week}|play", customers=range(50), holdout_share=0.1)
        held.update(customer for customer, arm in arms.items() if arm == "holdout")
    # 400 draws of 5 in 50: 40 each on average, standard deviation 6
    assert all(15 < held[customer] < 65 for customer in range(50))


def test_counts_add_up_and_nobody_is_in_two_plays(shop: Workspace) -> None:
    made = run_week(shop)
    rows = people_of(shop)
    arms = Counter((row["proposal"], row["arm"]) for row in rows)
    with open_reader(SYSTEM, shop) as lake:
        members = {
            r["segment"]: r["n"]
            for r in lake.rows("select segment, count(*) as n from segment_members group by segment")
        }
    for proposal in made:
        assert proposal.treated == arms[proposal.pk, "treated"]
        assert proposal.holdout == arms[proposal.pk, "holdout"]
        assert proposal.people + proposal.excluded == members.get(proposal.segment, 0)
        assert sum(row["people"] for row in proposal.evidence["excluded"]) == proposal.excluded
        funnel = dict(proposal.evidence["funnel"])
        assert funnel["segment"] >= funnel["allowed"] >= funnel["people"] == funnel["treated"] + funnel["holdout"]
        assert sum(row["people"] for row in proposal.evidence["stores"]) == proposal.people
    drawn = [row["customer_id"] for row in rows if row["arm"] != "excluded"]
    assert len(drawn) == len(set(drawn))


def test_unknown_consent_is_counted_and_told(shop: Workspace) -> None:
    run_week(shop)
    view = queries.this_week(SYSTEM, language="zh-hans")
    rows = people_of(shop)
    lost = sum(row["reason"] == "consent_unknown" for row in rows)
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
    rows = people_of(shop, numbers=[p.pk for p in later])
    assert not held & {r["customer_id"] for r in rows if r["arm"] != "excluded"}
    assert {r["reason"] for r in rows if r["customer_id"] in held} == {"holdout_watch"}
    same = [r for r in rows if r["play"] == first.play and r["customer_id"] in touched]
    assert same and {r["arm"] for r in same} == {"excluded"}


def test_review_has_versions_and_two_editors_are_told(shop: Workspace) -> None:
    proposal = next(p for p in run_week(shop) if p.people)
    lin = Actor(name="林晓", role=Role.OPERATOR)
    with pytest.raises(rules.NotNow):
        reject(lin, proposal=proposal.pk, reason=" ")
    reject(lin, proposal=proposal.pk, reason="这周做盘点", version=proposal.version)
    with pytest.raises(rules.Stale, match="林晓"):
        approve(SYSTEM, workspace=shop, proposal=proposal.pk, version=proposal.version)
    done = approve(lin, workspace=shop, proposal=proposal.pk)
    with pytest.raises(rules.NotNow):
        approve(lin, workspace=shop, proposal=proposal.pk)
    taken = withdraw(lin, proposal=proposal.pk, reason="再想想")
    assert taken.tasks == done.tasks == proposal.treated
    again = approve(lin, workspace=shop, proposal=proposal.pk)
    assert again.tasks == done.tasks
    verbs = list(ProposalReview.objects.filter(proposal=proposal).order_by("version").values_list("verb", flat=True))
    assert verbs == ["drawn", "reject", "approve", "withdraw", "approve"]


def test_detail_shows_real_people_with_exact_words_cut_to_the_store(shop: Workspace) -> None:
    run_week(shop)
    held = policy(SYSTEM, workspace=shop)
    manager = Actor(name="店长", role=Role.MANAGER, stores=frozenset({"城西店"}))
    seen = 0
    for proposal in Proposal.objects.filter(people__gt=0):
        for actor in (Actor(name="林晓", role=Role.OPERATOR), manager):
            with open_reader(actor, shop) as lake:
                found = queries.detail(actor, lake=lake, proposal_id=proposal.pk, policy=held, language="zh-hans")
            assert len(found.examples) <= 5
            for person in found.examples:
                seen += 1
                assert "{" not in person.words + person.why and len(person.words) > 10
                assert "小燕" not in person.words + person.name
                assert actor is not manager or person.store == "城西店"
            assert sum(e.people for e in found.excluded) == proposal.excluded
            assert all(words for _, words in found.clauses)
    assert seen > 10


def test_store_capacity_keeps_the_most_valuable(workspace: Workspace, fill_lake: Any) -> None:
    text = policy(SYSTEM, workspace=workspace)
    shipped = (DEFINITIONS / "policy.yaml").read_text("utf-8")
    workspace.policy.write_text(shipped.replace("tasks_per_associate_day: 8", "tasks_per_associate_day: 1"), "utf-8")
    fill_lake(**shop_tables())
    run_week(workspace)
    rows = [r for r in people_of(workspace) if r["arm"] != "excluded" and r["channel"] == "wecom"]
    over = [r for r in people_of(workspace) if r["reason"] == "over_capacity"]
    assert over and {r["clause"] for r in over} == {text.clause("tasks_per_associate_day")}
    counts = Counter(r["associate"] for r in rows)
    assert counts and max(counts.values()) <= 6, "five days of one task, and room for those held out"
    for associate in (name for name, people in counts.items() if people == 6):
        least = min(r["value_minor"] for r in rows if r["associate"] == associate)
        with open_reader(SYSTEM, workspace) as lake:
            left = lake.rows(
                "select d.value_minor from proposal_draft d join customer_profiles p on p.customer_id = d.customer_id"
                " join gate_answers g on g.play = d.play and g.customer_id = d.customer_id"
                " where d.reason = 'over_capacity' and g.channel = 'wecom' and p.associate = $associate",
                associate=associate,
            )
        assert left and all(row["value_minor"] <= least for row in left)
