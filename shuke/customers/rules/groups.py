"""Rows joined so far, and whether two such groups may be one person."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from shuke.customers.rules.names import similar
from shuke.customers.values import ONCE_ONLY, Limits

DAY_S = 86_400
# Birthdays count days since 1970, plus this.
_BIRTHDAY_0 = 1_000_000
_EPOCH = date(1970, 1, 1)


class Verdict(IntEnum):
    """What two groups on one value are to each other; the smaller, the likelier one person."""

    AGREE = 0
    NEUTRAL = 1
    DOUBT = 2
    CONFLICT = 3


class Births(IntEnum):
    """What two groups' birthdays say."""

    NOTHING = 0
    EQUAL = 1
    CLOSE = 2
    OTHER = 3


@dataclass(slots=True)
class Group:
    """Rows joined so far, with what they say. `values` holds the kinds that any row carries, `own` counts own records.

    `initials` are those of full and masked names, as numbers.
    """

    rows: list[int]
    names: set[str]
    initials: set[int]
    birthdays: set[int]
    values: dict[str, set[int]]
    first: int
    last: int
    records: int
    own: int

    def take(self, other: "Group") -> None:
        """Joins another group's rows and what they say."""
        self.rows += other.rows
        self.names |= other.names
        self.initials |= other.initials
        self.birthdays |= other.birthdays
        for kind, values in other.values.items():
            self.values[kind] = self.values[kind] | values if kind in self.values else values
        self.first = min(self.first or other.first, other.first or self.first)
        self.last = max(self.last, other.last)
        self.records += other.records
        self.own += other.own


def verdict_on(one: Group, other: Group, *, silent: bool) -> Verdict:
    """Whether two groups that share a value agree, say nothing to each other, may be one person, or contradict.

    Names decide first; then birthdays; then accounts (card, member, unionid), which one person may have two of unless
    the number was `silent` between them for so long that it changed hands.
    """
    births = compare_births(one.birthdays, other.birthdays)
    if one.names and other.names:
        return _by_names(one, other, births=births)
    if one.initials and other.initials and not one.initials & other.initials:
        return Verdict.DOUBT if births is Births.EQUAL else Verdict.CONFLICT
    if births is Births.OTHER:
        return Verdict.CONFLICT
    if births is Births.EQUAL:
        return Verdict.AGREE
    if not differ(one, other, kinds=ONCE_ONLY):
        return Verdict.DOUBT if births is Births.CLOSE else Verdict.NEUTRAL
    return Verdict.CONFLICT if silent else Verdict.DOUBT


def _by_names(one: Group, other: Group, *, births: Births) -> Verdict:
    if one.names & other.names:
        return Verdict.DOUBT if births is Births.OTHER else Verdict.AGREE
    if births is Births.OTHER:
        return Verdict.CONFLICT
    close = any(similar(a, b) for a in one.names for b in other.names)
    if births is Births.EQUAL:
        return Verdict.AGREE if close else Verdict.DOUBT
    return Verdict.DOUBT if close else Verdict.CONFLICT


def differ(one: Group, other: Group, *, kinds: tuple[str, ...]) -> bool:
    """Whether both groups carry values of one of the kinds, and none in common."""
    return any(
        kind in one.values and kind in other.values and not one.values[kind] & other.values[kind] for kind in kinds
    )


def breaks_limit(one: Group, other: Group, *, limits: Limits, most: int | None = None) -> bool:
    """Whether their union would have more values of a kind than one customer has, and than either has already.

    `most`: only kinds of which one customer has at most so many.
    """
    for kind, limit in limits.values.items():
        if (most is None or limit <= most) and kind in one.values and kind in other.values:
            a, b = one.values[kind], other.values[kind]
            together = len(a | b)
            if together > limit and together > max(len(a), len(b)):
                return True
    return False


def compare_births(one: set[int], other: set[int]) -> Births:
    """Equal, close (one typing error apart), other, or nothing to compare."""
    if not one or not other:
        return Births.NOTHING
    if one & other:
        return Births.EQUAL
    return Births.CLOSE if any(_mistyped(a, b) for a in one for b in other) else Births.OTHER


def _mistyped(one: int, other: int) -> bool:
    """Whether two days differ in a single digit, or by day and month exchanged."""
    a, b = (_EPOCH + timedelta(days=day - _BIRTHDAY_0) for day in (one, other))
    if (a.year, a.month, a.day) == (b.year, b.day, b.month):
        return True
    return sum(x != y for x, y in zip(f"{a:%Y%m%d}", f"{b:%Y%m%d}", strict=True)) == 1
