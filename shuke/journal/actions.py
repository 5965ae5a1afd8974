"""Writing the journal, inside the transaction of what it tells."""

from typing import Any

from shuke.journal.models import Entry
from shuke.kernel.actor import Actor
from shuke.kernel.clock import utc_now


def note(actor: Actor, verb: str, *, object_type: str, object_id: object, **details: Any) -> None:
    """Appends one entry; call it in the same transaction as the change."""
    Entry.objects.create(
        at=utc_now(),
        actor=actor.name,
        role=actor.role.value,
        user_id=actor.user_id,
        verb=verb,
        object_type=object_type,
        object_id=str(object_id),
        details=details,
    )
