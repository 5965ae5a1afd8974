"""`shuke user add|password`."""

import argparse
from typing import Any

from shuke.access.actions import create_user, reset_password
from shuke.cli.screen import say
from shuke.kernel.actor import SYSTEM, Role
from shuke.kernel.errors import WrongUse


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Adds a user or gives one a new password; prints the password once."""
    role = Role(arguments.role)
    if arguments.deed == "password":
        password = reset_password(SYSTEM, username=arguments.username)
    else:
        if role in (Role.MANAGER, Role.ASSOCIATE) and not arguments.store:
            raise WrongUse(f"A {role} needs a store.", hint="Add --store NAME (once for each store).")
        _, password = create_user(
            SYSTEM,
            username=arguments.username,
            name=arguments.name or arguments.username,
            role=role,
            stores=arguments.store,
            associate=arguments.associate,
        )
    say(f"user: {arguments.username}   password: {password}")
    say("It is shown only now; write it down or change it with 'shuke user password'.")
    return {"username": arguments.username, "password": password}
