"""From a signed-in user to an actor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shuke.access.models import ApiClient, SignInTrouble, User
from shuke.access.rules import PER_MINUTE, Permission, hash_of_key, require, sign_in_wait
from shuke.kernel.actor import Actor, Role


def actor_of(user: User) -> Actor:
    """The `Actor` of a signed-in user: role, and store scope for managers and associates."""
    role = Role(user.role)
    scoped = role in (Role.MANAGER, Role.ASSOCIATE)
    stores = frozenset(user.grants.values_list("store", flat=True)) if scoped else None
    return Actor(name=user.name, role=role, user_id=user.pk, stores=stores, associate=user.associate)


@dataclass(frozen=True)
class Holder:
    """Who holds a working key: the actor, its allowance a minute, and the day it was last seen (None: never)."""

    actor: Actor
    client: int
    per_minute: int
    last_used_on: date | None


def holder_of_key(key: str, *, today: date) -> Holder | None:
    """Whose key this is; None for a key that nobody has, that was closed, or whose last day is over."""
    client = ApiClient.objects.filter(key_hash=hash_of_key(key), closed_at__isnull=True).first()
    if client is None or (client.expires_on is not None and client.expires_on < today):
        return None
    stores = None if client.stores is None else frozenset(client.stores)
    actor = Actor(name=client.name, role=Role.CLIENT, stores=stores, scopes=frozenset(client.scopes))
    allowance = PER_MINUTE if client.per_minute is None else client.per_minute
    return Holder(actor=actor, client=client.pk, per_minute=allowance, last_used_on=client.last_used_on)


@dataclass(frozen=True)
class Program:
    """One program with a key. `stores` None: every store; `closed_at` None: it was not closed.

    `expires_on` is its last day (None: no end), `per_minute` None the usual allowance.
    """

    name: str
    scopes: tuple[str, ...]
    stores: tuple[str, ...] | None
    created_at: datetime
    closed_at: datetime | None
    expires_on: date | None
    per_minute: int | None
    last_used_on: date | None


def clients(actor: Actor) -> Sequence[Program]:
    """All programs by name, closed ones included."""
    require(actor, Permission.MANAGE_USERS)
    return [
        Program(
            name=c.name,
            scopes=tuple(c.scopes),
            stores=None if c.stores is None else tuple(c.stores),
            created_at=c.created_at,
            closed_at=c.closed_at,
            expires_on=c.expires_on,
            per_minute=c.per_minute,
            last_used_on=c.last_used_on,
        )
        for c in ApiClient.objects.order_by("name")
    ]


def users(actor: Actor) -> Sequence[User]:
    """All users by name, for the people page."""
    require(actor, Permission.MANAGE_USERS)
    return list(User.objects.order_by("name"))


@dataclass(frozen=True)
class Person:
    """One user as the people page shows it. `stores` is empty for those who see every store."""

    username: str
    name: str
    role: Role
    associate: str
    stores: tuple[str, ...]


def people(actor: Actor) -> Sequence[Person]:
    """All active users with their stores, by role and name."""
    require(actor, Permission.MANAGE_USERS)
    found = User.objects.filter(is_active=True).prefetch_related("grants").order_by("name")
    listed = [
        Person(u.username, u.name, Role(u.role), u.associate, tuple(sorted(g.store for g in u.grants.all())))
        for u in found
    ]
    order = {role: place for place, role in enumerate(Role)}
    return sorted(listed, key=lambda person: order[person.role])


def wait_before_sign_in(actor: Actor, *, username: str, address: str, now: datetime) -> int:
    """Seconds that this name from this address must wait before its next try; 0 when it may try."""
    require(actor, Permission.MANAGE_USERS)
    trouble = SignInTrouble.objects.filter(username=username[:60], address=address[:64]).first()
    return sign_in_wait(trouble.failures, last_at=trouble.last_at, now=now) if trouble else 0
