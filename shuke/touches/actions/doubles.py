"""Two customers became one: what both had queued is sent once."""

from collections.abc import Sequence

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.touches import rules
from shuke.touches.actions.make import OPEN
from shuke.touches.models import Task


def cancel_doubles(actor: Actor, *, customer_ids: Sequence[int]) -> int:
    """Cancels open tasks that one person under several ids has twice, in the caller's transaction; journaled each."""
    require(actor, Permission.MERGE_CUSTOMERS)
    found = list(Task.objects.filter(customer_id__in=customer_ids, state__in=(*OPEN, "done")).order_by("id"))
    numbers = rules.doubles(found)
    for task in found:
        if task.pk in numbers:
            note(actor, "cancelled", object_type="task", object_id=task.code, why="double")
    Task.objects.filter(pk__in=numbers).update(state="cancelled")
    return len(numbers)
