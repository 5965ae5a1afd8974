"""Whose tasks are whose."""

from typing import Protocol

from shuke.kernel.actor import Actor, Role


class Owned(Protocol):
    """Anything that belongs to a store and an associate."""

    store: str
    associate: str


def may_work(actor: Actor, *, task: Owned) -> bool:
    """Whether the actor may see and work a task: own stores' for managers, all for others.

    An associate's own tasks are those in their name in their stores: somebody else may bear the same name elsewhere.
    """
    if actor.stores is None:
        return True
    if actor.role is Role.ASSOCIATE:
        return bool(actor.associate) and task.associate == actor.associate and task.store in actor.stores
    return task.store in actor.stores
