"""Settling all contested rows, some thousand at a time."""

from itertools import pairwise

import numpy as np

from shuke.customers.rules.contested import Settled, Spelled, Terms, contested_of
from shuke.customers.rules.holders import Settlement
from shuke.customers.values import Evidence, Ints, Limits, Weights

# So many rows are settled at a time.
_AT_ONCE = 20_000


def settle(
    evidence: Evidence, rows: Ints, *, component: Ints, spelled: Spelled, limits: Limits, weights: Weights
) -> Settled:
    """Labels of `rows` (component by component) in both partitions; see the module's text for the rules.

    Components are settled some thousand rows at a time, so that memory does not grow with the shop.
    """
    terms = Terms(limits, weights, _parties_apart(evidence))
    names = spelled(rows)
    used, automatic = rows.copy(), rows.copy()
    found = Settled(used, automatic, doubts=[], eras=[], ties=[])
    for begin, end in pairwise(_cuts(component)):
        part = slice(begin, end)
        number = np.cumsum(np.diff(component[part], prepend=component[begin]) != 0)
        contested = contested_of(evidence, rows[part], component=number, names=names[part])
        settlement = Settlement(contested, terms=terms)
        settlement.settle()
        used[part], automatic[part] = settlement.used(), settlement.automatic()
        found.doubts.extend(settlement.doubts)
        found.eras.extend(settlement.eras)
        found.ties.extend(settlement.ties)
    return found


def _cuts(component: Ints) -> list[int]:
    """Where to cut rows so that each part holds whole components and about `_AT_ONCE` rows."""
    begins = np.flatnonzero(np.diff(component, prepend=-1))
    part = begins // _AT_ONCE
    first = np.flatnonzero(np.diff(part, prepend=-1))
    return [*begins[first].tolist(), len(component)]


def _parties_apart(evidence: Evidence) -> dict[int, frozenset[int]]:
    """For each party those that a person said are somebody else."""
    found: dict[int, set[int]] = {}
    for one, other in zip(*(side.tolist() for side in evidence.apart), strict=True):
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {party: frozenset(others) for party, others in found.items()}
