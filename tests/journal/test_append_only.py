"""What was journaled stays."""

import pytest
from django.db import DatabaseError, transaction

from shuke.journal.actions import note
from shuke.journal.models import Entry
from shuke.journal.queries import entries_of
from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import NotAllowed


@pytest.mark.django_db
def test_an_entry_can_be_neither_changed_nor_deleted() -> None:
    note(SYSTEM, "looked", object_type="customer", object_id=7, field="phone")
    for change in (lambda: Entry.objects.update(verb="x"), lambda: Entry.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    (entry,) = entries_of(SYSTEM, object_type="customer", object_id=7)
    assert (entry.verb, entry.details) == ("looked", {"field": "phone"})


@pytest.mark.django_db
def test_only_those_who_may_read_the_journal() -> None:
    associate = Actor(name="a", role=Role.ASSOCIATE, stores=frozenset({"滨江店"}))
    with pytest.raises(NotAllowed):
        entries_of(associate, object_type="customer", object_id=7)
