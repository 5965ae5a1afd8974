"""The relay: committed facts get dense positions; consumers move their cursors along them."""

from django.db import connection, transaction

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.outbox.models import Consumer

_RELAY = "relay"
_DEAL = """
update outbox_fact set position = %s + placed.n
from (select id, row_number() over (order by id) as n
      from (select id from outbox_fact where position is null order by id limit %s) as due) as placed
where outbox_fact.id = placed.id
"""


class CursorMoved(ShukeError):
    """Somebody else has moved this consumer's cursor since it was read."""


@transaction.atomic
def deal_positions(actor: Actor, *, limit: int = 20_000) -> int:
    """Gives up to `limit` committed facts the next positions, in the order of their ids; returns how many.

    A fact that commits later gets a later position whatever its id is, so nobody who reads by position can miss it.
    The relay's own row is locked first: two relays take turns, and positions become visible in their order.
    """
    require(actor, Permission.EDIT_SETTINGS)
    Consumer.objects.get_or_create(name=_RELAY)
    last = Consumer.objects.select_for_update().get(name=_RELAY)
    with connection.cursor() as cursor:
        cursor.execute(_DEAL, [last.position, limit])
        dealt = int(cursor.rowcount)
    if dealt:
        last.position += dealt
        last.save()
    return dealt


@transaction.atomic
def advance(actor: Actor, *, consumer: str, since: int, to: int) -> None:
    """Moves a consumer's cursor from `since` to `to`, in the transaction of what it did with the facts between.

    Raises `CursorMoved` where the cursor does not stand at `since`; then the caller's transaction must fail with it.
    """
    require(actor, Permission.EDIT_SETTINGS)
    Consumer.objects.get_or_create(name=consumer)
    if not Consumer.objects.filter(name=consumer, position=since).update(position=to):
        raise CursorMoved(f"The cursor of {consumer} has moved.", hint="Read again and go on from there.")
