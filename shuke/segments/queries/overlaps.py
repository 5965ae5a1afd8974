"""Which other segment a segment shares most people with."""

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.segments.queries.scope import of_store


def overlaps(actor: Actor, *, lake: Reader, store: str | None = None) -> dict[str, tuple[str, int]]:
    """For each segment with people in common with another: that other one's code and how many people, by home store.

    Of equal ones the first by code.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("segment_overlap"):
        return {}
    rows = lake.rows(
        "select segment, other, sum(people)::bigint as people from segment_overlap"
        f" where other <> segment{of_store(actor, store=store)} group by segment, other"
        " order by people desc, other, segment"
    )
    found: dict[str, tuple[str, int]] = {}
    for row in rows:
        found.setdefault(row["segment"], (row["other"], row["people"]))
    return found
