"""Making tasks of an approved proposal, and taking them back."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.plays.rules import tone_for
from shuke.plays.values import Policy
from shuke.proposals.models import Proposal
from shuke.touches import rules
from shuke.touches.models import Task
from shuke.touches.values import Candidate

OPEN = ("planned", "exported")
_BATCH = 1000


class AlreadyOut(ShukeError):
    """Tasks that are in people's hands cannot be taken back."""


class UnknownTask(ShukeError):
    """There is no such task for this actor."""


@transaction.atomic
def create_tasks(
    actor: Actor,
    *,
    proposal: Proposal,
    people: Sequence[Mapping[str, Any]],
    staff: Mapping[str, Sequence[str]],
    policy: Policy,
    same: Mapping[int, Collection[int]],
) -> int:
    """One task a treated person of an approved proposal; returns how many.

    Who refused since the draw gets none, nor do those for whom the week has no room left (both journaled). `same` holds
    the ids of people who have several (two customers became one since the draw): each gets one task, under the
    smallest of its ids that was drawn.
    `people` are rows of `proposals.queries.treated`, with `source`, `source_row_id` and `variables`.
    """
    require(actor, Permission.REVIEW_PROPOSALS)
    if any(row["arm"] != "treated" for row in people):
        raise ValueError("only treated people become tasks")
    closed = _closed_customers(
        {one for row in people for one in (row["customer_id"], *same.get(row["customer_id"], ()))}
    )
    kept: dict[int, Mapping[str, Any]] = {}
    for row in sorted(people, key=lambda row: row["customer_id"]):
        ids = {row["customer_id"], *same.get(row["customer_id"], ())}
        if not ids & closed and not ids & kept.keys():
            kept[row["customer_id"]] = row
    days = rules.days_of_week(proposal.as_of, preferred=proposal.plan["weekdays"])
    placed = rules.place(
        [
            Candidate(row["customer_id"], row["store"], row["associate"], row["channel"], row["value_minor"])
            for row in kept.values()
        ],
        staff=staff,
        load=load_of(actor, days=days),
        days=days,
        per_day=policy.tasks_per_associate_day,
        per_week=policy.tasks_per_associate_day * policy.task_days,
    )
    codes = _free_codes(proposal.pk, customers=[spot.customer_id for spot in placed])
    tasks = [
        _task(
            proposal,
            row=kept[spot.customer_id],
            code=codes[spot.customer_id],
            associate=spot.associate,
            send_on=spot.send_on,
        )
        for spot in placed
    ]
    Task.objects.bulk_create(tasks, batch_size=_BATCH)
    no_room = len(kept) - len(tasks)
    told = {"tasks": len(tasks), "left_out": len(people) - len(kept), "no_room": no_room}
    note(actor, "tasks made", object_type="proposal", object_id=proposal.pk, **told)
    return len(tasks)


def _task(proposal: Proposal, *, row: Mapping[str, Any], code: str, associate: str, send_on: date) -> Task:
    return Task(
        code=code,
        proposal=proposal,
        as_of=proposal.as_of,
        play=proposal.play,
        segment=proposal.segment,
        store=row["store"],
        associate=associate,
        customer_id=row["customer_id"],
        source=row.get("source") or "",
        source_row_id=row.get("source_row_id") or "",
        channel=row["channel"],
        tone=tone_for(row["channel"], tone=proposal.plan["tone"]),
        variables=row["variables"],
        reason=row["segment_reason"],
        offer_strength_share=proposal.plan["offer"]["strength_share"],
        value_minor=row["value_minor"],
        send_on=send_on,
        best_time=proposal.plan["best_time"],
    )


def _free_codes(proposal: int, *, customers: Sequence[int]) -> dict[int, str]:
    """A code a customer that nobody else has: the next attempt where the first is taken, in order of customers."""
    found: dict[int, str] = {}
    used: set[str] = set()
    waiting, attempt = sorted(customers), 0
    while waiting:
        tried = {customer: rules.code_for(proposal, customer_id=customer, attempt=attempt) for customer in waiting}
        used |= _stored_codes(list(tried.values()))
        for customer, code in tried.items():
            if code not in used:
                used.add(code)
                found[customer] = code
        waiting, attempt = [customer for customer in waiting if customer not in found], attempt + 1
    return found


def _stored_codes(codes: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(codes), _BATCH):
        found |= set(Task.objects.filter(code__in=codes[start : start + _BATCH]).values_list("code", flat=True))
    return found


def load_of(actor: Actor, *, days: Sequence[date]) -> dict[tuple[str, str, date], int]:
    """Tasks of everybody by store, associate and day: open ones, and those done on their day."""
    require(actor, Permission.SEE_TASKS)
    found = Task.objects.filter(send_on__in=days, state__in=(*OPEN, "done")).exclude(associate="", store="")
    return dict(Counter(found.values_list("store", "associate", "send_on")))


def _closed_customers(asked: Collection[int]) -> set[int]:
    """Those of `asked` who asked not to be contacted or complained, by the outcomes recorded so far."""
    blocking = ("refused", "complained")
    customers = sorted(asked)
    found: set[int] = set()
    for start in range(0, len(customers), _BATCH):
        part = customers[start : start + _BATCH]
        found |= set(
            Task.objects.filter(customer_id__in=part, outcome__in=blocking).values_list("customer_id", flat=True)
        )
    return found


@transaction.atomic
def take_back(actor: Actor, *, proposal_id: int) -> int:
    """Removes the tasks of a withdrawn proposal; raises `AlreadyOut` where a sheet is out or something was recorded."""
    require(actor, Permission.REVIEW_PROPOSALS)
    tasks = Task.objects.filter(proposal_id=proposal_id)
    out = tasks.exclude(state="planned").count()
    if out:
        raise AlreadyOut(
            f"{out} tasks of this proposal are in people's hands already.", hint="Record what happened to them instead."
        )
    removed = tasks.count()
    tasks.delete()
    note(actor, "tasks taken back", object_type="proposal", object_id=proposal_id, tasks=removed)
    return removed
