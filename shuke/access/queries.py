"""From a signed-in user to an actor."""

from collections.abc import Sequence

from shuke.access.models import User
from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor, Role


def actor_of(user: User) -> Actor:
    """The `Actor` of a signed-in user: role, and store scope for managers and associates."""
    role = Role(user.role)
    scoped = role in (Role.MANAGER, Role.ASSOCIATE)
    stores = frozenset(user.grants.values_list("store", flat=True)) if scoped else None
    return Actor(name=user.name, role=role, user_id=user.pk, stores=stores, associate=user.associate)


def users(actor: Actor) -> Sequence[User]:
    """All users by name, for the people page."""
    require(actor, Permission.MANAGE_USERS)
    return list(User.objects.order_by("name"))
