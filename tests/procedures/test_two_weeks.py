"""The demo's two weeks end to end: counts add up, nobody held out is touched, the truth is the product's own sum."""

import csv
import hashlib
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.outcomes.queries import last_week
from shuke.plays.queries import policy as policy_of
from shuke.procedures.run_demo import AS_OF, FIRST_WEEK, run_demo
from shuke.proposals.models import Proposal
from shuke.touches.models import Task

SIZE = {"customers": 700, "seed": 20261123}


def quiet(_: str) -> None:
    return None


def sheets(folder: Path) -> list[dict[str, str]]:
    return [
        row for path in sorted(folder.glob("*.csv")) for row in csv.DictReader(path.read_text("utf-8-sig").splitlines())
    ]


def prints(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def lived(workspace: Workspace, tmp_path: Path) -> Path:
    folder = tmp_path / "demo"
    run_demo(folder, workspace=workspace, progress=quiet, **SIZE)
    return folder


def test_the_demo_lives_through_two_weeks(workspace: Workspace, lived: Path) -> None:
    """One demo for all that is to be seen of it."""
    assert Proposal.objects.filter(as_of=AS_OF, state="proposed").exists(), "the second week waits for a decision"
    counts_add_up(workspace, lived=lived)
    world_and_product_agree(workspace, lived=lived)
    unfinished_tasks_stay_within_capacity(workspace)
    again_nothing_changes(workspace, lived=lived)


def counts_add_up(workspace: Workspace, *, lived: Path) -> None:
    first = Proposal.objects.filter(as_of=FIRST_WEEK, state="exported")
    assert first.exists() and not Proposal.objects.filter(as_of=FIRST_WEEK, state="proposed").exists()
    assert not Proposal.objects.filter(as_of=AS_OF, state__in=("approved", "exported")).exists()
    handed_out, handed_in = sheets(lived / "handed_out"), sheets(lived / "handed_in")
    with open_reader(SYSTEM, workspace) as lake:
        arms = lake.rows("select proposal, customer_id, arm from proposal_people where as_of = $day", day=FIRST_WEEK)
        view = last_week(SYSTEM, lake=lake, language="zh-hans")
    drawn = Counter((row["proposal"], row["arm"]) for row in arms)
    sent = {proposal.pk for proposal in first}
    held = {str(row["customer_id"]) for row in arms if row["arm"] == "holdout" and row["proposal"] in sent}
    for proposal in first:
        assert proposal.treated == drawn[proposal.pk, "treated"] and proposal.holdout == drawn[proposal.pk, "holdout"]
        assert proposal.people == proposal.treated + proposal.holdout
    treated = sum(proposal.treated for proposal in first)
    assert len(handed_out) == Task.objects.count() <= treated
    assert held and not held & {row["customer_id"] for row in handed_out}
    answered = [row for row in handed_in if row["outcome"]]
    assert len(answered) == Task.objects.filter(state="done").count() > 0
    assert len(answered) < len(handed_out), "some tasks were left undone"
    assert len(Counter(row["outcome"] for row in answered)) > 2
    assert view.as_of == FIRST_WEEK and view.until == AS_OF
    assert sum(result.treated for result in view.plays) == treated
    assert sum(result.holdout for result in view.plays) == len(held)
    outcomes = Counter(Task.objects.values_list("outcome", flat=True))
    lost = outcomes["wrong_number"] + outcomes["contact_gone"] + outcomes["unsuitable"]
    assert sum(result.reached for result in view.plays) == len(answered) - lost
    assert all(result.sentence and result.next_step and "{" not in result.sentence for result in view.plays)


def world_and_product_agree(workspace: Workspace, *, lived: Path) -> None:
    """Extra buyers of the hidden truth are among the treated buyers; nobody held out has an extra purchase."""
    responses = pq.read_table(lived / "truth" / "responses.parquet").to_pylist()
    codes = {row["task_code"] for row in sheets(lived / "handed_out")}
    assert {row["task_code"] for row in responses} == codes
    bought = {row["task_code"]: row["bought_on"] for row in responses if row["bought_on"]}
    assert bought and all(row["is_done"] for row in responses if row["bought_on"])
    customers = dict(Task.objects.filter(code__in=bought).values_list("code", "customer_id"))
    assert all(FIRST_WEEK <= day < AS_OF for day in bought.values())
    with open_reader(SYSTEM, workspace) as lake:
        found = lake.rows(
            "select customer_id, ordered_on from orders where counted and ordered_on >= $day", day=FIRST_WEEK
        )
    days = {(row["customer_id"], row["ordered_on"]) for row in found}
    seen = sum((customers[code], day) in days for code, day in bought.items())
    assert seen >= 0.6 * len(bought), "most extra purchases carry a member number or an account that is known"


def unfinished_tasks_stay_within_capacity(workspace: Workspace) -> None:
    policy = policy_of(SYSTEM, workspace=workspace)
    rolled = Task.objects.filter(rolled=1)
    assert rolled.exists()
    assert all(AS_OF <= task.send_on < AS_OF + timedelta(days=7) and task.state == "exported" for task in rolled)
    days = Counter(Task.objects.exclude(associate="").values_list("store", "associate", "send_on"))
    assert max(days.values()) <= policy.tasks_per_associate_day
    open_codes = set(Task.objects.filter(state__in=("planned", "exported")).values_list("code", flat=True))
    assert {row["task_code"] for row in sheets(workspace.tasks)} == open_codes


def again_nothing_changes(workspace: Workspace, *, lived: Path) -> None:
    before = prints(lived)
    tasks = list(Task.objects.order_by("pk").values())
    proposals = list(Proposal.objects.order_by("pk").values("pk", "version", "state", "people"))
    run_demo(lived, workspace=workspace, progress=quiet, **SIZE)
    assert prints(lived) == before
    assert list(Task.objects.order_by("pk").values()) == tasks
    assert list(Proposal.objects.order_by("pk").values("pk", "version", "state", "people")) == proposals
