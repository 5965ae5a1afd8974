"""One record that ties two groups which stand by themselves: it stays with one of them, and the other is told apart.

Two values that at least two records carry together belong to one *core*. Where a component has several cores of at
least three records each, every single record between them is looked at: if the rest falls apart without it, and two of
the parts have three records, differ in a card, number, account or address and agree in no name or birthday, the record
keeps the keys of one part (whose name it has, then of its strongest key) and loses the others'.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from shuke.customers.rules.components import components, numbered
from shuke.customers.values import KEY_TYPES, Flags, Ints

# A group of so many records stands by itself.
DENSE = 3
# Values that tell two people apart. Buyer ids do not: each shop gives its own.
_TELLING = frozenset(KEY_TYPES.index(kind) for kind in ("member_id", "card", "unionid", "phone", "email"))

# What a person said, and versions of one record, are no chance tie.
_FIRM = frozenset(KEY_TYPES.index(kind) for kind in ("pin", "record"))


@dataclass(frozen=True)
class Carried:
    """Which place carries which value: one row each, by place. `kind` indexes KEY_TYPES."""

    place: Ints
    kind: Ints
    value: Ints

    def without(self, gone: Flags) -> "Carried":
        """All but some of them."""
        return Carried(self.place[~gone], self.kind[~gone], self.value[~gone])


@dataclass(frozen=True)
class Told:
    """What the places are known by: records, names, birthdays and whether they are a member's or contact's own."""

    records: Sequence[int]
    names: Sequence[str | None]
    birthdays: Sequence[int]
    is_own: Sequence[bool]


@dataclass(slots=True)
class _Part:
    """What hangs on some keys of a record when the record is gone."""

    places: set[int]
    nodes: set[int]
    records: int
    own: int
    said: set[str | int]
    values: dict[int, set[int]]


def bridges(carried: Carried, told: Told, *, size: int) -> tuple[Flags, list[tuple[int, int, int]]]:
    """Which keys (of `carried`) their places lose, and (place, place of the other group, kind) of each such tie.

    `size` is the number of places.
    """
    gone = np.zeros(len(carried.place), bool)
    node = _nodes(carried)
    suspect = _between_cores(carried, node, records=np.asarray(told.records, np.int64), size=size)
    ties: list[tuple[int, int, int]] = []
    if not suspect.any():
        return gone, ties
    graph = _Graph(carried, node, told=told, at=np.flatnonzero(suspect))
    for place in graph.candidates:
        for number, other in graph.cut(place):
            gone[number] = True
            ties.append((place, other, int(carried.kind[number])))
    return gone, ties


def _nodes(carried: Carried) -> Ints:
    """A number from 0 for each distinct value of each kind."""
    return numbered(carried.value * len(KEY_TYPES) + carried.kind + 1)[0] - 1


def _between_cores(carried: Carried, node: Ints, *, records: Ints, size: int) -> Flags:
    """Rows of `carried` in components with several cores that stand by themselves."""
    of_place = np.full((size, len(KEY_TYPES)), -1, np.int64)
    of_place[carried.place, carried.kind] = node
    count = int(node.max(initial=-1)) + 1
    left, right, times = list[Ints](), list[Ints](), list[Ints]()
    for one, other in combinations(range(len(KEY_TYPES)), 2):
        rows = np.flatnonzero((of_place[:, one] >= 0) & (of_place[:, other] >= 0))
        left.append(of_place[rows, one])
        right.append(of_place[rows, other])
        times.append(records[rows])
    pair, at = np.unique(np.concatenate(left) * count + np.concatenate(right), return_inverse=True)
    often = pair[np.bincount(at, weights=np.concatenate(times), minlength=len(pair)) > 1]
    core = components(count, [(often // max(count, 1), often % max(count, 1))])
    # A place lies inside a core where all its values are of that core.
    of_value = core[node]
    low, high = np.full(size, count, np.int64), np.full(size, -1, np.int64)
    np.minimum.at(low, carried.place, of_value)
    np.maximum.at(high, carried.place, of_value)
    inside = np.flatnonzero((low == high) & (high >= 0))
    dense = np.bincount(low[inside], weights=records[inside], minlength=count) >= DENSE
    whole = components(count, [(np.concatenate(left), np.concatenate(right))])
    found = np.bincount(whole[dense[: len(whole)].nonzero()[0]], minlength=count) > 1
    return found[whole[node]]


class _Graph:
    """Places and the values they carry, in the components that are looked at."""

    def __init__(self, carried: Carried, node: Ints, *, told: Told, at: Ints) -> None:
        self._told = told
        self._keys: dict[int, list[tuple[int, int, int]]] = {}
        self._places: dict[int, list[int]] = {}
        columns = (at, carried.place[at], carried.kind[at], node[at])
        for number, place, kind, value in zip(*(column.tolist() for column in columns), strict=True):
            self._keys.setdefault(place, []).append((kind, value, number))
            self._places.setdefault(value, []).append(place)
        records = told.records
        self.candidates = [place for place in sorted(self._keys) if records[place] == 1 and len(self._keys[place]) > 1]

    def cut(self, place: int) -> list[tuple[int, int]]:
        """The keys (rows of `carried`) that tie a place to a group which is not its own, and a place of that group."""
        parts = self._parts(place)
        if len(parts) < 2:
            return []
        name = self._told.names[place]
        mine = min(parts, key=lambda part: self._claim(place, part, name=name))
        found: list[tuple[int, int]] = []
        for part in parts:
            if part is not mine and self._are_two(mine, part, place=place):
                lost = [key for key in self._keys[place] if key[1] in part.nodes]
                found += [(number, min(part.places)) for _, _, number in lost]
                for key in lost:
                    self._keys[place].remove(key)
                    self._places[key[1]].remove(place)
        return found

    def _claim(self, place: int, part: _Part, *, name: str | None) -> tuple[bool, bool, int]:
        """Whose a place is, the smallest first: by a pin or its record, by name, by its strongest key."""
        strongest = min(kind for kind, node, _ in self._keys[place] if node in part.nodes)
        return strongest not in _FIRM, name is None or name not in part.said, strongest

    def _are_two(self, one: _Part, other: _Part, *, place: int) -> bool:
        """Whether both parts stand by themselves, differ, and agree in no name or birthday."""
        if min(one.records, other.records) < DENSE or one.said & other.said:
            return False
        if self._told.is_own[place] and not (one.own and other.own):
            # The one own record of a group is no chance tie: the member file says so.
            return False
        a, b = one.values, other.values
        # That the other part has a value that its tie brings along is no difference: one may get a new number.
        telling = _TELLING - {kind for kind, node, _ in self._keys[place] if node in other.nodes}
        return any(kind in a and kind in b and a[kind].isdisjoint(b[kind]) for kind in telling)

    def _parts(self, place: int) -> list[_Part]:
        """The groups that hang on the keys of a place when the place is gone."""
        parts: list[_Part] = []
        for _, start, _ in self._keys[place]:
            if not any(start in part.nodes for part in parts):
                part = self._reach(start, without=place)
                if part.places:
                    parts.append(part)
        return parts

    def _reach(self, start: int, *, without: int) -> _Part:
        part = _Part(places=set(), nodes={start}, records=0, own=0, said=set(), values={})
        queue = [start]
        while queue:
            for place in self._places[queue.pop()]:
                if place == without or place in part.places:
                    continue
                self._take(part, place)
                for kind, node, _ in self._keys[place]:
                    part.values.setdefault(kind, set()).add(node)
                    if node not in part.nodes:
                        part.nodes.add(node)
                        queue.append(node)
        return part

    def _take(self, part: _Part, place: int) -> None:
        told = self._told
        part.places.add(place)
        part.records += told.records[place]
        part.own += told.is_own[place]
        part.said |= {said for said in (told.names[place], told.birthdays[place]) if said}
