"""Stable ids: minted once, kept by overlap, never reused."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shuke.customers.values import Flags, Ints, Minted, Parts


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
    ids, led = _kept(clusters, before=before)
    fresh = ids == 0
    ids[fresh] = next_id + np.arange(int(fresh.sum()))
    customers = _customers(parts, clusters, ids=ids, sizes=sizes, before=before)
    aliases = _aliases(clusters, ids, customers=customers, led=led, before=before)
    from_old = np.isin(clusters, before.cluster)
    is_customer = ids == customers
    return Minted(
        clusters=clusters,
        ids=ids,
        customers=customers,
        aliases=aliases,
        next_id=next_id + int(fresh.sum()),
        created=int((is_customer & fresh & ~from_old).sum()),
        merged=sum(1 for old in before.customers if old in aliases),
        split=int((is_customer & fresh & from_old).sum()),
    )


def _kept(clusters: Ints, *, before: Before) -> tuple[Ints, dict[int, int]]:
    """The old id that each cluster keeps (0: none), and for old ids that survive in none the cluster they lead to."""
    kept = np.zeros(len(clusters), np.int64)
    # For each old id the cluster with most of its records (ties: the first), then the strongest claims first.
    order = np.lexsort((before.cluster, -before.records, before.old_id))
    old, cluster, records = before.old_id[order], before.cluster[order], before.records[order]
    won = np.ones(len(old), bool)
    won[1:] = old[1:] != old[:-1]
    old, cluster, records = old[won], cluster[won], records[won]
    order = np.lexsort((old, -records, cluster))
    old, cluster = old[order], cluster[order]
    survives = np.ones(len(old), bool)
    survives[1:] = cluster[1:] != cluster[:-1]
    kept[np.searchsorted(clusters, cluster[survives])] = old[survives]
    return kept, dict(zip(old[~survives].tolist(), cluster[~survives].tolist(), strict=True))


def _customers(parts: Parts, clusters: Ints, *, ids: Ints, sizes: Ints, before: Before) -> Ints:
    """Whom each cluster is part of: the part of its used cluster that was a customer, else the largest, the oldest."""
    used = np.zeros(len(clusters), np.int64)
    known = parts.automatic >= 0
    used[np.searchsorted(clusters, parts.automatic[known])] = parts.used[known]
    was = np.isin(ids, np.fromiter(before.customers, np.int64, len(before.customers)))
    order = np.lexsort((ids, -sizes[clusters], ~was, used))
    first = _first_of_each(used[order])
    _, group = np.unique(used, return_inverse=True)
    chosen: Ints = ids[order][first][group]
    return chosen


def _first_of_each(values: Ints) -> Flags:
    """Marks the first row of each run of equal values."""
    first = np.ones(len(values), bool)
    first[1:] = values[1:] != values[:-1]
    return first


def _aliases(clusters: Ints, ids: Ints, *, customers: Ints, led: Mapping[int, int], before: Before) -> dict[int, int]:
    """Every id that is not itself a customer -> the customer."""
    part = ids != customers
    found: dict[int, int] = dict(zip(ids[part].tolist(), customers[part].tolist(), strict=True))
    places = np.searchsorted(clusters, np.fromiter(led.values(), np.int64, len(led)))
    found |= dict(zip(led, customers[places].tolist(), strict=True))
    living = dict(zip(ids.tolist(), customers.tolist(), strict=True)) if before.aliases else {}
    for alias, target in before.aliases.items():
        if alias in living or alias in found:
            continue
        led_on = living.get(target, found.get(target))
        if led_on is not None:
            found[alias] = led_on
    return found
