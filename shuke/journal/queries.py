"""Reading the journal."""

from collections.abc import Sequence

from shuke.access.rules import Permission, require
from shuke.journal.models import Entry
from shuke.kernel.actor import Actor


def entries_of(actor: Actor, *, object_type: str, object_id: object, limit: int = 50) -> Sequence[Entry]:
    """The newest entries about one object."""
    require(actor, Permission.SEE_JOURNAL)
    return list(Entry.objects.filter(object_type=object_type, object_id=str(object_id)).order_by("-at")[:limit])


def latest(actor: Actor, *, before: int | None = None, limit: int = 100) -> Sequence[Entry]:
    """The newest entries of the whole shop, `before` an entry's id for the next page."""
    require(actor, Permission.SEE_JOURNAL)
    found = Entry.objects.order_by("-pk")
    return list((found.filter(pk__lt=before) if before else found)[:limit])
