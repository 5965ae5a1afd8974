"""Who holds a shared value: deciding inside the few components that would mix several people.

A component whose rows carry two full names, cards, members, unionids or birthdays, or too many phones, is built
again from its strongest ties to its weakest, and a tie is refused where the two sides contradict each other:

- Rows of one record, one member number or one card belong together (a card of two members does not).
- On a shared phone, account or address the *holders* are told apart by full name: equal names join, also with two
  cards; names that contradict stay apart.
- Without names, two cards (members, unionids) on one number that was in use all the time are probably one person; if
  the number fell silent for `recycled_after_days` between them it changed hands.
- A nameless receipt goes to the holder of its time; of several holders at that time to the one seen most (probable).
- A name that only one or two orders carry, without an account or a record of its own, is a receiver's (a gift): the
  order goes to the number's holder (probable).
- No merge may give a customer more values of a kind than `limits` allow.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from shuke.customers.rules.groups import DAY_S, Group, Verdict, verdict_on
from shuke.customers.values import KEY_TYPES, ONCE_ONLY, Evidence, Ints, Limits, Reason, Weights

Spelled = Callable[[Ints], Sequence[str | None]]
"""The full names of rows, None where a row has none."""

# So many orders under one name on a number make that name a person of the number.
_OWN_NAME_RECORDS = 3
# Seconds of the year 9999: later than any record, and still a day that every engine can write.
FOREVER = 253_370_764_800


@dataclass(frozen=True)
class Doubt:
    """A row that joined by likelihood only."""

    row: int
    reason: Reason
    probability: float


@dataclass(frozen=True)
class Era:
    """From `from_s` until `until_s` the row belongs to whom `holder` (a row) belongs to."""

    row: int
    from_s: int
    until_s: int
    holder: int
    certain: bool
    probability: float


@dataclass(frozen=True)
class Settled:
    """Labels (evidence rows) of the rows asked about in the two partitions, and what is special about some of them."""

    used: Ints
    automatic: Ints
    doubts: list[Doubt]
    eras: list[Era]


@dataclass(frozen=True)
class Contested:
    """Evidence of contested rows as plain lists, which single look-ups read faster than arrays."""

    rows: list[int]
    keys: Mapping[str, list[int]]
    names: Sequence[str | None]
    birthdays: list[int]
    first: list[int]
    last: list[int]
    records: list[int]
    is_own: list[bool]


class Settlement:
    """Settles one component: the rows at the places from `begin` up to `end` of `contested`."""

    def __init__(self, contested: Contested, *, begin: int, end: int, limits: Limits, weights: Weights) -> None:
        self._limits = limits
        self._weights = weights
        self._contested = contested
        self._carrying: dict[str, dict[int, list[int]]] = {kind: {} for kind in KEY_TYPES}
        rows = contested.rows[begin:end]
        self._groups = {row: self._alone(row, begin + place) for place, row in enumerate(rows)}
        self._of = {row: row for row in rows}
        self._sure = dict(self._of)
        self._records = {row: group.records for row, group in self._groups.items()}
        self.doubts: list[Doubt] = []
        self.eras: list[Era] = []

    def settle(self) -> None:
        """Joins from the strongest key to the weakest."""
        for kind in KEY_TYPES:
            for value, rows in self._carriers(kind):
                self._settle_value(kind, value, rows=rows)

    def used(self) -> list[int]:
        """The label of each row in the partition in use: the smallest row of its group."""
        smallest = {root: min(group.rows) for root, group in self._groups.items()}
        return [smallest[root] for root in self._of.values()]

    def automatic(self) -> list[int]:
        """The label of each row in the automatic partition."""
        return [self._root(row) for row in self._of]

    def _alone(self, row: int, place: int) -> Group:
        known = self._contested
        name, birthday = known.names[place], known.birthdays[place]
        carried: dict[str, set[int]] = {}
        for kind, values in known.keys.items():
            value = values[place]
            if value:
                carried[kind] = {value}
                self._carrying[kind].setdefault(value, []).append(row)
        return Group(
            rows=[row],
            names={name} if name else set(),
            birthdays={birthday} if birthday else set(),
            values=carried,
            first=known.first[place],
            last=known.last[place],
            records=known.records[place],
            is_own=known.is_own[place],
        )

    def _carriers(self, kind: str) -> list[tuple[int, list[int]]]:
        """Values of a kind on several rows, the best supported first."""
        shared = [(value, rows) for value, rows in self._carrying[kind].items() if len(rows) > 1]
        return sorted(shared, key=lambda item: (-sum(self._records[row] for row in item[1]), item[0]))

    def _settle_value(self, kind: str, value: int, *, rows: list[int]) -> None:
        if kind in ("record", "member_id") or (kind == "card" and len(self._members(rows)) < 2):
            self._join_all(rows)
            return
        carriers = self._representatives(rows)
        if len(carriers) == 1:
            return
        anchors = [root for root in carriers if self._is_anchor(root, kind=kind)]
        bare = [root for root in carriers if root not in set(anchors)]
        found = self._find_holders(anchors, carriers)
        receivers = [root for root in found if self._is_receiver(root)]
        holders = [root for root in found if root not in set(receivers)]
        if receivers and not holders:
            holders = [receivers.pop(0)]
        if len(holders) < 2:
            self._join_all([carriers[root] for root in (*holders, *bare)])
            bare = []
        for root in sorted(bare):
            self._give_to_holder(root, kind=kind, value=value, carriers=carriers, holders=holders)
        for root in sorted(receivers):
            owner, _ = self._dominant(self._eras_at([self._of[holder] for holder in holders], root))
            for row in self._groups[root].rows:
                self.doubts.append(Doubt(row, Reason.OTHER_RECEIVER, self._weights.other_receiver))
            self._merge(owner, root, carriers=carriers, certain=False)

    def _members(self, rows: list[int]) -> set[int]:
        return {member for row in rows for member in self._groups[self._of[row]].values.get("member_id", ())}

    def _representatives(self, rows: list[int]) -> dict[int, int]:
        """Group -> its row that speaks for it: the one with most records, then the first."""
        found: dict[int, int] = {}
        for row in sorted(rows, key=lambda r: (-self._records[r], r)):
            found.setdefault(self._of[row], row)
        return found

    def _is_anchor(self, root: int, *, kind: str) -> bool:
        """Whether a group can be told apart from others. On an account names alone do not count: they are receivers."""
        group = self._groups[root]
        once = not group.values.keys().isdisjoint(ONCE_ONLY)
        if kind == "shop_user":
            return once or "phone" in group.values or "email" in group.values
        return once or bool(group.names or group.birthdays)

    def _is_receiver(self, root: int) -> bool:
        """Whether a group is no more than a name on an order or two."""
        group = self._groups[root]
        has_account = group.is_own or group.birthdays or not group.values.keys().isdisjoint(ONCE_ONLY)
        return bool(group.names) and not has_account and group.records < _OWN_NAME_RECORDS

    def _find_holders(self, anchors: list[int], carriers: dict[int, int]) -> list[int]:
        """Joins the anchors that may be one person and gives one group a person."""
        groups = self._groups
        anchors.sort(key=lambda r: (not groups[r].names, -groups[r].records, groups[r].first, r))
        holders: list[int] = []
        for anchor in anchors:
            options = [(verdict_on(groups[anchor], groups[holder], limits=self._limits), holder) for holder in holders]
            open_to = [option for option in options if option[0] is not Verdict.CONFLICT]
            agreeing = [holder for verdict, holder in open_to if verdict is Verdict.AGREE]
            if not open_to:
                holders.append(anchor)
            elif agreeing:
                self._merge(agreeing[0], anchor, carriers=carriers, certain=True)
            else:
                verdict, holder = min(open_to, key=lambda option: (option[0], self._distance(anchor, option[1])))
                certain = verdict is Verdict.NEUTRAL and len(open_to) == 1
                if not certain:
                    self._doubt(anchor, verdict, options=len(open_to), holder=holder)
                self._merge(holder, anchor, carriers=carriers, certain=certain)
        return holders

    def _distance(self, one: int, other: int) -> tuple[int, int, int]:
        """Seconds between the two groups' times (0 when they overlap), then the larger, then the first."""
        a, b = self._groups[one], self._groups[other]
        apart = max(0, a.first - b.last, b.first - a.last) if a.last and b.last else 0
        return apart, -b.records, other

    def _doubt(self, root: int, verdict: Verdict, *, options: int, holder: int) -> None:
        if options > 1:
            reason = Reason.SHARED_NUMBER
        elif self._groups[root].names and self._groups[holder].names:
            reason = Reason.SIMILAR_NAME
        else:
            reason = Reason.TWO_ACCOUNTS
        probability = (
            self._weights.doubtful if verdict is Verdict.NEUTRAL or options == 1 else self._weights.doubtful / options
        )
        self.doubts += [Doubt(row, reason, probability) for row in self._groups[root].rows]

    def _give_to_holder(
        self, root: int, *, kind: str, value: int, carriers: dict[int, int], holders: list[int]
    ) -> None:
        """A group that says nothing of itself goes to the holder of its time."""
        eras = self._eras([self._of[holder] for holder in holders])
        group = self._groups[root]
        ends = [era[1][0] for era in eras[1:]]
        starts = [sum(group.first >= end for end in ends), sum(group.last >= end for end in ends)]
        only_this = len(group.rows) == 1 and group.values == {kind: {value}}
        first, last = starts if only_this else (starts[0], starts[0])
        row = carriers[root]
        for place in range(first, last + 1):
            owner, share = self._dominant(eras[place][0])
            certain = share == 1.0
            if place > first or last > first:
                begins = ends[place - 1] if place > first else -FOREVER
                until = ends[place] if place < last else FOREVER
                speaks = self._speaker(owner, carriers)
                self.eras.append(Era(row, begins, until, speaks, certain=certain, probability=share))
        owner, share = self._dominant(eras[first][0])
        if last == first:
            reason = Reason.SHARED_NUMBER if share < 1.0 else Reason.RECYCLED_NUMBER
            self.doubts += [Doubt(r, reason, min(share, 0.99)) for r in group.rows]
            self._merge(owner, root, carriers=carriers, certain=share == 1.0)

    def _eras(self, holders: list[int]) -> list[tuple[list[int], tuple[int, int]]]:
        """Holders by time; those between whom the number did not fall silent share one era."""
        found: list[tuple[list[int], tuple[int, int]]] = []
        for holder in sorted(holders, key=lambda h: (self._groups[h].first, h)):
            group = self._groups[holder]
            if found and group.first - found[-1][1][1] < self._limits.recycled_after_days * DAY_S:
                inside, (start, end) = found[-1]
                found[-1] = ([*inside, holder], (start, max(end, group.last)))
            else:
                found.append(([holder], (group.first, group.last)))
        return found

    def _eras_at(self, holders: list[int], root: int) -> list[int]:
        """The holders of the era in which a group begins."""
        eras = self._eras(holders)
        place = sum(self._groups[root].first >= era[1][0] for era in eras[1:])
        return eras[place][0]

    def _dominant(self, holders: list[int]) -> tuple[int, float]:
        """The holder with most records and its share of theirs."""
        owner = min(holders, key=lambda h: (-self._groups[h].records, h))
        total = sum(self._groups[holder].records for holder in holders)
        return owner, self._groups[owner].records / max(total, 1)

    def _speaker(self, owner: int, carriers: dict[int, int]) -> int:
        return carriers.get(owner, owner)

    def _join_all(self, rows: Sequence[int]) -> None:
        for row in rows[1:]:
            self._unite(rows[0], row)
            self._sure_join(rows[0], row)

    def _merge(self, holder: int, joining: int, *, carriers: dict[int, int], certain: bool) -> None:
        self._unite(holder, joining)
        if certain:
            self._sure_join(carriers[holder], carriers[joining])

    def _unite(self, one: int, other: int) -> None:
        keeps, goes = self._of[one], self._of[other]
        if keeps == goes:
            return
        gone = self._groups.pop(goes)
        for row in gone.rows:
            self._of[row] = keeps
        self._groups[keeps].take(gone)

    def _root(self, row: int) -> int:
        while self._sure[row] != row:
            self._sure[row] = self._sure[self._sure[row]]
            row = self._sure[row]
        return row

    def _sure_join(self, one: int, other: int) -> None:
        left, right = sorted((self._root(one), self._root(other)))
        self._sure[right] = left


def settle(
    evidence: Evidence, rows: Ints, *, component: Ints, spelled: Spelled, limits: Limits, weights: Weights
) -> Settled:
    """Labels of `rows` (component by component) in both partitions; see the module's text for the rules."""
    contested = Contested(
        rows=rows.tolist(),
        keys={kind: values[rows].tolist() for kind, values in evidence.keys.items()},
        names=spelled(rows),
        birthdays=evidence.birthday[rows].tolist(),
        first=evidence.first[rows].tolist(),
        last=evidence.last[rows].tolist(),
        records=evidence.records[rows].tolist(),
        is_own=evidence.is_own[rows].tolist(),
    )
    cuts = [0, *(np.flatnonzero(np.diff(component)) + 1).tolist(), len(rows)] if len(rows) else []
    used, automatic, doubts, eras = list[int](), list[int](), list[Doubt](), list[Era]()
    for begin, end in pairwise(cuts):
        settlement = Settlement(contested, begin=begin, end=end, limits=limits, weights=weights)
        settlement.settle()
        used += settlement.used()
        automatic += settlement.automatic()
        doubts += settlement.doubts
        eras += settlement.eras
    return Settled(np.array(used, np.int64), np.array(automatic, np.int64), doubts, eras)
