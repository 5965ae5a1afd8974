"""Recording what came of tasks: from a sheet, or one tap."""

from collections.abc import Sequence

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import ShukeError
from shuke.touches import adapters, rules
from shuke.touches.actions.make import UnknownTask
from shuke.touches.models import Task
from shuke.touches.values import Outcome, Problem, ResultRow, ResultsReport

_BATCH = 1000
_CLOSED = ("cancelled", "expired")


class UnknownOutcome(ShukeError):
    """No such outcome."""


class ClosedTask(ShukeError):
    """The task was cancelled or has expired; nothing is recorded on it, and it does not open again."""


@transaction.atomic
def record_rows(actor: Actor, *, rows: Sequence[ResultRow]) -> ResultsReport:
    """Takes what can be taken of a sheet's rows; the rest is listed with its row. A repeat changes nothing.

    A later, different outcome replaces the earlier one and is journaled with both. Two different outcomes for one code
    in one sheet: the lower row wins, and the upper is listed.
    """
    require(actor, Permission.WORK_TASKS)
    codes = {rules.cleaned(row.code) for row in rows}
    tasks = _tasks_by_code(actor, codes=codes)
    last = {rules.cleaned(row.code): row.row for row in rows if row.outcome}
    problems: list[Problem] = []
    counts = {"taken": 0, "unchanged": 0, "changed": 0, "empty": 0}
    for row in rows:
        code = rules.cleaned(row.code)
        outcome = rules.outcome_of(row.outcome, outcomes=adapters.outcomes()) if row.outcome else None
        problem = _problem(row, code=code, task=tasks.get(code), outcome=outcome)
        if problem:
            problems.append(Problem(row=row.row, code=row.code, message=problem[1], reason=problem[0]))
        elif outcome is None:
            counts["empty"] += 1
        elif (
            last[code] != row.row
            and rules.outcome_of(_outcome_at(rows, last[code]), outcomes=adapters.outcomes()) != outcome
        ):
            message = f"Row {last[code]} gives another outcome for this task; that one was taken."
            problems.append(Problem(row=row.row, code=row.code, message=message, reason="overruled"))
        else:
            done = _apply(actor, task=tasks[code], outcome=outcome, text=row.note)
            counts[done] += 1
    counts["taken"] += counts["changed"]
    return ResultsReport(rows=len(rows), problems=tuple(problems), **counts)


@transaction.atomic
def record_one(actor: Actor, *, task_id: int, outcome: str, text: str = "") -> Task:
    """Records (or, with an empty outcome, takes back) what came of one task.

    Raises `UnknownTask`, `UnknownOutcome`, `ClosedTask`: a refusal cancels a person's other tasks, and taking back
    an outcome must not open one of those again.
    """
    require(actor, Permission.WORK_TASKS)
    task = Task.objects.filter(pk=task_id).first()
    if task is None or not rules.may_work(actor, task=task):
        raise UnknownTask("There is no such task among yours.", hint="Look at the list of tasks.")
    if task.state in _CLOSED:
        raise ClosedTask(f"This task was {task.state}.", hint="Look at the list of tasks: it is not to be done.")
    if not outcome:
        note(actor, "outcome taken back", object_type="task", object_id=task.code, before=task.outcome)
        task.outcome, task.state, task.outcome_at, task.outcome_by = "", "exported", None, ""
        task.save()
        return task
    known = adapters.outcomes().get(outcome)
    if known is None:
        raise UnknownOutcome(f"There is no outcome '{outcome}'.", hint=f"Known: {', '.join(adapters.outcomes())}.")
    _apply(actor, task=task, outcome=known, text=text)
    return task


def _tasks_by_code(actor: Actor, *, codes: set[str]) -> dict[str, Task]:
    ordered = sorted(codes)
    found: dict[str, Task] = {}
    for start in range(0, len(ordered), _BATCH):
        part = Task.objects.filter(code__in=ordered[start : start + _BATCH])
        found |= {task.code: task for task in part if rules.may_work(actor, task=task)}
    return found


def _problem(row: ResultRow, *, code: str, task: Task | None, outcome: Outcome | None) -> tuple[str, str] | None:
    """The kind of trouble and its sentence, or None where the row can be taken."""
    if not code:
        return "no_code", "An outcome without a task code. Copy the code from the sheet that was handed out."
    if not rules.is_valid(code):
        said = f"'{row.code}' is not a whole task code: a character is wrong, missing or swapped."
        return "broken_code", f"{said} Compare it with the sheet."
    if task is None:
        return "unknown_code", f"No task has the code '{row.code}'. It may be of another shop, or was withdrawn."
    if task.state in _CLOSED and row.outcome:
        return "closed", f"This task was {task.state}; its outcome was not taken."
    if row.outcome and outcome is None:
        words = "、".join(known.zh for known in adapters.outcomes().values())
        return "unknown_outcome", f"'{row.outcome}' is not an outcome. Use one of: {words}."
    return None


def _outcome_at(rows: Sequence[ResultRow], number: int) -> str:
    return next(row.outcome for row in rows if row.row == number)


def _apply(actor: Actor, *, task: Task, outcome: Outcome, text: str) -> str:
    if task.outcome == outcome.code and (not text or text == task.note):
        return "unchanged"
    before = task.outcome
    task.outcome, task.state = outcome.code, "done"
    task.note = text or task.note
    task.outcome_at, task.outcome_by = utc_now(), actor.name
    task.save()
    if before and before != outcome.code:
        note(actor, "outcome changed", object_type="task", object_id=task.code, before=before, after=outcome.code)
    if outcome.blocks:
        _close_others(actor, task=task, outcome=outcome)
    return "changed" if before and before != outcome.code else "taken"


def _close_others(actor: Actor, *, task: Task, outcome: Outcome) -> None:
    others = Task.objects.filter(customer_id=task.customer_id, state__in=("planned", "exported")).exclude(pk=task.pk)
    closed = others.update(state="cancelled")
    note(
        actor,
        "contact closed",
        object_type="customer",
        object_id=task.customer_id,
        outcome=outcome.code,
        tasks_cancelled=closed,
    )
