"""A week that is run again: what people decided or edited stays, and nobody gets into two plays."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.plays.adapters import DEFINITIONS
from shuke.procedures.review_proposal import approve, edit, open_proposals, withdraw
from shuke.proposals import queries, rules
from shuke.proposals.models import Proposal
from shuke.proposals.values import Edit
from shuke.touches.models import Task
from shuke.touches.queries import tasks
from tests.predictions.world import AS_OF
from tests.proposals.shop import people_of, run_week, shop_tables


@pytest.fixture
def shop(workspace: Workspace, fill_lake: Any) -> Workspace:
    fill_lake(**shop_tables())
    return workspace


def _in_two_plays(shop: Workspace) -> set[int]:
    live = Proposal.objects.exclude(state__in=("draft", "rejected")).values_list("pk", flat=True)
    found = Counter(row["customer_id"] for row in people_of(shop, numbers=list(live)))
    return {customer for customer, plays in found.items() if plays > 1}


def _largest() -> Proposal:
    return Proposal.objects.filter(state="proposed").order_by("-people", "id")[0]


def test_a_play_paused_since_lets_its_people_go(shop: Workspace) -> None:
    run_week(shop)
    paused = _largest().play
    stores = Proposal.objects.filter(play=paused, state="proposed").count()
    shop.plays.mkdir()
    (shop.plays / f"{paused}.yaml").write_text("paused: true\n", "utf-8")
    run_week(shop)
    assert stores > 1 and not Proposal.objects.filter(play=paused, state="proposed").exists()
    assert not people_of(shop, numbers=list(Proposal.objects.filter(play=paused).values_list("pk", flat=True)))
    view = queries.this_week(SYSTEM, language="en")
    assert [card.why_now for card in view.not_proposed if card.play == paused] == [f"Paused in plays/{paused}.yaml"]
    assert not _in_two_plays(shop)
    (shop.plays / f"{paused}.yaml").unlink()
    run_week(shop)
    assert Proposal.objects.filter(play=paused, state="proposed").count() == stores
    assert not _in_two_plays(shop)


def test_a_play_whose_file_is_gone_rests(shop: Workspace) -> None:
    shop.plays.mkdir()
    own = shop.plays / "our_own.yaml"
    shipped = (DEFINITIONS / "win_back.yaml").read_text("utf-8").replace("priority: 140", "priority: 1")
    own.write_text(shipped, "utf-8")
    run_week(shop)
    assert Proposal.objects.filter(play="our_own", state="proposed").exists()
    own.unlink()
    run_week(shop)
    assert not Proposal.objects.filter(play="our_own", state="proposed").exists()
    assert Proposal.objects.filter(play="win_back", state="proposed").exists()
    assert not _in_two_plays(shop)
    card = next(card for card in queries.this_week(SYSTEM, language="en").not_proposed if card.play == "our_own")
    assert card.why_now == "The file of this play is gone"


def test_an_edit_and_a_withdrawal_outlive_another_run(shop: Workspace) -> None:
    run_week(shop)
    edited, back = Proposal.objects.filter(state="proposed", people__gt=3).order_by("-people", "id")[:2]
    one = people_of(shop, numbers=[edited.pk])[0]["customer_id"]
    edit(SYSTEM, workspace=shop, proposal=edited.pk, version=None, edit=Edit(remove=frozenset({one}), language="en"))
    approve(SYSTEM, workspace=shop, proposal=back.pk)
    withdraw(SYSTEM, proposal=back.pk)
    before = {p.pk: (p.version, rules.snapshot(p)) for p in Proposal.objects.filter(pk__in=(edited.pk, back.pk))}
    people = people_of(shop, numbers=[edited.pk, back.pk])
    run_week(shop)
    assert {p.pk: (p.version, rules.snapshot(p)) for p in Proposal.objects.filter(pk__in=before)} == before
    assert people_of(shop, numbers=[edited.pk, back.pk]) == people
    assert edited.pk in open_proposals(SYSTEM)
    assert not _in_two_plays(shop)


def test_coverage_knows_the_people_of_approved_proposals(shop: Workspace) -> None:
    run_week(shop)
    with open_reader(SYSTEM, shop) as lake:
        before = queries.coverage(SYSTEM, lake=lake, language="en")
    for number in open_proposals(SYSTEM):
        approve(SYSTEM, workspace=shop, proposal=number)
    run_week(shop)
    with open_reader(SYSTEM, shop) as lake:
        after = queries.coverage(SYSTEM, lake=lake, language="en")
    assert before.share > 0.1
    assert sum(row.in_plays for row in after.rows) >= sum(row.in_plays for row in before.rows)
    assert after.share >= before.share


def test_a_task_outlives_its_segment(shop: Workspace) -> None:
    run_week(shop)
    approve(SYSTEM, workspace=shop, proposal=_largest().pk)
    Task.objects.update(segment="own_99")
    with open_reader(SYSTEM, shop) as lake:
        shown = tasks(SYSTEM, lake=lake, language="en")
    assert shown and all(one.words and one.why == "" for one in shown)


def test_no_week_is_planned_behind_one_under_way(shop: Workspace) -> None:
    run_week(shop)
    run_week(shop, as_of=AS_OF - timedelta(days=7))
    number = Proposal.objects.filter(as_of=AS_OF, state="proposed").order_by("-people")[0].pk
    approve(SYSTEM, workspace=shop, proposal=number)
    before = list(Proposal.objects.order_by("id").values("id", "version", "state"))
    with pytest.raises(rules.NotNow, match=f"{AS_OF} is under way"):
        run_week(shop, as_of=AS_OF - timedelta(days=7))
    assert list(Proposal.objects.order_by("id").values("id", "version", "state")) == before
