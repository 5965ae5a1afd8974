"""One person under several ids is touched once: doubles are cancelled, and an approval makes one task."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from shuke.customers.queries import alias_sets
from shuke.journal.models import Entry
from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.plays.queries import policy as policy_of
from shuke.proposals.models import Proposal
from shuke.touches.actions import create_tasks
from shuke.touches.models import Task
from shuke.touches.rules import doubles

Fill = Callable[..., None]
MONDAY = date(2026, 11, 16)


@dataclass
class One:
    """A task as the rule sees it."""

    pk: int
    play: str
    state: str = "planned"
    value_minor: int = 0
    as_of: date = MONDAY


def test_each_play_of_a_week_stays_once() -> None:
    assert doubles([One(1, "a"), One(2, "b"), One(3, "a", as_of=date(2026, 11, 23))]) == []
    assert doubles([One(1, "a", value_minor=5), One(2, "a", value_minor=9)]) == [1]
    assert doubles([One(1, "a", value_minor=99), One(2, "a", "exported")]) == [1]
    assert doubles([One(1, "a", "exported"), One(2, "a", "done"), One(3, "a", "done")]) == [1]
    assert doubles([One(2, "a"), One(1, "a"), One(3, "a")]) == [2, 3]


def person(customer_id: int) -> dict[str, Any]:
    return {
        "customer_id": customer_id, "arm": "treated", "store": "", "associate": "", "channel": "sms", "value_minor": 1,
        "variables": {}, "segment_reason": "r",
    }  # fmt: skip


def test_an_approval_after_a_merge_makes_one_task_and_heeds_every_refusal(
    workspace: Workspace, fill_lake: Fill
) -> None:
    led = [(11, 1), (12, 1), (21, 2)]
    fill_lake(customer_aliases=[{"alias_id": alias, "customer_id": one} for alias, one in led])
    with open_reader(SYSTEM, workspace) as lake:
        same = alias_sets(SYSTEM, lake=lake, customer_ids=[1, 12, 2, 3])
    assert same == {1: frozenset({1, 11, 12}), 12: frozenset({1, 11, 12}), 2: frozenset({2, 21})}
    plan = {"weekdays": [4], "tone": "warm", "offer": {"strength_share": 0.1}, "best_time": "18:00"}
    made = Proposal.objects.create(
        id=1, as_of=MONDAY, play="win_back", segment="win_back", currency="CNY", salt="s", holdout_share=0.1,
        plan=plan, created_at=datetime(2026, 11, 16, tzinfo=UTC),
    )  # fmt: skip
    Task.objects.create(
        code="OLD", proposal=made, as_of=date(2026, 11, 9), play="other", segment="s", customer_id=21, channel="sms",
        reason="r", send_on=MONDAY, best_time="18:00", state="done", outcome="refused",
    )  # fmt: skip
    count = create_tasks(
        SYSTEM, proposal=made, people=[person(one) for one in (12, 1, 2, 3)], staff={}, same=same,
        policy=policy_of(SYSTEM, workspace=workspace),
    )  # fmt: skip
    assert count == 2
    assert set(Task.objects.filter(state="planned").values_list("customer_id", flat=True)) == {1, 3}
    assert Entry.objects.get(verb="tasks made").details == {"tasks": 2, "left_out": 2, "no_room": 0}
