"""Two customers became one: what both had queued is sent once."""

from collections.abc import Collection, Iterable

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.touches import rules
from shuke.touches.actions.make import OPEN
from shuke.touches.models import Task


def cancel_doubles(actor: Actor, *, same: Iterable[Collection[int]]) -> int:
    """Cancels open tasks that one person has twice; returns how many. Each is journaled.

    `same` are the ids of people who have several. Call it in the transaction that publishes whose ids they are.
    """
    require(actor, Permission.IMPORT_FILES)
    cancelled = 0
    for ids in same:
        found = list(Task.objects.filter(customer_id__in=sorted(ids), state__in=(*OPEN, "done")).order_by("id"))
        numbers = rules.doubles(found)
        for task in found:
            if task.pk in numbers:
                note(actor, "cancelled", object_type="task", object_id=task.code, why="double")
        Task.objects.filter(pk__in=numbers).update(state="cancelled")
        cancelled += len(numbers)
    return cancelled
