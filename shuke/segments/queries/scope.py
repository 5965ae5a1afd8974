"""Whose customers are counted: the home store, the same on every list, page and export."""

from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.lake.rules import literal


def of_store(actor: Actor, *, store: str | None, column: str = "store") -> str:
    """A condition on a home-store column, ` and ` in front: the actor's stores, and `store` where it is given."""
    parts = []
    if actor.stores is not None:
        parts.append(f" and {column} in {literal(sorted(actor.stores))}")
    if store is not None:
        parts.append(f" and {column} = {literal(store)}")
    return "".join(parts)


def as_of_day(lake: Reader) -> object:
    """The as-of day of the segments on show, or None before the first week."""
    return lake.value("select as_of from layers limit 1") if lake.has("layers") else None
