"""`shuke user add|password`."""

import argparse
from typing import Any

from shuke.cli.screen import say
from shuke.kernel.actor import SYSTEM, Role
from shuke.kernel.errors import WrongUse
from shuke.procedures.manage_people import add_person, renew_password


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Adds a user or gives one a new password; prints the password once."""
    role = Role(arguments.role)
    if arguments.deed == "password":
        password = renew_password(SYSTEM, username=arguments.username)
    else:
        if role in (Role.MANAGER, Role.ASSOCIATE) and not arguments.store:
            raise WrongUse(f"A {role} needs a store.", hint="Add --store NAME (once for each store).")
        password = add_person(
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
