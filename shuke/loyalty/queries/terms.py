"""The terms of the programme as its files say them."""

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.workspace import Workspace
from shuke.loyalty import adapters
from shuke.loyalty.values.ledger import Programme


def programme(actor: Actor, *, workspace: Workspace) -> Programme:
    """Points, tiers, behaviours, badges, benefits, campaigns and budgets. Raises `BadProgramme` with file and line."""
    require(actor, Permission.SEE_LOYALTY)
    return adapters.programme(workspace)
