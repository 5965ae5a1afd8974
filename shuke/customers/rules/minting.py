"""Stable ids: minted once, kept by overlap, never reused."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shuke.customers.values import Ints, Minted, Parts


@dataclass(frozen=True)
class Before:
    """What the previous run gave out. One row a (automatic cluster of now, id of then): how many records they share.

    `customers` are the ids that were customers then; `aliases` where every other id given out led to.
    """

    cluster: Ints
    old_id: Ints
    records: Ints
    customers: frozenset[int]
    aliases: Mapping[int, int]


NOTHING = Before(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), customers=frozenset(), aliases={})


def mint(parts: Parts, sizes: Ints, *, before: Before, next_id: int) -> Minted:
    """Ids for the automatic clusters of `parts`, and the customer each belongs to.

    `sizes` is records by cluster label. An old id stays with the cluster that holds most of its records; of several
    old ids in one cluster the one with most records, then the oldest, survives. New ids are minted in the order of
    clusters' first evidence. A customer keeps the id it had; a new one takes its largest part's.
    """
    clusters = np.unique(parts.automatic[parts.automatic >= 0])
    winner = _winners(before)
    own: dict[int, int] = {}
    led: dict[int, int] = {}
    for old_id, (cluster, _) in sorted(winner.items(), key=lambda item: (-item[1][1], item[0])):
        if cluster in own:
            led[old_id] = cluster
        else:
            own[cluster] = old_id
    free = next_id
    ids = np.zeros(len(clusters), np.int64)
    for place, cluster in enumerate(clusters.tolist()):
        if cluster in own:
            ids[place] = own[cluster]
        else:
            ids[place] = free
            free += 1
    living = dict(zip(clusters.tolist(), ids.tolist(), strict=True))
    customer = _customers(parts, living, sizes=sizes, before=before)
    aliases = _aliases(living, customer, led=led, before=before)
    had_records = {int(cluster) for cluster in before.cluster}
    customers = np.array([customer[cluster] for cluster in clusters.tolist()], np.int64)
    distinct = set(customers.tolist())
    return Minted(
        clusters=clusters,
        ids=ids,
        customers=customers,
        aliases=aliases,
        next_id=free,
        created=sum(1 for c in clusters.tolist() if c not in had_records and living[c] in distinct),
        merged=sum(1 for old in before.customers if old in aliases),
        split=sum(1 for c in clusters.tolist() if c in had_records and c not in own and living[c] in distinct),
    )


def _winners(before: Before) -> dict[int, tuple[int, int]]:
    """Old id -> (the cluster with most of its records, how many)."""
    order = np.lexsort((before.cluster, -before.records, before.old_id))
    found: dict[int, tuple[int, int]] = {}
    for place in order.tolist():
        found.setdefault(int(before.old_id[place]), (int(before.cluster[place]), int(before.records[place])))
    return found


def _customers(parts: Parts, living: Mapping[int, int], *, sizes: Ints, before: Before) -> dict[int, int]:
    """Automatic cluster -> the id of the customer in use that it is part of."""
    known = parts.automatic >= 0
    pairs = np.unique(np.stack([parts.used[known], parts.automatic[known]]), axis=1)
    best: dict[int, tuple[bool, int, int]] = {}
    for used, cluster in pairs.T.tolist():
        own = living[cluster]
        rank = (own in before.customers, int(sizes[cluster]), -own)
        if used not in best or rank > best[used]:
            best[used] = rank
    return {cluster: -best[used][2] for used, cluster in pairs.T.tolist()}


def _aliases(
    living: Mapping[int, int], customer: Mapping[int, int], *, led: Mapping[int, int], before: Before
) -> dict[int, int]:
    """Every id that is not itself a customer -> the customer."""
    of_id = {own: customer[cluster] for cluster, own in living.items()}
    found = {own: target for own, target in of_id.items() if own != target}
    for old_id, cluster in led.items():
        found[old_id] = customer[cluster]
    for alias, target in before.aliases.items():
        if alias in of_id or alias in found:
            continue
        led_on = of_id.get(target, found.get(target))
        if led_on is not None:
            found[alias] = led_on
    return found
