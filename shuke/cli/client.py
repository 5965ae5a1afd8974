"""`shuke client add|close|list`."""

import argparse
from typing import Any

from shuke.access.queries import clients
from shuke.cli.screen import day, say, table
from shuke.kernel.actor import SYSTEM
from shuke.kernel.errors import WrongUse
from shuke.procedures.manage_people import add_client, close_client


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Gives a program a key, prints it once; closes one; or lists them."""
    if arguments.deed == "list":
        return _list()
    if not arguments.name:
        raise WrongUse("Which program?", hint="Give its name: shuke client add dashboard --scope metrics:read")
    if arguments.deed == "close":
        close_client(SYSTEM, name=arguments.name)
        say(f"{arguments.name} is closed; its key no longer works.")
        return {"name": arguments.name, "closed": True}
    key = add_client(
        SYSTEM,
        name=arguments.name,
        scopes=arguments.scope,
        stores=arguments.store or None,
        expires_on=day(arguments.expires),
        per_minute=arguments.per_minute,
    )
    say(f"key of {arguments.name}: {key}")
    say("It is shown only now. Send it with each request: Authorization: Bearer KEY")
    return {"name": arguments.name, "key": key}


def _list() -> dict[str, Any]:
    found = clients(SYSTEM)
    rows = [("name", "may", "stores", "since", "until", "last used", "closed")]
    for one in found:
        stores = "all" if one.stores is None else ", ".join(one.stores)
        closed = f"{one.closed_at:%Y-%m-%d}" if one.closed_at else ""
        until, used = (when.isoformat() if when else "" for when in (one.expires_on, one.last_used_on))
        rows.append((one.name, ", ".join(one.scopes), stores, f"{one.created_at:%Y-%m-%d}", until, used, closed))
    table(rows)
    return {"clients": [{"name": one.name, "scopes": list(one.scopes), "open": one.closed_at is None} for one in found]}
