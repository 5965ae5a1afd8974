"""Open tasks of one person under several ids."""

from collections.abc import Sequence

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.touches import rules
from shuke.touches.models import Task


def open_customers(actor: Actor) -> list[int]:
    """Ids under which open tasks stand."""
    require(actor, Permission.SEE_TASKS)
    found = Task.objects.filter(state__in=("planned", "exported")).values_list("customer_id", flat=True)
    return sorted(set(found))


def open_and_doubles(actor: Actor, *, customer_ids: Sequence[int]) -> tuple[int, int]:
    """How many open tasks these ids have together, and how many of them would be cancelled if they were one person."""
    require(actor, Permission.SEE_TASKS)
    found = list(Task.objects.filter(customer_id__in=customer_ids, state__in=("planned", "exported", "done")))
    return sum(task.state != "done" for task in found), len(rules.doubles(found))
