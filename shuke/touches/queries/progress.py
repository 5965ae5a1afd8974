"""How far stores and associates are, and how full their days."""

from collections import Counter
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from shuke.kernel.actor import Actor
from shuke.plays.values import Policy
from shuke.touches import rules
from shuke.touches.models import Task
from shuke.touches.queries.lists import OPEN, latest_as_of, scoped
from shuke.touches.values import StoreTasks


def by_store(actor: Actor, *, as_of: date | None = None) -> list[StoreTasks]:
    """How far each store is; most open first.

    Counts the tasks of one week (the latest with tasks where no day is named) and the open ones of earlier weeks.
    """
    return _progress(actor, as_of=as_of, keys=("store",))


def by_associate(
    actor: Actor, *, as_of: date | None = None, store: str | None = None, policy: Policy | None = None
) -> list[StoreTasks]:
    """The same by store and associate, with open tasks a day; `capacity` is the policy's, 0 where it is not given."""
    capacity = policy.tasks_per_associate_day if policy else 0
    rows = _progress(actor, as_of=as_of, keys=("store", "associate"), capacity=capacity)
    return [row for row in rows if store is None or row.store == store]


def open_load(actor: Actor, *, as_of: date | None = None, lives_days: int = 14) -> dict[tuple[str, str], int]:
    """Tasks that take up a place in the week from `as_of`, by store and associate ('' = headquarters).

    Those of this week already (done or not), and open ones of earlier weeks that will roll into it. Without a day:
    every open task.
    """
    found = scoped(actor)
    if as_of is None:
        rows = found.filter(state__in=OPEN).values_list("store", "associate")
        return dict(Counter(rows))
    end = as_of + timedelta(days=7)
    here = found.filter(send_on__gte=as_of, send_on__lt=end, state__in=(*OPEN, "done"))
    counted = Counter(here.values_list("store", "associate"))
    for task in found.filter(state__in=OPEN, send_on__lt=as_of):
        if rules.may_roll(task, as_of=as_of, lives_days=lives_days):
            counted[(task.store, task.associate)] += 1
    return dict(counted)


def _progress(actor: Actor, *, as_of: date | None, keys: tuple[str, ...], capacity: int = 0) -> list[StoreTasks]:
    day = as_of or latest_as_of(actor)
    if day is None:
        return []
    found = scoped(actor).filter(Q(as_of=day) | Q(as_of__lt=day, state__in=OPEN)).exclude(state="cancelled")
    counted = found.values(*keys).annotate(
        all=Count("id"),
        done=Count("id", filter=Q(state="done")),
        expired=Count("id", filter=Q(state="expired")),
        rolled=Count("id", filter=Q(state__in=OPEN, rolled__gt=0)),
    )
    days = _days(found, keys=keys)
    rows = [
        StoreTasks(
            store=row["store"],
            associate=row.get("associate", ""),
            tasks=row["all"],
            done=row["done"],
            expired=row["expired"],
            rolled=row["rolled"],
            days=tuple(sorted(days.get(tuple(row[key] for key in keys), {}).items())),
            capacity=capacity,
        )
        for row in counted
    ]
    return sorted(rows, key=lambda row: (-row.open, row.store, row.associate))


def _days(found: QuerySet[Task], *, keys: tuple[str, ...]) -> dict[tuple[str, ...], dict[date, int]]:
    """Open tasks by day."""
    counted: dict[tuple[str, ...], dict[date, int]] = {}
    for row in found.filter(state__in=OPEN).values(*keys, "send_on").annotate(open=Count("id")):
        counted.setdefault(tuple(row[key] for key in keys), {})[row["send_on"]] = row["open"]
    return counted
