"""Creating users; passwords are generated, shown once and never stored in clear."""

import secrets
from collections.abc import Iterable

from django.db import transaction

from shuke.access.models import StoreGrant, User
from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor, Role
from shuke.kernel.errors import ShukeError

# No 0 O 1 l I: people type it from paper.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


class UserExists(ShukeError):
    """The user name is taken."""


def generate_password() -> str:
    """Sixteen characters of a 32-letter alphabet (80 bits), in groups of four."""
    letters = [secrets.choice(_ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[i : i + 4]) for i in range(0, 16, 4))


@transaction.atomic
def create_user(
    actor: Actor, *, username: str, name: str, role: Role, stores: Iterable[str] = (), associate: str = ""
) -> tuple[User, str]:
    """Creates a user and gives it back with its generated password."""
    require(actor, Permission.MANAGE_USERS)
    if User.objects.filter(username=username).exists():
        raise UserExists(f"The user name {username} is taken.", hint="Choose another one.")
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
    user = User.objects.get(username=username)
    password = generate_password()
    user.set_password(password)
    user.save()
    return password
