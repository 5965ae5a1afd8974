"""Whose tasks are whose."""

from typing import Protocol

from shuke.kernel.actor import Actor, Role


class Owned(Protocol):
    """Anything that belongs to a store and an associate."""

    store: str
    associate: str


def may_work(actor: Actor, *, task: Owned) -> bool:
    """Whether the actor may see and work a task: own ones for associates, own stores' for managers, all for others."""
    if actor.stores is None:
        return True
    if actor.role is Role.ASSOCIATE:
        return bool(actor.associate) and task.associate == actor.associate
    return task.store in actor.stores
