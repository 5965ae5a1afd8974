"""Ids that were given out, and what a resolution did."""

from collections.abc import Mapping
from dataclasses import dataclass

from shuke.customers.values.evidence import Ints


@dataclass(frozen=True)
class Minted:
    """Ids of the clusters: `clusters` are the automatic labels, sorted; `ids` theirs; `customers` whom each is part of.

    `aliases` leads ids given out earlier, or given to a part of a customer, to the customer. `next_id` is free.
    """

    clusters: Ints
    ids: Ints
    customers: Ints
    aliases: Mapping[int, int]
    next_id: int
    created: int
    merged: int
    split: int


@dataclass(frozen=True)
class Resolution:
    """What one resolution did; `next_id` becomes the allocator's when the run is published."""

    first_id: int
    next_id: int
    records: int
    customers: int
    created: int
    merged: int
    split: int
    blocked: Mapping[str, int]
