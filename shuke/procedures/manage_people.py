"""People who sign in, and programs with a key: the change and its line in the journal are one transaction."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

import shuke.access.actions as access
from shuke.journal.actions import note
from shuke.kernel.actor import Actor, Role
from shuke.kernel.clock import utc_now


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


@transaction.atomic
def add_client(
    actor: Actor,
    *,
    name: str,
    scopes: Collection[str],
    stores: Collection[str] | None = None,
    expires_on: date | None = None,
    per_minute: int | None = None,
) -> str:
    """Gives a program access until the end of `expires_on` (None: no end); returns its key, which is shown once."""
    client, key = access.create_client(
        actor,
        name=name,
        scopes=scopes,
        stores=stores,
        now=utc_now(),
        expires_on=expires_on,
        per_minute=per_minute,
    )
    end = expires_on.isoformat() if expires_on else None
    note(
        actor,
        "client_added",
        object_type="client",
        object_id=client.pk,
        scopes=client.scopes,
        stores=client.stores,
        expires_on=end,
    )
    return key


@transaction.atomic
def close_client(actor: Actor, *, name: str) -> None:
    """Takes a program's access away; its key stops at once."""
    number = access.close_client(actor, name=name, now=utc_now())
    note(actor, "client_closed", object_type="client", object_id=number)
