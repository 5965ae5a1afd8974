"""Tasks for pages and sheets, how far stores are, and what the next week must know of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor, Role
from shuke.lake.queries import Reader
from shuke.plays import queries as plays
from shuke.plays import rules as play_rules
from shuke.proposals.adapters import definition as proposal_definition
from shuke.segments.adapters import definition as segment_definition
from shuke.segments.rules import reason_sentence
from shuke.touches import adapters
from shuke.touches.models import Task
from shuke.touches.values import StoreTasks, TaskView

_OPEN = ("planned", "exported")
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
    found = _scoped(actor).select_related("proposal").order_by("send_on", "-value_minor", "id")
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
    chosen = list(_scoped(actor).select_related("proposal").filter(pk=task_id))
    return next(iter(views(actor, lake=lake, chosen=chosen, language=language)), None)


def count(actor: Actor, *, states: Sequence[str] = _OPEN) -> int:
    """How many tasks of these states the actor may work."""
    return _scoped(actor).filter(state__in=states).count()


def by_store(actor: Actor, *, as_of: date | None = None) -> list[StoreTasks]:
    """How far each store is with a week's tasks (the latest week with tasks where no day is named); most open first."""
    return _progress(actor, as_of=as_of, keys=("store",))


def by_associate(actor: Actor, *, as_of: date | None = None, store: str | None = None) -> list[StoreTasks]:
    """The same by store and associate."""
    rows = _progress(actor, as_of=as_of, keys=("store", "associate"))
    return [row for row in rows if store is None or row.store == store]


def latest_as_of(actor: Actor) -> date | None:
    """The as-of day of the newest tasks that the actor may work."""
    day: date | None = _scoped(actor).aggregate(day=Max("as_of"))["day"]
    return day


def sheet_tasks(actor: Actor) -> list[Task]:
    """The tasks that belong in sheets now: all of the latest week, and open ones of earlier weeks."""
    require(actor, Permission.EXPORT_TASKS)
    day = latest_as_of(actor)
    if day is None:
        return []
    wanted = Q(as_of=day, state__in=("planned", "exported", "done")) | Q(state__in=_OPEN)
    order = ("store", "associate", "send_on", "-value_minor", "code")
    return list(_scoped(actor).select_related("proposal").filter(wanted).order_by(*order))


def contact_rows(actor: Actor, *, as_of: date, timezone: str) -> list[dict[str, Any]]:
    """Rows of `contacts`: touches of weeks before `as_of` that reached somebody or are still to be made."""
    require(actor, Permission.WORK_TASKS)
    lost = [code for code, outcome in adapters.outcomes().items() if not outcome.reached]
    found = Task.objects.filter(as_of__lt=as_of, state__in=("planned", "exported", "done")).exclude(outcome__in=lost)
    zone = ZoneInfo(timezone)
    return [
        {
            "customer_id": task.customer_id,
            "touched_on": task.outcome_at.astimezone(zone).date() if task.outcome_at else task.send_on,
            "channel": task.channel,
            "play": task.play,
            "outcome": task.outcome or None,
        }
        for task in found.order_by("customer_id", "id").iterator(chunk_size=_BATCH)
    ]


def block_rows(actor: Actor, *, complaint_rest_days: int, timezone: str) -> list[dict[str, Any]]:
    """Rows of `contact_blocks` from outcomes: whoever asked for rest or complained. A refusal holds for ever."""
    require(actor, Permission.WORK_TASKS)
    blocking = {code: outcome.blocks for code, outcome in adapters.outcomes().items() if outcome.blocks}
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    zone = ZoneInfo(timezone)
    for task in Task.objects.filter(outcome__in=blocking).order_by("outcome_at", "id"):
        reason = blocking[task.outcome]
        since = task.outcome_at.astimezone(zone).date() if task.outcome_at else task.send_on
        until = None if reason == "refused_contact" else since + timedelta(days=complaint_rest_days)
        rows[(task.customer_id, reason)] = {
            "customer_id": task.customer_id, "reason": reason, "since_on": since, "until_on": until,
        }  # fmt: skip
    return list(rows.values())


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
    why = reason_sentence(segment_definition(task.segment), reason=task.reason, facts=task.variables, language=short)
    return said, why


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


def _scoped(actor: Actor) -> QuerySet[Task]:
    require(actor, Permission.SEE_TASKS)
    if actor.stores is None:
        return Task.objects.all()
    if actor.role is Role.ASSOCIATE:
        # By store too: somebody of the same name may work elsewhere.
        return Task.objects.filter(associate=actor.associate, store__in=actor.stores).exclude(associate="")
    return Task.objects.filter(store__in=actor.stores)


def _progress(actor: Actor, *, as_of: date | None, keys: tuple[str, ...]) -> list[StoreTasks]:
    day = as_of or latest_as_of(actor)
    if day is None:
        return []
    counted = (
        _scoped(actor)
        .filter(as_of=day)
        .exclude(state="cancelled")
        .values(*keys)
        .annotate(all=Count("id"), done=Count("id", filter=Q(state="done")))
    )
    rows = [StoreTasks(row["store"], row.get("associate", ""), row["all"], row["done"]) for row in counted]
    return sorted(rows, key=lambda row: (-row.open, row.store, row.associate))


def _short(language: str) -> str:
    return "zh" if language.startswith("zh") else "en"
