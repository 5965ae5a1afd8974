"""Unfinished tasks roll once and expire; tasks change hands within stores, capacity and the WeCom rule."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shuke.journal.models import Entry
from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import NotAllowed
from shuke.kernel.workspace import Workspace
from shuke.plays.queries import policy as policy_of
from shuke.plays.values import Policy
from shuke.proposals.models import Proposal
from shuke.touches import queries
from shuke.touches.actions import BoundToOwner, NotYours, OverCapacity, reassign, roll_over
from shuke.touches.models import Task
from shuke.touches.rules import code_for
from shuke.touches.values import Rolled

MONDAY = date(2026, 11, 16)
NEXT = MONDAY + timedelta(days=7)
MANAGER = Actor(name="店长", role=Role.MANAGER, stores=frozenset({"滨江店"}))


@pytest.fixture
def policy(workspace: Workspace) -> Policy:
    return policy_of(SYSTEM, workspace=workspace)


def proposal(as_of: date = MONDAY, **fields: Any) -> Proposal:
    known: dict[str, Any] = {
        "play": "win_back",
        "segment": "win_back",
        "currency": "CNY",
        "salt": "s",
        "holdout_share": 0.1,
    }
    plan: dict[str, Any] = {"weekdays": [4, 5, 6], "zh": "召回", "en": "Win back"}
    return Proposal.objects.create(
        id=Proposal.objects.count() + 1,
        as_of=as_of,
        state="exported",
        plan=plan,
        created_at=datetime(2026, 11, 16, tzinfo=UTC),
        **{**known, **fields},
    )


def tasks(number: int, *, of: Proposal, start: int = 0, **fields: Any) -> list[Task]:
    known: dict[str, Any] = {
        "store": "滨江店",
        "associate": "周敏",
        "channel": "in_store",
        "state": "exported",
        "send_on": MONDAY,
    }
    rows = [
        Task(
            code=code_for(of.pk, customer_id=start + place), proposal=of, as_of=of.as_of, play=of.play,
            segment=of.segment, customer_id=start + place, reason="", best_time="18:00-20:00", value_minor=place,
            **{**known, **fields},
        )
        for place in range(number)
    ]  # fmt: skip
    return Task.objects.bulk_create(rows)


def test_unfinished_tasks_roll_once_then_expire(policy: Policy) -> None:
    made = proposal()
    open_ones = tasks(5, of=made)
    tasks(3, of=made, start=100, state="done", outcome="no_reply")
    assert roll_over(SYSTEM, as_of=NEXT, policy=policy) == Rolled(rolled=5, expired=0)
    found = list(Task.objects.filter(pk__in=[task.pk for task in open_ones]))
    assert {task.rolled for task in found} == {1} and {task.first_on for task in found} == {MONDAY}
    assert all(NEXT <= task.send_on < NEXT + timedelta(days=7) and task.send_on.isoweekday() == 4 for task in found)
    before = list(Task.objects.order_by("pk").values())
    assert roll_over(SYSTEM, as_of=NEXT, policy=policy) == Rolled(0, 0)
    assert list(Task.objects.order_by("pk").values()) == before, "the same week again changes nothing"
    assert roll_over(SYSTEM, as_of=NEXT + timedelta(days=7), policy=policy) == Rolled(rolled=0, expired=5)
    assert Counter(Task.objects.values_list("state", flat=True)) == {"expired": 5, "done": 3}
    details = [entry.details for entry in Entry.objects.filter(verb="unfinished").order_by("pk")]
    assert [(d["rolled"], d["expired"], d["clause"]) for d in details] == [(5, 0, "7.3"), (0, 5, "7.3")]


def test_a_task_older_than_its_life_does_not_roll(policy: Policy) -> None:
    tasks(2, of=proposal(), send_on=NEXT - timedelta(days=policy.task_lives_days))
    assert roll_over(SYSTEM, as_of=NEXT, policy=policy) == Rolled(rolled=0, expired=2)


def test_rolled_tasks_take_their_places_first_and_the_most_valuable_stay(policy: Policy) -> None:
    """All seven days are full but for three places: the three most valuable move, the rest expire."""
    made = proposal()
    late = tasks(10, of=made)
    week = [NEXT + timedelta(days=n) for n in range(7)]
    new = proposal(as_of=NEXT)
    for place, day in enumerate(week):
        full = policy.tasks_per_associate_day - (3 if place == 6 else 0)
        tasks(full, of=new, start=1_000 * (place + 1), send_on=day, state="planned")
    assert roll_over(SYSTEM, as_of=NEXT, policy=policy) == Rolled(rolled=3, expired=7)
    kept = Task.objects.filter(pk__in=[task.pk for task in late], state="exported")
    assert sorted(kept.values_list("value_minor", flat=True)) == [7, 8, 9]
    counts = Counter(Task.objects.filter(send_on__gte=NEXT).values_list("send_on", flat=True))
    assert max(counts.values()) <= policy.tasks_per_associate_day


def test_the_load_of_a_week_counts_what_will_roll_into_it(policy: Policy) -> None:
    made = proposal()
    tasks(4, of=made)
    tasks(2, of=made, start=50, associate="沈佳", rolled=1)
    tasks(3, of=made, start=80, state="done", outcome="bought")
    lives = policy.task_lives_days
    assert queries.open_load(SYSTEM, as_of=NEXT, lives_days=lives) == {("滨江店", "周敏"): 4}
    assert queries.open_load(SYSTEM) == {("滨江店", "周敏"): 4, ("滨江店", "沈佳"): 2}
    roll_over(SYSTEM, as_of=NEXT, policy=policy)
    assert queries.open_load(SYSTEM, as_of=NEXT, lives_days=lives) == {("滨江店", "周敏"): 4}


def test_progress_tells_done_expired_rolled_and_the_days(policy: Policy) -> None:
    made = proposal()
    tasks(4, of=made)
    tasks(3, of=made, start=10, state="done", outcome="bought")
    tasks(1, of=made, start=20, state="expired")
    tasks(1, of=made, start=30, state="cancelled")
    roll_over(SYSTEM, as_of=NEXT, policy=policy)
    (row,) = queries.by_store(SYSTEM)
    assert (row.store, row.tasks, row.done, row.expired, row.rolled, row.open) == ("滨江店", 8, 3, 1, 4, 4)
    (mine,) = queries.by_associate(MANAGER, store="滨江店", policy=policy)
    assert mine.capacity == policy.tasks_per_associate_day and sum(count for _, count in mine.days) == 4
    assert queries.by_associate(MANAGER, store="城西店") == []


def test_a_manager_gives_tasks_to_a_colleague(policy: Policy) -> None:
    moved = [task.pk for task in tasks(3, of=proposal())]
    asked: dict[str, Any] = {"store": "滨江店", "associate": "沈佳", "team": ("周敏", "沈佳"), "policy": policy}
    assert reassign(MANAGER, task_ids=moved, **asked) == 3
    assert set(Task.objects.values_list("associate", flat=True)) == {"沈佳"}
    assert reassign(MANAGER, task_ids=moved, **asked) == 0, "they are there already"
    entries = Entry.objects.filter(verb="reassigned")
    assert [entry.details["before"] for entry in entries] == ["滨江店/周敏"] * 3


def test_who_and_where_is_checked(policy: Policy) -> None:
    mine = [task.pk for task in tasks(1, of=proposal())]
    other = [task.pk for task in tasks(1, of=proposal(play="birthday"), start=5, store="城西店", associate="吴越")]
    asked: dict[str, Any] = {"team": ("周敏", "沈佳"), "policy": policy}
    with pytest.raises(NotYours, match="own stores"):
        reassign(MANAGER, task_ids=mine + other, store="滨江店", associate="沈佳", **asked)
    with pytest.raises(NotYours, match="own stores"):
        reassign(MANAGER, task_ids=mine, store="城西店", associate="吴越", team=("吴越",), policy=policy)
    with pytest.raises(NotYours, match="does not work at"):
        reassign(MANAGER, task_ids=mine, store="滨江店", associate="吴越", **asked)
    Task.objects.filter(pk__in=mine).update(state="done", outcome="bought")
    with pytest.raises(NotYours, match="done or closed"):
        reassign(MANAGER, task_ids=mine, store="滨江店", associate="沈佳", **asked)
    zhou = Actor(name="周敏", role=Role.ASSOCIATE, stores=frozenset({"滨江店"}), associate="周敏")
    with pytest.raises(NotAllowed):
        reassign(zhou, task_ids=mine, store="滨江店", associate="沈佳", **asked)


def test_one_to_one_wecom_stays_with_its_owner(policy: Policy) -> None:
    made = proposal()
    bound = [task.pk for task in tasks(2, of=made, channel="wecom")]
    free = [task.pk for task in tasks(1, of=made, start=9)]
    asked: dict[str, Any] = {"store": "滨江店", "associate": "沈佳", "team": ("周敏", "沈佳"), "policy": policy}
    with pytest.raises(BoundToOwner, match=r"clause 1\.3") as raised:
        reassign(MANAGER, task_ids=bound + free, **asked)
    assert "2 of these" in str(raised.value) and raised.value.hint
    assert set(Task.objects.values_list("associate", flat=True)) == {"周敏"}, "all or none"


def test_more_than_the_day_holds_needs_a_word(policy: Policy) -> None:
    made = proposal()
    tasks(policy.tasks_per_associate_day - 1, of=made, start=50, associate="沈佳")
    moving = [task.pk for task in tasks(2, of=made)]
    asked: dict[str, Any] = {"store": "滨江店", "associate": "沈佳", "team": ("周敏", "沈佳"), "policy": policy}
    with pytest.raises(OverCapacity, match="1 more than the 8 a day"):
        reassign(MANAGER, task_ids=moving, **asked)
    assert reassign(MANAGER, task_ids=moving, allow_over=True, **asked) == 2
    assert {entry.details["over"] for entry in Entry.objects.filter(verb="reassigned")} == {True}
