"""What happened to ids between two resolutions: the difference of whom each id stood for and whom it stands for now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from shuke.customers.rules.minting import Before
from shuke.customers.values import Flags, Ints, Minted, Parts, Reason


@dataclass(frozen=True)
class Leads:
    """Whom each id stands for: `ids` (sorted, each once) and beside them the customer, itself where it is one."""

    ids: Ints
    customers: Ints


@dataclass(frozen=True)
class Change:
    """One change of an id; fields as in table customer_events. `reason` is a code, `evidence` codes with commas."""

    kind: str
    customer_id: int
    other_id: int | None
    leads_to: int | None
    records: int
    reason: str = "resolution"
    evidence: str = ""


@dataclass(frozen=True)
class Chronicle:
    """`created` are ids of new customers; `parts` new ids of parts of a customer; `changes` all else, each told."""

    created: Ints
    parts: Leads
    changes: tuple[Change, ...]


def leads_of(customers: Ints, aliases: Mapping[int, int]) -> Leads:
    """Living customers (any order, repeats allowed) and aliases as one table."""
    living = np.unique(customers)
    keys = np.fromiter(aliases, np.int64, len(aliases))
    ids = np.concatenate([living, keys])
    leads = np.concatenate([living, np.fromiter(aliases.values(), np.int64, len(aliases))])
    order = np.argsort(ids, kind="stable")
    return Leads(ids[order], leads[order])


def chronicle(stood: Leads, *, before: Before, minted: Minted) -> Chronicle:
    """Every id whose meaning changed, each once, and records that went from one living customer to another.

    `stood` is whom ids stood for in the generation before. An id that stood for another one and is a customer again is
    a split, as a new id is whose records carried an old one. An id that nobody carries any more leads to 0.
    """
    stands = leads_of(minted.customers, minted.aliases)
    then = _led(stood, stands.ids)
    is_living = stands.customers == stands.ids
    flows = _flows(stood, before=before, minted=minted)
    parents = {to: source for (source, to), _ in sorted(flows.items(), key=lambda flow: (flow[1], -flow[0][0]))}
    fresh = then == 0
    born = np.array(sorted(parents), np.int64)
    has_parent = np.isin(stands.ids, born)
    created = stands.ids[is_living & fresh & ~has_parent]
    part = ~is_living & fresh
    changed = (then != stands.customers) & ~part & ~(is_living & fresh & ~has_parent)
    changes = [
        _change(int(one), led=int(led), now=int(now), parents=parents, flows=flows)
        for one, led, now in zip(
            stands.ids[changed].tolist(), then[changed].tolist(), stands.customers[changed].tolist(), strict=True
        )
    ]
    gone = np.setdiff1d(stood.ids, stands.ids, assume_unique=True)
    changes += [Change("moved", number, None, 0, 0) for number in gone.tolist()]
    changes += _moved(flows, stood=stood, stands=stands)
    return Chronicle(created, Leads(stands.ids[part], stands.customers[part]), tuple(changes))


def told_why(found: Chronicle, *, parts: Parts, minted: Minted) -> Chronicle:
    """The changes with the reason of the least certain tie in the customer that is left, and its commonest reasons."""
    about = [change.other_id if change.leads_to is None else change.leads_to for change in found.changes]
    why = _why(np.unique(np.array([number for number in about if number], np.int64)), parts=parts, minted=minted)
    changes = []
    for change, number in zip(found.changes, about, strict=True):
        reason, evidence = why.get(number or 0, (change.reason, ""))
        changes.append(replace(change, reason=reason, evidence=evidence))
    return replace(found, changes=tuple(changes))


def _led(stood: Leads, asked: Ints) -> Ints:
    """Whom each of `asked` stood for, 0 for nobody."""
    if not len(stood.ids):
        return np.zeros(len(asked), np.int64)
    at = np.minimum(np.searchsorted(stood.ids, asked), len(stood.ids) - 1)
    return np.where(stood.ids[at] == asked, stood.customers[at], 0)


def _flows(stood: Leads, *, before: Before, minted: Minted) -> dict[tuple[int, int], int]:
    """Records by (customer then, customer now), where the two differ."""
    if not len(before.cluster):
        return {}
    now = minted.customers[np.searchsorted(minted.clusters, before.cluster)]
    then = _led(stood, before.old_id)
    found: dict[tuple[int, int], int] = {}
    for row in np.flatnonzero((then != now) & (then != 0) & (before.records > 0)).tolist():
        flow = (int(then[row]), int(now[row]))
        found[flow] = found.get(flow, 0) + int(before.records[row])
    return found


def _change(
    number: int, *, led: int, now: int, parents: Mapping[int, int], flows: Mapping[tuple[int, int], int]
) -> Change:
    """The change of one id that stood for `led` (0: nobody) and stands for `now`."""
    if now == number:
        source = led or parents.get(number, 0)
        return Change("split", number, source or None, number, flows.get((source, number), 0))
    if led == number:
        return Change("merged", number, now, now, flows.get((number, now), 0))
    return Change("moved", number, now, now, 0)


def _moved(flows: Mapping[tuple[int, int], int], *, stood: Leads, stands: Leads) -> list[Change]:
    """Records that went from a customer that lives on to another one that was there before."""
    found = []
    for (source, to), records in sorted(flows.items()):
        ends = np.array([source, to], np.int64)
        if (_led(stands, ends) == ends).all() and (_led(stood, ends) == ends).all():
            found.append(Change("moved", source, to, None, records))
    return found


def _why(customers: Ints, *, parts: Parts, minted: Minted) -> dict[int, tuple[str, str]]:
    """For customers (sorted): the reason of their least certain row, and up to six of their reasons by frequency."""
    if not len(customers):
        return {}
    known = np.flatnonzero(parts.automatic >= 0)
    owner = minted.customers[np.searchsorted(minted.clusters, parts.automatic[known])]
    at = np.minimum(np.searchsorted(customers, owner), len(customers) - 1)
    is_asked: Flags = customers[at] == owner
    rows, place = known[is_asked], at[is_asked]
    order = np.lexsort((parts.reason[rows], parts.probability[rows], place))
    found: dict[int, tuple[str, str]] = {}
    for start, stop in _runs(place[order]):
        mine = parts.reason[rows[order[start:stop]]]
        codes, counts = np.unique(mine, return_counts=True)
        often = codes[np.lexsort((codes, -counts))][:6]
        first = Reason.PINNED if (codes == Reason.PINNED).any() else Reason(int(mine[0]))
        named = ",".join(Reason(int(code)).code for code in often)
        found[int(customers[place[order[start]]])] = (first.code, named)
    return found


def _runs(ordered: Ints) -> list[tuple[int, int]]:
    """Start and stop of each run of equal values."""
    if not len(ordered):
        return []
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])).tolist()
    return list(zip(starts, [*starts[1:], len(ordered)], strict=True))
