"""Stable ids: minted once, kept by overlap, never reused."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shuke.customers.values import Flags, Ints, Minted, Parts


@dataclass(frozen=True)
class Before:
    """What the previous run gave out. One row a (automatic cluster of now, id of then): how many records they share.

    Of an id whose records are all gone (`records` 0): how many identifiers they share. `customers` are the ids
    (sorted) that were customers then; `aliases` where every other id given out led to; `holders` (sorted) are all ids
    that had records.
    """

    cluster: Ints
    old_id: Ints
    records: Ints
    customers: Ints
    aliases: Mapping[int, int]
    identifiers: Ints
    holders: Ints


_NONE = np.zeros(0, np.int64)
NOTHING = Before(_NONE, _NONE, _NONE, customers=_NONE, aliases={}, identifiers=_NONE, holders=_NONE)


def mint(parts: Parts, sizes: Ints, *, before: Before, next_id: int) -> Minted:
    """Ids for the automatic clusters of `parts`, and the customer each belongs to.

    `sizes` is records by cluster label. An old id stays with the cluster that holds most of its records, or, where all
    its records are gone, most of its identifiers. Of several old ids in one cluster one that was a customer survives,
    then the one with most records, then identifiers, then the oldest. New ids are minted in the order of clusters'
    first evidence. A customer keeps the id it had; a new one takes its largest part's.
    """
    known = parts.automatic >= 0
    clusters = np.flatnonzero(np.bincount(parts.automatic[known]))
    ids, led = _kept(clusters, before=before)
    fresh = ids == 0
    ids[fresh] = next_id + np.arange(int(fresh.sum()))
    used = np.zeros(int(clusters.max(initial=0)) + 1, np.int64)
    used[parts.automatic[known]] = parts.used[known]
    customers = _customers(used[clusters], ids, sizes=sizes[clusters], before=before)
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
        merged=int(_is_in(np.fromiter(aliases, np.int64, len(aliases)), before.customers).sum()),
        split=int((is_customer & fresh & from_old).sum()),
    )


def _kept(clusters: Ints, *, before: Before) -> tuple[Ints, dict[int, int]]:
    """The old id that each cluster keeps (0: none), and for old ids that survive in none the cluster they lead to."""
    kept = np.zeros(len(clusters), np.int64)
    # For each old id the cluster with most of its records (ties: the first), then the strongest claims first.
    # Equal identifiers: rather the cluster that no records of another id claim.
    claimed = np.isin(before.cluster, before.cluster[before.records > 0])
    order = np.lexsort((before.cluster, claimed, -before.identifiers, -before.records, before.old_id))
    won = order[_first_of_each(before.old_id[order])]
    # A customer goes before what was a part of one: nobody's id changes because a probable tie becomes certain.
    was_part = ~_is_in(before.old_id[won], before.customers)
    claims = (before.old_id[won], -before.identifiers[won], -before.records[won], was_part, before.cluster[won])
    order = won[np.lexsort(claims)]
    old, cluster = before.old_id[order], before.cluster[order]
    survives = _first_of_each(cluster)
    kept[np.searchsorted(clusters, cluster[survives])] = old[survives]
    return kept, dict(zip(old[~survives].tolist(), cluster[~survives].tolist(), strict=True))


def _customers(used: Ints, ids: Ints, *, sizes: Ints, before: Before) -> Ints:
    """Whom each cluster is part of: the part of its used cluster that was a customer, else the largest, the oldest.

    One row a cluster. Most are the only part of theirs; the others are sorted.
    """
    chosen = ids.copy()
    several = np.flatnonzero(np.bincount(used)[used] > 1)
    was = _is_in(ids[several], before.customers)
    order = several[np.lexsort((ids[several], -sizes[several], ~was, used[several]))]
    first = _first_of_each(used[order])
    chosen[order] = ids[order[first]][np.cumsum(first) - 1]
    return chosen


def _first_of_each(values: Ints) -> Flags:
    """Marks the first row of each run of equal values."""
    first = np.ones(len(values), bool)
    first[1:] = values[1:] != values[:-1]
    return first


def _is_in(asked: Ints, known: Ints) -> Flags:
    """Which of `asked` are among `known` (sorted)."""
    if not len(known):
        return np.zeros(len(asked), bool)
    found: Flags = known[np.minimum(np.searchsorted(known, asked), len(known) - 1)] == asked
    return found


def _aliases(clusters: Ints, ids: Ints, *, customers: Ints, led: Mapping[int, int], before: Before) -> dict[int, int]:
    """Every id that is not itself a customer -> the customer."""
    part = ids != customers
    found: dict[int, int] = dict(zip(ids[part].tolist(), customers[part].tolist(), strict=True))
    places = np.searchsorted(clusters, np.fromiter(led.values(), np.int64, len(led)))
    found |= dict(zip(led, customers[places].tolist(), strict=True))
    given = np.fromiter([*before.aliases, *before.aliases.values()], np.int64, 2 * len(before.aliases))
    kept = np.flatnonzero(_is_in(ids, np.unique(given)))
    living = dict(zip(ids[kept].tolist(), customers[kept].tolist(), strict=True))
    for alias, target in before.aliases.items():
        if alias in living or alias in found:
            continue
        led_on = living.get(target, found.get(target))
        if led_on is not None:
            found[alias] = led_on
    return found
