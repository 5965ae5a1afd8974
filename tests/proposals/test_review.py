"""Reviews and edits: every version kept, two editors told, effects computed from the stored draw."""

from datetime import time, timedelta
from typing import Any

import pytest

from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.plays.adapters import DEFINITIONS
from shuke.plays.queries import policy
from shuke.procedures.review_proposal import approve, approve_play, edit, reject, withdraw
from shuke.proposals import queries, rules
from shuke.proposals.models import Proposal, ProposalReview
from shuke.proposals.values import Edit, Effects
from shuke.touches.models import Task
from tests.predictions.world import AS_OF
from tests.proposals.shop import people_of, run_week, shop_tables

LIN = Actor(name="林晓", role=Role.OPERATOR)
WEN = Actor(name="文静", role=Role.OPERATOR)


@pytest.fixture
def shop(workspace: Workspace, fill_lake: Any) -> Workspace:
    fill_lake(**shop_tables())
    run_week(workspace)
    return workspace


def largest(**wanted: Any) -> Proposal:
    found = Proposal.objects.filter(state="proposed", **wanted).order_by("-people").first()
    assert found is not None and found.people > 8
    return found


def preview(shop: Workspace, proposal: Proposal, change: Edit) -> Effects:
    with open_reader(LIN, shop) as lake:
        return queries.preview_edit(
            LIN, lake=lake, proposal_id=proposal.pk, edit=change, policy=policy(SYSTEM, workspace=shop)
        )


def test_review_has_versions_and_two_editors_are_told(shop: Workspace) -> None:
    proposal = largest()
    lin = LIN
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


def test_detail_shows_real_people_with_exact_words_of_own_stores_only(shop: Workspace) -> None:
    held = policy(SYSTEM, workspace=shop)
    manager = Actor(name="店长", role=Role.MANAGER, stores=frozenset({"城西店"}))
    seen = 0
    for proposal in Proposal.objects.filter(treated__gt=0):
        for actor in (LIN, manager):
            with open_reader(actor, shop) as lake:
                if actor is manager and proposal.store != "城西店":
                    with pytest.raises(rules.UnknownProposal):
                        queries.detail(actor, lake=lake, proposal_id=proposal.pk, policy=held, language="zh-hans")
                    continue
                found = queries.detail(actor, lake=lake, proposal_id=proposal.pk, policy=held, language="zh-hans")
                listed = queries.people(actor, lake=lake, proposal_id=proposal.pk, language="zh-hans")
            assert 0 < len(found.examples) <= 5
            assert listed.total == proposal.people >= len(listed.rows)
            for person in (*found.examples, *listed.rows):
                seen += 1
                assert "{" not in person.words + person.why and len(person.words) > 10 and person.why
                assert "小燕" not in person.words + person.name
                assert actor is not manager or person.store == "城西店"
            assert sum(e.people for e in found.excluded) == proposal.excluded
            assert all(words for _, words in found.clauses)
            assert found.editor is not None and found.power_words
    assert seen > 10
    assert {card.store for card in queries.this_week(manager, language="en").cards} == {"城西店"}


def test_an_edit_shows_its_effects_and_keeps_the_draw(shop: Workspace) -> None:
    proposal = largest()
    rows = sorted(people_of(shop, numbers=[proposal.pk]), key=lambda row: (row["draw"], row["customer_id"]))
    out = {rows[0]["customer_id"], rows[-1]["customer_id"], rows[-2]["customer_id"]}
    change = Edit(
        holdout_share=0.2, remove=frozenset(out), weekdays=(2, 6), best_from=time(10), best_until=time(11, 30)
    )
    effects = preview(shop, proposal, change)
    places = rules.places_of(len(rows), holdout_share=0.2)
    arms = rules.arms(proposal.salt, customers=[row["customer_id"] for row in rows], places=places)
    kept = {customer: arm for customer, arm in arms.items() if customer not in out}
    assert effects.violations == ()
    assert effects.treated == sum(arm == "treated" for arm in kept.values())
    assert effects.holdout == sum(arm == "holdout" for arm in kept.values())
    assert (effects.people, effects.removed) == (len(kept), 3)
    assert Proposal.objects.get(pk=proposal.pk).version == proposal.version, "a preview saves nothing"

    edit(LIN, workspace=shop, proposal=proposal.pk, version=proposal.version, edit=change)
    saved = Proposal.objects.get(pk=proposal.pk)
    assert (saved.people, saved.treated, saved.holdout) == (effects.people, effects.treated, effects.holdout)
    assert (saved.cost_minor, saved.gain_minor) == (effects.cost_minor, effects.gain_minor)
    assert saved.plan["best_time"] == "10:00-11:30" and saved.plan["weekdays"] == [2, 6]
    assert people_of(shop, numbers=[proposal.pk]) == sorted(rows, key=lambda row: row["customer_id"])
    with open_reader(LIN, shop) as lake:
        for arm in ("treated", "holdout"):
            listed = queries.people(LIN, lake=lake, proposal_id=proposal.pk, language="en", arm=arm, limit=500)
            assert {row.customer_id for row in listed.rows} == {c for c, drawn in kept.items() if drawn == arm}
        gone = queries.people(LIN, lake=lake, proposal_id=proposal.pk, language="en", arm="removed")
        assert {row.customer_id for row in gone.rows} == out
    done = approve(LIN, workspace=shop, proposal=proposal.pk)
    tasks = set(Task.objects.filter(proposal=proposal).values_list("customer_id", flat=True))
    assert done.tasks == effects.treated and tasks == {c for c, arm in kept.items() if arm == "treated"}


def test_final_arms_reach_the_next_week(shop: Workspace) -> None:
    proposal = largest(store="")
    drawn = people_of(shop, numbers=[proposal.pk])
    gone = next(row["customer_id"] for row in drawn if row["arm"] == "treated")
    change = Edit(holdout_share=0.25, remove=frozenset({gone}))
    edit(LIN, workspace=shop, proposal=proposal.pk, version=None, edit=change)
    approve(LIN, workspace=shop, proposal=proposal.pk)
    run_week(shop, as_of=AS_OF + timedelta(days=7))
    places = rules.places_of(len(drawn), holdout_share=0.25)
    arms = rules.arms(proposal.salt, customers=[row["customer_id"] for row in drawn], places=places)
    with open_reader(SYSTEM, shop) as lake:
        found = lake.rows("select * from arm_changes where proposal = $id", id=proposal.pk)
        watched = lake.rows("select customer_id from contact_blocks where reason = 'holdout_watch'")
    assert {row["customer_id"]: row["arm"] for row in found} == arms
    assert {row["customer_id"] for row in found if row["removed"]} == {gone}, "the arm stays, only the task goes"
    share = places / len(drawn)
    for row in found:
        assert row["propensity"] == pytest.approx(share if row["arm"] == "holdout" else 1 - share)
    assert {row["customer_id"] for row in watched} == {c for c, arm in arms.items() if arm == "holdout"}


def test_an_edit_against_the_policy_cites_clause_and_line(shop: Workspace) -> None:
    proposal = largest(play="win_back", store="")
    brief = proposal.plan["forms"]["brief"]["zh"]
    cases = {
        "6.1": Edit(scripts={"warm": "全网最低价，快来。"}),
        "6.2": Edit(scripts={"brief": brief.replace("拒收请回复R", "")}),
        "3.1": Edit(offer_strength_share=0.5),
        "4.3": Edit(best_until=time(21, 30)),
        "5.4": Edit(holdout_share=0.45),
        "5.1": Edit(holdout_share=0.02),
        "": Edit(scripts={"warm": "{称呼}，{手机号}"}),
    }
    lines = shop_policy_lines()
    for clause, change in cases.items():
        found = preview(shop, proposal, change).violations
        assert [one.clause for one in found] == [clause], change
        assert found[0].what and (not clause or found[0].line == lines[clause])
        with pytest.raises(rules.BadEdit) as raised:
            edit(LIN, workspace=shop, proposal=proposal.pk, version=None, edit=change)
        assert raised.value.violations[0].clause == clause
    for share in (0.0, 1.0, 3.0):
        assert "对照不能是" in preview(shop, proposal, Edit(holdout_share=share)).violations[0].what
    everybody = frozenset(row["customer_id"] for row in people_of(shop, numbers=[proposal.pk]))
    assert "没有人" in preview(shop, proposal, Edit(remove=everybody)).violations[0].what
    assert "不在" in preview(shop, proposal, Edit(remove=frozenset({987654321}))).violations[0].what
    assert Proposal.objects.get(pk=proposal.pk).version == proposal.version


def shop_policy_lines() -> dict[str, int]:
    text = (DEFINITIONS / "policy.yaml").read_text("utf-8")
    return {
        line.strip(' ":'): number for number, line in enumerate(text.splitlines(), start=1) if line.startswith('  "')
    }


def test_the_offer_says_in_words_what_it_is_in_numbers(shop: Workspace) -> None:
    proposal = largest(play="win_back", store="")
    before = preview(shop, proposal, Edit())
    change = Edit(offer_strength_share=0.12)
    assert preview(shop, proposal, change).cost_minor > before.cost_minor
    edit(LIN, workspace=shop, proposal=proposal.pk, version=None, edit=change)
    plan = Proposal.objects.get(pk=proposal.pk).plan
    assert "八八折" in plan["offer"]["zh"] and "12 %" in plan["offer"]["en"]
    assert "八八折" in plan["scripts"]["warm"]["zh"] and "{优惠}" in plan["forms"]["warm"]["zh"]
    with open_reader(LIN, shop) as lake:
        typed = Edit(scripts={"brief": "{称呼}，{优惠}，等您来。拒收请回复R"})
        shown = queries.examples_with(LIN, lake=lake, proposal_id=proposal.pk, edit=typed, language="zh-hans")
        broken = queries.examples_with(
            LIN, lake=lake, proposal_id=proposal.pk, edit=Edit(scripts={"brief": "{称呼"}), language="zh-hans"
        )
    assert shown and all("八八折" in one.words and one.words.endswith("等您来。拒收请回复R") for one in shown)
    assert {one.words for one in broken} == {"{称呼"}


def test_people_without_a_value_are_counted_and_get_other_words(shop: Workspace) -> None:
    proposal = largest(play="win_back", store="")
    effects = preview(shop, proposal, Edit(scripts={"brief": "{补货商品}，{上次商品}。拒收请回复R"}))
    assert effects.violations == ()
    rows = people_of(shop, numbers=[proposal.pk])
    without = sum(row["replenish_product"] is None for row in rows)
    assert without and effects.fallbacks == (f"{without} 位没有“补货商品”，会说成“东西”",)


def test_two_editors_lose_nothing_unseen(shop: Workspace) -> None:
    proposal = largest()
    edit(LIN, workspace=shop, proposal=proposal.pk, version=proposal.version, edit=Edit(weekdays=(2,)))
    with pytest.raises(rules.Stale, match=r"林晓.*edit: time"):
        edit(WEN, workspace=shop, proposal=proposal.pk, version=proposal.version, edit=Edit(weekdays=(3,)))
    now = Proposal.objects.get(pk=proposal.pk)
    assert now.plan["weekdays"] == [2] and now.version == proposal.version + 1
    kept = list(ProposalReview.objects.filter(proposal=proposal).order_by("version"))
    assert [review.snapshot["plan"]["weekdays"] for review in kept] == [proposal.plan["weekdays"], [2]]
    approve(WEN, workspace=shop, proposal=proposal.pk, version=now.version)
    with pytest.raises(rules.NotNow):
        edit(LIN, workspace=shop, proposal=proposal.pk, version=None, edit=Edit(weekdays=(3,)))


def test_a_play_is_approved_in_all_its_stores_at_once(shop: Workspace) -> None:
    waiting = Proposal.objects.filter(play="win_back", state="proposed").count()
    assert waiting >= 2
    done = approve_play(LIN, workspace=shop, play="win_back")
    assert len(done) == waiting and sum(one.tasks for one in done) > 0
    group = next(g for g in queries.this_week(LIN, language="en").groups if g.play == "win_back")
    assert group.states == {"approved": waiting}
