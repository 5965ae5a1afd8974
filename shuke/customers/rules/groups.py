"""Rows joined so far, and whether two such groups may be one person."""

from dataclasses import dataclass
from enum import IntEnum

from shuke.customers.rules.names import similar
from shuke.customers.values import ONCE_ONLY, Limits

DAY_S = 86_400


class Verdict(IntEnum):
    """What two groups on one value are to each other; the smaller, the likelier one person."""

    AGREE = 0
    NEUTRAL = 1
    DOUBT = 2
    CONFLICT = 3


@dataclass(slots=True)
class Group:
    """Rows joined so far, with what they say. `values` holds the kinds that any row carries."""

    rows: list[int]
    names: set[str]
    birthdays: set[int]
    values: dict[str, set[int]]
    first: int
    last: int
    records: int
    is_own: bool

    def take(self, other: "Group") -> None:
        """Joins another group's rows and what they say."""
        self.rows += other.rows
        self.names |= other.names
        self.birthdays |= other.birthdays
        for kind, values in other.values.items():
            self.values[kind] = self.values[kind] | values if kind in self.values else values
        self.first = min(self.first or other.first, other.first or self.first)
        self.last = max(self.last, other.last)
        self.records += other.records
        self.is_own = self.is_own or other.is_own


def verdict_on(one: Group, other: Group, *, limits: Limits) -> Verdict:
    """Whether two groups that share a value agree, say nothing to each other, may be one person, or contradict.

    Names decide first; then birthdays; then accounts (card, member, unionid), which one person may have two of unless
    the number was silent between them for so long that it changed hands.
    """
    if _breaks_limit(one, other, limits=limits):
        return Verdict.CONFLICT
    born_apart = bool(one.birthdays and other.birthdays and not one.birthdays & other.birthdays)
    if one.names and other.names:
        if one.names & other.names:
            return Verdict.AGREE
        close = any(similar(a, b) for a in one.names for b in other.names)
        return Verdict.DOUBT if close and not born_apart else Verdict.CONFLICT
    if born_apart:
        return Verdict.CONFLICT
    if not _differing_accounts(one, other):
        return Verdict.NEUTRAL
    return Verdict.CONFLICT if _silence(one, other, limits=limits) else Verdict.DOUBT


def _differing_accounts(one: Group, other: Group) -> bool:
    return any(
        kind in one.values and kind in other.values and not one.values[kind] & other.values[kind] for kind in ONCE_ONLY
    )


def _breaks_limit(one: Group, other: Group, *, limits: Limits) -> bool:
    return any(
        len(one.values[kind] | other.values[kind]) > most
        for kind, most in limits.values.items()
        if kind in one.values and kind in other.values
    )


def _silence(one: Group, other: Group, *, limits: Limits) -> bool:
    """Whether one was last seen long before the other was first seen."""
    if not one.last or not other.last:
        return False
    return max(one.first - other.last, other.first - one.last) >= limits.recycled_after_days * DAY_S
