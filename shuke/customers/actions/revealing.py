"""Looking at masked fields, journaled."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from shuke.access.rules import Permission, may, require
from shuke.customers.queries import NoSuchPair, label_batch, living_id, review_pair
from shuke.customers.values import ReviewPair
from shuke.journal.actions import note
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.errors import WrongUse
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import Reader, open_reader

REVEALABLE = ("name", "phone", "email", "birthday", "address")
# A pair of the sample is looked at where it stands: among the next of its batch.
_BATCH = 20


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


def reveal_pair(actor: Actor, *, workspace: Workspace, pair_id: str) -> ReviewPair:
    """A pair of the queue, or of the sample's next batch, with its personal fields in full.

    Needs the permissions to unmask and to see pairs. The look is journaled for both customers before a value is read.
    Raises `NoSuchPair` where it waits for nobody or the actor's stores may not see it.
    """
    require(actor, Permission.UNMASK)
    with open_reader(actor, workspace) as lake:
        pair = _pair(actor, lake=lake, pair_id=pair_id)
    with transaction.atomic():
        for side in {pair.left.customer_id, pair.right.customer_id} - {None}:
            note(actor, "revealed", object_type="customer", object_id=side, fields=sorted(REVEALABLE), pair=pair_id)
    with open_reader(SYSTEM, workspace) as lake:
        return _pair(SYSTEM, lake=lake, pair_id=pair_id)


def _pair(actor: Actor, *, lake: Reader, pair_id: str) -> ReviewPair:
    """The pair from the queue, else from the sample, where probability and reason are hidden."""
    try:
        return review_pair(actor, lake=lake, pair_id=pair_id)
    except NoSuchPair:
        sample = label_batch(actor, lake=lake, size=_BATCH) if may(actor, Permission.MERGE_CUSTOMERS) else ()
        found = next((one for one in sample if one.pair_id == pair_id), None)
        if found is None:
            raise
        return found
