"""Creating users; passwords are generated, shown once and never stored in clear."""

import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from shuke.access.models import ApiClient, SignInTrouble, StoreGrant, User
from shuke.access.rules import SCOPES, Permission, hash_of_key, may_be_client, require
from shuke.kernel.actor import Actor, Role
from shuke.kernel.errors import ShukeError, WrongUse

# No 0 O 1 l I: people type it from paper.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


# A failure older than this no longer counts, so the table stays small.
_FORGET_AFTER = timedelta(days=1)
_MOST_PER_MINUTE = 10_000_000


class UserExists(ShukeError):
    """The user name is taken."""


class NoSuchUser(ShukeError):
    """Nobody has this user name."""


class UnknownScope(WrongUse):
    """There is no such scope of a key."""


class BadAllowance(WrongUse):
    """A key cannot have so many requests a minute."""


class BadName(WrongUse):
    """A program cannot have such a name."""


class NotYourself(ShukeError):
    """Nobody shuts themselves out."""


class StoreNeeded(ShukeError):
    """A manager or associate without a store would see nothing."""


def generate_password() -> str:
    """Sixteen characters of a 32-letter alphabet (80 bits), in groups of four."""
    letters = [secrets.choice(_ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[i : i + 4]) for i in range(0, 16, 4))


@transaction.atomic
def create_user(
    actor: Actor, *, username: str, name: str, role: Role, stores: Collection[str] = (), associate: str = ""
) -> tuple[User, str]:
    """Creates a user and gives it back with its generated password."""
    require(actor, Permission.MANAGE_USERS)
    if User.objects.filter(username=username).exists():
        raise UserExists(f"The user name {username} is taken.", hint="Choose another one.")
    if role in (Role.MANAGER, Role.ASSOCIATE) and not set(stores):
        raise StoreNeeded(f"A {role} needs a store.", hint="Choose at least one store.")
    password = generate_password()
    user = User(username=username, name=name, role=role.value, associate=associate)
    user.set_password(password)
    user.save()
    StoreGrant.objects.bulk_create(StoreGrant(user=user, store=store) for store in sorted(set(stores)))
    return user, password


@transaction.atomic
def reset_password(actor: Actor, *, username: str) -> str:
    """Gives a user a new generated password."""
    require(actor, Permission.MANAGE_USERS)
    user = User.objects.filter(username=username).first()
    if user is None:
        raise NoSuchUser(f"Nobody has the user name {username}.", hint="Look it up on the people page.")
    password = generate_password()
    user.set_password(password)
    user.save()
    return password


@transaction.atomic
def close_account(actor: Actor, *, username: str) -> int:
    """Shuts an account: its user is signed out at once and cannot come back. Returns the user's id."""
    require(actor, Permission.MANAGE_USERS)
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise NoSuchUser(f"Nobody has the user name {username}.", hint="Look it up on the people page.")
    if user.pk == actor.user_id:
        raise NotYourself("You cannot close your own account.", hint="Ask another owner.")
    user.is_active = False
    user.save()
    return int(user.pk)


@transaction.atomic
def note_failed_sign_in(actor: Actor, *, username: str, address: str, now: datetime) -> None:
    """Counts one more failure of this name from this address, and forgets failures of more than a day ago."""
    require(actor, Permission.MANAGE_USERS)
    SignInTrouble.objects.filter(last_at__lt=now - _FORGET_AFTER).delete()
    trouble, _ = SignInTrouble.objects.get_or_create(
        username=username[:60], address=address[:64], defaults={"last_at": now}
    )
    trouble.failures += 1
    trouble.last_at = now
    trouble.save()


def forget_failed_sign_ins(actor: Actor, *, username: str, address: str) -> None:
    """Forgets the failures of this name from this address after a sign-in that succeeded."""
    require(actor, Permission.MANAGE_USERS)
    SignInTrouble.objects.filter(username=username[:60], address=address[:64]).delete()


def set_language(actor: Actor, *, language: str) -> None:
    """Keeps the language that a user chose, for their next sign-in."""
    if actor.user_id is not None:
        User.objects.filter(pk=actor.user_id).update(language=language)


@transaction.atomic
def create_client(
    actor: Actor,
    *,
    name: str,
    scopes: Collection[str],
    stores: Collection[str] | None,
    now: datetime,
    expires_on: date | None = None,
    per_minute: int | None = None,
) -> tuple[ApiClient, str]:
    """Creates a program's access and gives it back with its key, which is shown once and kept as a hash only.

    `stores` None: every store; `expires_on` is the key's last day; `per_minute` None: the usual allowance. Raises
    `BadName`, `UnknownScope`, `BadAllowance`, `UserExists` where the name is taken, for ever: the ledger knows
    clients by name.
    """
    require(actor, Permission.MANAGE_USERS)
    if not may_be_client(name):
        raise BadName(f"A program cannot be called {name!r}.", hint="Say what it is: till-07, mini-program.")
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        told = f"There is no scope '{unknown[0]}'." if unknown else "A key needs a scope."
        raise UnknownScope(told, hint=f"Known: {', '.join(sorted(SCOPES))}.")
    if per_minute is not None and not 1 <= per_minute <= _MOST_PER_MINUTE:
        raise BadAllowance(f"{per_minute} requests a minute cannot be.", hint=f"Say 1 to {_MOST_PER_MINUTE}.")
    if ApiClient.objects.filter(name=name).exists():
        raise UserExists(f"The name {name} is taken.", hint="Choose another one.")
    key = f"shuke_{secrets.token_urlsafe(32)}"
    client = ApiClient.objects.create(
        name=name,
        key_hash=hash_of_key(key),
        scopes=sorted(set(scopes)),
        stores=None if stores is None else sorted(set(stores)),
        created_at=now,
        expires_on=expires_on,
        per_minute=per_minute,
    )
    return client, key


def note_use(actor: Actor, *, client: int, today: date) -> None:
    """Keeps the day on which a key was last used: one write a key and day, however often it asks."""
    require(actor, Permission.MANAGE_USERS)
    ApiClient.objects.filter(Q(last_used_on__lt=today) | Q(last_used_on__isnull=True), pk=client).update(
        last_used_on=today
    )


@transaction.atomic
def close_client(actor: Actor, *, name: str, now: datetime) -> int:
    """Closes a program's access for good; its key stops at once. Returns its id."""
    require(actor, Permission.MANAGE_USERS)
    client = ApiClient.objects.filter(name=name, closed_at__isnull=True).first()
    if client is None:
        raise NoSuchUser(f"No program has the name {name}.", hint="Look it up with 'shuke client list'.")
    client.closed_at = now
    client.save()
    return int(client.pk)
