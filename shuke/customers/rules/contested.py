"""Which components may mix several people, and their evidence as plain lists: single look-ups read those faster."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from shuke.customers.rules.bridges import DENSE, Carried, Told, bridges
from shuke.customers.rules.components import has_several, more_than
from shuke.customers.rules.groups import DAY_S
from shuke.customers.rules.guards import telling_initials
from shuke.customers.values import KEY_TYPES, ONCE_ONLY, Evidence, Floats, Ints, Limits, Reason, Weights

Spelled = Callable[[Ints], Sequence[str | None]]
"""The full names of rows, None where a row has none."""

# Seconds of the year 9999: later than any record, and still a day that every engine can write.
FOREVER = 253_370_764_800


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row that joined by likelihood only."""

    row: int
    reason: Reason
    probability: float


@dataclass(frozen=True, slots=True)
class Era:
    """From `from_s` until `until_s` the row belongs to whom `holder` (a row) belongs to."""

    row: int
    from_s: int
    until_s: int
    holder: int
    certain: bool
    probability: float


@dataclass(frozen=True, slots=True)
class Tie:
    """Two rows whose groups are one person with `probability`; `refused` where a guard keeps them apart."""

    left: int
    right: int
    reason: Reason
    probability: float
    refused: bool


@dataclass(frozen=True)
class Settled:
    """Labels (evidence rows) of the rows asked about in the two partitions, and what is special about some of them."""

    used: Ints
    automatic: Ints
    doubts: list[Doubt]
    eras: list[Era]
    ties: list[Tie]


@dataclass(frozen=True)
class Terms:
    """What binds a settlement: bounds, weights, and for each party those that a person said are somebody else."""

    limits: Limits
    weights: Weights
    apart: Mapping[int, frozenset[int]]


class Shared(NamedTuple):
    """A value that several places of a component carry."""

    component: int
    kind: str
    value: int
    places: list[int]


@dataclass(frozen=True)
class Contested:
    """Rows component by component, by their place from 0.

    `values` holds the kinds that a place carries. `shared` comes component by component, the strongest kind first, then
    the best supported value. `bridging` are ties that one weak record made and lost: two places and the kind (of
    KEY_TYPES).
    """

    rows: list[int]
    values: list[dict[str, set[int]]]
    names: Sequence[str | None]
    initials: list[int]
    birthdays: list[int]
    first: list[int]
    last: list[int]
    records: Sequence[int]
    is_own: list[bool]
    shared: list[Shared]
    bridging: list[tuple[int, int, int]]


def mixed(evidence: Evidence, label: Ints, *, limits: Limits) -> Ints:
    """Rows of each component that may mix several people, component by component.

    Those with several names, initials, birthdays, accounts or parties apart; with more values of a kind than one
    customer has; those in which one record may tie two groups; and phones whose nameless use ended long before
    anybody's began.
    """
    kinds = [
        np.where(evidence.name_is_full, evidence.name, 0),
        telling_initials(evidence),
        evidence.birthday,
        *(evidence.keys[kind] for kind in ONCE_ONLY),
        np.where(np.isin(evidence.keys["pin"], np.concatenate(evidence.apart)), evidence.keys["pin"], 0),
    ]
    found = [has_several(label, values) for values in kinds]
    found += [more_than(label + 1, evidence.keys[kind], most=most) - 1 for kind, most in limits.values.items()]
    records: Floats = np.bincount(label, weights=_times(evidence), minlength=len(evidence)).astype(np.float64)
    found += [_of_many(has_several(label, evidence.keys[kind]), records) for kind in ("phone", "email")]
    found.append(label[_ended_before(evidence, days=limits.recycled_after_days)])
    is_mixed = np.zeros(len(evidence), bool)
    is_mixed[np.concatenate(found)] = True
    rows = np.flatnonzero(is_mixed[label])
    return rows[np.argsort(label[rows], kind="stable")]


def _of_many(labels: Ints, records: Floats) -> Ints:
    """Components with records enough for two groups that stand by themselves."""
    return labels[records[labels] >= 2 * DENSE]


def _times(evidence: Evidence, rows: Ints | slice = slice(None)) -> Ints:
    """How many records each row stands for; those of one instant are one, so that a record written twice is one."""
    first = evidence.first[rows]
    return np.where((first == evidence.last[rows]) & (first != 0), 1, evidence.records[rows])


def _ended_before(evidence: Evidence, *, days: int) -> Ints:
    """Rows with a phone and nothing else whose use ended so many days before anybody known by more began."""
    phone = evidence.keys["phone"]
    known = evidence.name_is_full | (evidence.birthday != 0) | (telling_initials(evidence) != 0)
    for kind in ("pin", *ONCE_ONLY):
        known |= evidence.keys[kind] != 0
    rows = np.flatnonzero(known & (phone != 0) & (evidence.first != 0))
    # Assigned from the latest on, so that the earliest is written last.
    rows = rows[np.argsort(-evidence.first[rows], kind="stable")]
    began = np.zeros(int(phone.max(initial=0)) + 1, np.int64)
    began[phone[rows]] = evidence.first[rows]
    return np.flatnonzero(~known & (phone != 0) & (evidence.last != 0) & (began[phone] - evidence.last >= days * DAY_S))


def contested_of(evidence: Evidence, rows: Ints, *, component: Ints, names: Sequence[str | None]) -> Contested:
    """The evidence of `rows` and their full names. They lie component by component, numbered in that order from 0."""
    matrix = np.stack([evidence.keys[kind][rows] for kind in KEY_TYPES], axis=1)
    place, kind = np.nonzero(matrix)
    carried = Carried(place, kind, matrix[place, kind])
    records = _times(evidence, rows)
    birthdays, is_own = evidence.birthday[rows].tolist(), evidence.is_own[rows].tolist()
    told = Told(records.tolist(), names, birthdays, is_own=is_own)
    gone, bridging = bridges(carried, told, size=len(rows))
    carried = carried.without(gone)
    values: list[dict[str, set[int]]] = [{} for _ in range(len(rows))]
    for at, which, what in zip(*(column.tolist() for column in vars(carried).values()), strict=True):
        values[at][KEY_TYPES[which]] = {what}
    return Contested(
        rows=rows.tolist(),
        values=values,
        names=names,
        initials=telling_initials(evidence, rows).tolist(),
        birthdays=birthdays,
        first=evidence.first[rows].tolist(),
        last=evidence.last[rows].tolist(),
        records=told.records,
        is_own=is_own,
        shared=_shared(carried, component=component[carried.place], records=records[carried.place]),
        bridging=bridging,
    )


def _shared(carried: Carried, *, component: Ints, records: Ints) -> list[Shared]:
    """Each value on several places of a component, as `Contested.shared` wants them."""
    place, kind, value = carried.place, carried.kind, carried.value
    if not len(place):
        return []
    order = np.lexsort((place, value, kind, component))
    place, kind, value, component = place[order], kind[order], value[order], component[order]
    fresh = np.ones(len(order), bool)
    fresh[1:] = (component[1:] != component[:-1]) | (kind[1:] != kind[:-1]) | (value[1:] != value[:-1])
    begin = np.flatnonzero(fresh)
    end = np.append(begin[1:], len(order))
    support = np.add.reduceat(records[order], begin)
    several = np.flatnonzero(end - begin > 1)
    ranked = several[
        np.lexsort((value[begin[several]], -support[several], kind[begin[several]], component[begin[several]]))
    ]
    places = place.tolist()
    return [
        Shared(at, KEY_TYPES[which], what, places[start:stop])
        for at, which, what, start, stop in zip(
            component[begin[ranked]].tolist(),
            kind[begin[ranked]].tolist(),
            value[begin[ranked]].tolist(),
            begin[ranked].tolist(),
            end[ranked].tolist(),
            strict=True,
        )
    ]
