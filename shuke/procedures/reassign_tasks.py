"""Giving tasks to somebody else: the team of the store comes from the master data, the limits from the policy."""

from collections.abc import Mapping, Sequence

import shuke.touches.actions as touches
from shuke.kernel.actor import Actor
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.plays.queries import policy as policy_of
from shuke.reference import queries as reference


def teams(actor: Actor, *, workspace: Workspace) -> Mapping[str, tuple[str, ...]]:
    """The associates of each store of the actor's scope; online shops have none."""
    with open_reader(actor, workspace) as lake:
        stores = [store.store for store in reference.stores(actor, lake=lake) if store.channel == "store"]
        return {store: tuple(reference.associates(actor, lake=lake, store=store)) for store in stores}


def reassign_tasks(
    actor: Actor,
    *,
    workspace: Workspace,
    task_ids: Sequence[int],
    store: str,
    associate: str,
    allow_over: bool = False,
) -> int:
    """Gives open tasks to an associate of a store and returns how many changed hands; all of them or none.

    Raises `touches.NotYours`, `touches.BoundToOwner`, or `touches.OverCapacity` unless `allow_over`. Journaled.
    """
    with open_reader(actor, workspace) as lake:
        team = reference.associates(actor, lake=lake, store=store)
    return touches.reassign(
        actor,
        task_ids=task_ids,
        store=store,
        associate=associate,
        team=team,
        policy=policy_of(actor, workspace=workspace),
        allow_over=allow_over,
    )
