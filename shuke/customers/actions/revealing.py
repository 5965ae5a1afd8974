"""Looking at masked fields, journaled."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.customers.queries import living_id
from shuke.journal.actions import note
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.errors import WrongUse
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader

REVEALABLE = ("name", "phone", "email", "birthday", "address")


@dataclass(frozen=True)
class Revealed:
    """Fields in full; None where nothing is known or the field was not asked for."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    birthday: str | None = None
    address: str | None = None


def reveal(
    actor: Actor, *, workspace: Workspace, customer_id: int, fields: Sequence[str] = ("name", "phone", "email")
) -> Revealed:
    """Unmasked fields of a customer that the actor may see.

    Needs the permission to unmask. The look is journaled ("revealed", with the fields) before a value is read.
    Raises `NoSuchCustomer` for a customer outside the actor's stores, `WrongUse` for a field that is no personal one.
    """
    require(actor, Permission.UNMASK)
    unknown = sorted(set(fields) - set(REVEALABLE))
    if unknown or not fields:
        raise WrongUse(f"These fields cannot be revealed: {', '.join(unknown) or 'none'}.")
    with open_reader(actor, workspace) as lake:
        living = living_id(lake, customer_id)
    with transaction.atomic():
        note(actor, "revealed", object_type="customer", object_id=living, fields=sorted(fields))
    with open_reader(SYSTEM, workspace) as lake:
        listed = ", ".join(f"cast({field} as varchar) as {field}" for field in sorted(set(fields)))
        row = lake.row(f"select {listed} from customer_profiles where customer_id = $id", id=living)
    return Revealed(**(row or {}))
