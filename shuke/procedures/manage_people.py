"""People who sign in: the change and its line in the journal are one transaction."""

from collections.abc import Collection

from django.db import transaction

import shuke.access.actions as access
from shuke.journal.actions import note
from shuke.kernel.actor import Actor, Role


@transaction.atomic
def add_person(
    actor: Actor, *, username: str, name: str, role: Role, stores: Collection[str] = (), associate: str = ""
) -> str:
    """Creates a user; returns the generated password, which is shown once."""
    user, password = access.create_user(
        actor, username=username, name=name, role=role, stores=stores, associate=associate
    )
    note(actor, "person_added", object_type="user", object_id=user.pk, role=role.value, stores=sorted(stores))
    return password


@transaction.atomic
def renew_password(actor: Actor, *, username: str) -> str:
    """Gives a user a new generated password, which is shown once."""
    password = access.reset_password(actor, username=username)
    note(actor, "password_renewed", object_type="user", object_id=username)
    return password


@transaction.atomic
def close_account(actor: Actor, *, username: str) -> None:
    """Shuts an account; what its user did stays in the journal."""
    number = access.close_account(actor, username=username)
    note(actor, "account_closed", object_type="user", object_id=number)
