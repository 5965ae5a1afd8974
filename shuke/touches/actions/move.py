"""Tasks change hands or days: reassigned by a manager, rolled into the next week, expired, handed out."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.plays.values import Policy
from shuke.touches import rules
from shuke.touches.actions.make import OPEN, load_of
from shuke.touches.models import Task
from shuke.touches.values import Rolled

_BATCH = 1000


class NotYours(ShukeError):
    """A task or store outside the actor's stores, or somebody who does not work there."""


class BoundToOwner(ShukeError):
    """One-to-one WeCom goes to the associate whom the customer added, and to nobody else."""

    def __init__(self, count: int, *, clause: str) -> None:
        super().__init__(
            f"{count} of these are one-to-one WeCom messages; only the associate whom the customer added can send them"
            f" (clause {clause}).",
            hint="Leave them out, or hand the contact over in WeCom first.",
        )
        self.count, self.clause = count, clause


class OverCapacity(ShukeError):
    """The new associate would have more tasks on a day than the policy allows."""

    def __init__(self, associate: str, *, day: date, tasks: int, per_day: int) -> None:
        super().__init__(
            f"{associate} would have {tasks} tasks on {day:%d %b}, {tasks - per_day} more than the {per_day} a day"
            " that the policy allows.",
            hint="Choose fewer or somebody else, or confirm that it may be more.",
        )
        self.associate, self.day, self.tasks, self.per_day = associate, day, tasks, per_day


@transaction.atomic
def reassign(
    actor: Actor,
    *,
    task_ids: Sequence[int],
    store: str,
    associate: str,
    team: Sequence[str],
    policy: Policy,
    allow_over: bool = False,
) -> int:
    """Gives open tasks to an associate of a store of the actor's; returns how many changed hands. Journaled each.

    `team` are the associates of `store`. All or none: raises `NotYours`, `BoundToOwner` (one-to-one WeCom, clause
    `channels_own_contact`) or, unless `allow_over`, `OverCapacity`.
    """
    require(actor, Permission.EXPORT_TASKS)
    tasks = list(Task.objects.filter(pk__in=task_ids, state__in=OPEN).order_by("id"))
    _check_scope(actor, tasks=tasks, asked=len(set(task_ids)), store=store, associate=associate, team=team)
    moving = [task for task in tasks if (task.store, task.associate) != (store, associate)]
    bound = [task for task in moving if task.channel == rules.OWNER_CHANNEL]
    if bound:
        raise BoundToOwner(len(bound), clause=policy.clause("channels_own_contact"))
    if not allow_over:
        _check_room(actor, moving=moving, store=store, associate=associate, per_day=policy.tasks_per_associate_day)
    for task in moving:
        before = f"{task.store}/{task.associate}"
        note(
            actor,
            "reassigned",
            object_type="task",
            object_id=task.code,
            before=before,
            after=f"{store}/{associate}",
            over=allow_over,
        )
        task.store, task.associate = store, associate
    Task.objects.bulk_update(moving, ["store", "associate"], batch_size=_BATCH)
    return len(moving)


def _check_scope(
    actor: Actor, *, tasks: Sequence[Task], asked: int, store: str, associate: str, team: Sequence[str]
) -> None:
    own = actor.stores
    if own is not None and (store not in own or any(task.store not in own for task in tasks)):
        raise NotYours("Tasks move only between your own stores.", hint="Ask the other store's manager.")
    if len(tasks) < asked:
        raise NotYours(
            f"{asked - len(tasks)} of these tasks are done or closed by now.", hint="Load the list again, then choose."
        )
    if associate not in team:
        raise NotYours(f"{associate or 'Nobody'} does not work at {store}.", hint="Choose somebody of the store.")


def _check_room(actor: Actor, *, moving: Sequence[Task], store: str, associate: str, per_day: int) -> None:
    coming = Counter(task.send_on for task in moving)
    load = load_of(actor, days=list(coming))
    for day in sorted(coming):
        then = load.get((store, associate, day), 0) + coming[day]
        if then > per_day:
            raise OverCapacity(associate, day=day, tasks=then, per_day=per_day)


def roll_over(actor: Actor, *, as_of: date, policy: Policy) -> Rolled:
    """Moves unfinished tasks of earlier weeks into the week from `as_of`, in the caller's transaction; journaled.

    Each moves once, while younger than the policy's `task_lives_days`, to the same associate's free places, the most
    valuable first; all others expire. Running the same week again changes nothing.
    """
    require(actor, Permission.WORK_TASKS)
    late = list(
        Task.objects.filter(state__in=OPEN, send_on__lt=as_of)
        .select_related("proposal")
        .order_by("-value_minor", "customer_id", "id")
    )
    week = [as_of + timedelta(days=n) for n in range(7)]
    load: dict[tuple[str, str, date], int] = defaultdict(int, load_of(actor, days=week))
    moved: dict[date | None, list[int]] = defaultdict(list)
    for task in late:
        day = _new_day(task, as_of=as_of, load=load, policy=policy)
        moved[day].append(task.pk)
        if day is not None:
            load[(task.store, task.associate, day)] += 1
    for day, numbers in moved.items():
        _move(numbers, day=day)
    expired = len(moved[None])
    if late:
        clause = policy.clause("task_lives_days")
        counts = {"rolled": len(late) - expired, "expired": expired, "clause": clause}
        note(actor, "unfinished", object_type="tasks", object_id=as_of, **counts)
    return Rolled(rolled=len(late) - expired, expired=expired)


def _move(numbers: Sequence[int], *, day: date | None) -> None:
    """Puts tasks on another day; without one they expire."""
    for start in range(0, len(numbers), _BATCH):
        found = Task.objects.filter(pk__in=numbers[start : start + _BATCH])
        if day is None:
            found.update(state="expired")
        else:
            found.update(first_on=Coalesce("first_on", "send_on"), send_on=day, rolled=F("rolled") + 1)


def _new_day(task: Task, *, as_of: date, load: dict[tuple[str, str, date], int], policy: Policy) -> date | None:
    if not rules.may_roll(task, as_of=as_of, lives_days=policy.task_lives_days):
        return None
    days = rules.days_of_week(as_of, preferred=task.proposal.plan["weekdays"])
    if not task.associate and not task.store:
        return days[0]
    free = (day for day in days if load[(task.store, task.associate, day)] < policy.tasks_per_associate_day)
    return next(free, None)


def mark_exported(actor: Actor, *, task_ids: Sequence[int]) -> None:
    """Marks planned tasks as handed out, in the caller's transaction."""
    require(actor, Permission.EXPORT_TASKS)
    for start in range(0, len(task_ids), _BATCH):
        part = task_ids[start : start + _BATCH]
        Task.objects.filter(pk__in=part, state="planned").update(state="exported")
