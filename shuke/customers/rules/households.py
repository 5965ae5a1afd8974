"""Customers who share a home or a phone, as households with ids that last."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shuke.customers.values import Household


@dataclass(frozen=True)
class Tie:
    """Customers who share something; `reason` address or phone."""

    reason: str
    customers: tuple[int, ...]


def households(ties: Sequence[Tie], *, before: Mapping[int, int], most: int) -> tuple[Household, ...]:
    """Groups of at least two customers, in the order of their smallest one; `before` gives customer -> household id.

    A tie that would make a household of more than `most` people is left out; ties by address come first, then the
    smaller ones. A household keeps the id that most of its people had, each id once; a new one takes the smallest id of
    its customers that is no other household's. Its reason is address where any address ties it.
    """
    groups = _groups(ties, most=most)
    claims = sorted(
        (-count, old, min(members))
        for members, _ in groups
        for old, count in Counter(before[one] for one in members if one in before).items()
    )
    number_of: dict[int, int] = {}
    taken: set[int] = set()
    for _, old, first in claims:
        if first not in number_of and old not in taken:
            number_of[first] = old
            taken.add(old)
    found = []
    for members, reason in groups:
        first = min(members)
        number = number_of.get(first) or min((one for one in members if one not in taken), default=0)
        if number:
            taken.add(number)
            found.append(Household(number, reason, tuple(sorted(members))))
    return tuple(found)


def _groups(ties: Sequence[Tie], *, most: int) -> list[tuple[set[int], str]]:
    """Disjoint sets of customers, each with its strongest reason, ordered by their smallest customer."""
    of: dict[int, tuple[set[int], str]] = {}
    for tie in sorted(ties, key=lambda tie: (tie.reason, len(tie.customers), tie.customers)):
        members = set(tie.customers).union(*(of[one][0] for one in tie.customers if one in of))
        if not 1 < len(members) <= most:
            continue
        reasons = {tie.reason, *(of[one][1] for one in members if one in of)}
        for one in members:
            of[one] = (members, min(reasons))
    return [of[one] for one in sorted(of) if min(of[one][0]) == one]
