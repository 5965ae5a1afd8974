"""Tasks one by one, as lists and sheets show them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor, Role
from shuke.lake.queries import Reader
from shuke.plays import queries as plays
from shuke.plays import rules as play_rules
from shuke.proposals.adapters import definition as proposal_definition
from shuke.segments.adapters import BadDefinition
from shuke.segments.adapters import definition as segment_definition
from shuke.segments.rules import reason_sentence
from shuke.touches import adapters
from shuke.touches.models import Task
from shuke.touches.values import TaskView

OPEN = ("planned", "exported")
_BATCH = 5000


def tasks(
    actor: Actor,
    *,
    lake: Reader,
    language: str,
    store: str | None = None,
    associate: str | None = None,
    states: Sequence[str] = (),
    proposal_id: int | None = None,
    customer_id: int | None = None,
    send_until: date | None = None,
    limit: int = 200,
    skip: int = 0,
) -> list[TaskView]:
    """Tasks that the actor may work, by day, the most valuable first, with the exact words, names masked."""
    found = scoped(actor).select_related("proposal").order_by("send_on", "-value_minor", "id")
    wanted = {"store": store, "associate": associate, "proposal_id": proposal_id, "customer_id": customer_id}
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    if states:
        found = found.filter(state__in=states)
    if send_until is not None:
        found = found.filter(send_on__lte=send_until)
    chosen = list(found[skip : skip + limit])
    return views(actor, lake=lake, chosen=chosen, language=language)


def task(actor: Actor, *, lake: Reader, task_id: int, language: str) -> TaskView | None:
    """One task that the actor may work, or None."""
    chosen = list(scoped(actor).select_related("proposal").filter(pk=task_id))
    return next(iter(views(actor, lake=lake, chosen=chosen, language=language)), None)


def count(actor: Actor, *, states: Sequence[str] = OPEN, store: str | None = None, associate: str | None = None) -> int:
    """How many tasks of these states the actor may work, of one store or associate where named; as `tasks` lists."""
    wanted = {"store": store, "associate": associate}
    named = {name: value for name, value in wanted.items() if value is not None}
    return scoped(actor).filter(state__in=states, **named).count()


def latest_as_of(actor: Actor) -> date | None:
    """The as-of day of the newest tasks that the actor may work."""
    day: date | None = scoped(actor).aggregate(day=Max("as_of"))["day"]
    return day


def sheet_tasks(actor: Actor) -> list[Task]:
    """The tasks that belong in sheets now: everything still open, of whatever week; what is done is not handed out."""
    require(actor, Permission.EXPORT_TASKS)
    order = ("store", "associate", "send_on", "-value_minor", "code")
    return list(scoped(actor).select_related("proposal").filter(state__in=OPEN).order_by(*order))


def views(actor: Actor, *, lake: Reader, chosen: Sequence[Task], language: str) -> list[TaskView]:
    """Tasks as pages show them, names and words put in from the profiles that the reader may see."""
    require(actor, Permission.SEE_TASKS)
    people = names(actor, lake=lake, customers=[task.customer_id for task in chosen])
    return [_view(actor, task=task, person=people.get(task.customer_id, {}), language=language) for task in chosen]


def names(actor: Actor, *, lake: Reader, customers: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    """Name and gender of customers, masked as the reader masks."""
    require(actor, Permission.SEE_TASKS)
    wanted = sorted(set(customers))
    found: dict[int, Mapping[str, Any]] = {}
    for start in range(0, len(wanted), _BATCH):
        listed = ", ".join(str(number) for number in wanted[start : start + _BATCH])
        rows = lake.rows(f"select customer_id, name, gender from customer_profiles where customer_id in ({listed})")
        found |= {row["customer_id"]: row for row in rows}
    return found


def words_of(actor: Actor, *, task: Task, title: str, language: str) -> tuple[str, str]:
    """The exact words of a task and the sentence why, in the language asked for."""
    short = _short(language)
    facts = {**task.variables, "store": task.variables.get("home_store") or task.store, "associate": task.associate}
    script = task.proposal.plan["scripts"][task.tone][short]
    said = plays.words(actor, script=script, facts=facts, title=title, language=short)
    try:
        segment = segment_definition(task.segment)
    except BadDefinition:
        return said, ""  # the segment was removed since; the task is still to be done
    return said, reason_sentence(segment, reason=task.reason, facts=task.variables, language=short)


def scoped(actor: Actor) -> QuerySet[Task]:
    """The tasks that the actor may see."""
    require(actor, Permission.SEE_TASKS)
    if actor.stores is None:
        return Task.objects.all()
    if actor.role is Role.ASSOCIATE:
        # By store too: somebody of the same name may work elsewhere.
        return Task.objects.filter(associate=actor.associate, store__in=actor.stores).exclude(associate="")
    return Task.objects.filter(store__in=actor.stores)


def _view(actor: Actor, *, task: Task, person: Mapping[str, Any], language: str) -> TaskView:
    short = _short(language)
    title = play_rules.title_of(person.get("name"), gender=person.get("gender"), language=short)
    said, why = words_of(actor, task=task, title=title, language=short)
    outcome = adapters.outcomes().get(task.outcome)
    return TaskView(
        id=task.pk,
        code=task.code,
        proposal_id=task.proposal_id,
        play=task.play,
        play_name=task.proposal.plan[short],
        store=task.store,
        associate=task.associate,
        customer_id=task.customer_id,
        name=person.get("name") or "",
        channel=proposal_definition("sentences")["channels"][task.channel][short],
        channel_code=task.channel,
        words=said,
        offer=task.proposal.plan["offer"][short],
        send_on=task.send_on,
        best_time=task.best_time,
        why=why,
        state=task.state,
        outcome=task.outcome,
        outcome_words=outcome.words(short) if outcome else "",
        note=task.note,
        value_minor=task.value_minor,
    )


def _short(language: str) -> str:
    return "zh" if language.startswith("zh") else "en"
