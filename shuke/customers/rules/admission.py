"""Guards for ties of weak evidence: what they may not join, however likely it is."""

from dataclasses import dataclass

import numpy as np

from shuke.customers.rules.components import has_several, joined, more_than
from shuke.customers.values import Evidence, Flags, Floats, Ints, Limits


@dataclass(slots=True)
class _Holding:
    """What a group of rows carries of limited kinds, and the parties among its rows."""

    values: dict[str, set[int]]
    parties: set[int]


def refused(evidence: Evidence, used: Ints, left: Ints, right: Ints, *, probability: Floats, limits: Limits) -> Flags:
    """Which ties between the groups of `left` and `right` rows a guard refuses.

    The likelier are taken first (then the earlier rows): one is refused where it would join parties that a person said
    are apart, or give a customer more values of a kind than `limits` allow and than either side has.
    """
    found = np.zeros(len(left), bool)
    if not len(left):
        return found
    together = joined(used, left, right)
    suspect = _suspect(evidence, used, together, touched=together[left], limits=limits)
    asked = np.flatnonzero(np.isin(together[left], suspect))
    if not len(asked):
        return found
    apart = {pair for sides in zip(*(s.tolist() for s in evidence.apart), strict=True) for pair in (sides, sides[::-1])}
    rows = np.flatnonzero(np.isin(together, suspect))
    holdings = _holdings(evidence, used, rows, limits=limits)
    leads = {group: group for group in holdings}
    order = asked[np.lexsort((right[asked], left[asked], -probability[asked]))]
    for tie in order.tolist():
        one, other = (_lead(leads, int(used[side[tie]])) for side in (left, right))
        if one == other:
            continue
        a, b = holdings[one], holdings[other]
        if _breaks(a, b, limits=limits) or any((p, q) in apart for p in a.parties for q in b.parties):
            found[tie] = True
            continue
        leads[other] = one
        a.parties |= b.parties
        a.values = {kind: a.values[kind] | b.values[kind] for kind in a.values}
    return found


def _suspect(evidence: Evidence, used: Ints, together: Ints, *, touched: Ints, limits: Limits) -> Ints:
    """Groups that would hold too much, or parties apart, if all ties were taken."""
    is_touched = np.zeros(len(used), bool)
    is_touched[touched] = True
    rows = np.flatnonzero(is_touched[together])
    label = together[rows]
    pins = evidence.keys["pin"][rows]
    found = [has_several(label, np.where(np.isin(pins, np.concatenate(evidence.apart)), pins, 0))]
    found += [more_than(label + 1, evidence.keys[kind][rows], most=most) - 1 for kind, most in limits.values.items()]
    return np.unique(np.concatenate(found))


def _holdings(evidence: Evidence, used: Ints, rows: Ints, *, limits: Limits) -> dict[int, _Holding]:
    found: dict[int, _Holding] = {}
    columns = {kind: evidence.keys[kind][rows].tolist() for kind in limits.values}
    parties = evidence.keys["pin"][rows].tolist()
    for place, group in enumerate(used[rows].tolist()):
        holding = found.get(group)
        if holding is None:
            holding = found[group] = _Holding({kind: set() for kind in limits.values}, set())
        for kind, values in columns.items():
            if values[place]:
                holding.values[kind].add(values[place])
        if parties[place]:
            holding.parties.add(parties[place])
    return found


def _breaks(one: _Holding, other: _Holding, *, limits: Limits) -> bool:
    for kind, most in limits.values.items():
        a, b = one.values[kind], other.values[kind]
        together = len(a | b)
        if together > most and together > max(len(a), len(b)):
            return True
    return False


def _lead(leads: dict[int, int], group: int) -> int:
    while leads[group] != group:
        leads[group] = leads[leads[group]]
        group = leads[group]
    return group
