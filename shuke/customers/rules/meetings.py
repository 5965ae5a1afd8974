"""Groups that meet on one value: who speaks for each, how well it is supported there, and when it used the value."""

from dataclasses import dataclass

from shuke.customers.rules.groups import DAY_S

Span = tuple[int, int]
"""Seconds of the first and the last time; 0 where no time is known."""


@dataclass(slots=True)
class Meeting:
    """By group that carries the value: the row that speaks for it, its records with the value, when they were seen."""

    kind: str
    value: int
    carriers: dict[int, int]
    support: dict[int, int]
    spans: dict[int, Span]

    def take(self, holder: int, joining: int) -> None:
        """The joining group has become part of the holder's."""
        if joining not in self.carriers or holder == joining:
            return
        self.spans[holder] = together(self.spans[holder], self.spans[joining])
        self.support[holder] += self.support[joining]

    def distance(self, one: int, other: int) -> int:
        """Seconds between the times in which the two groups used the value, 0 when they overlap or are not known."""
        a, b = self.spans[one], self.spans[other]
        return max(0, a[0] - b[1], b[0] - a[1]) if a[1] and b[1] else 0

    def covers(self, holder: int, root: int) -> bool:
        """Whether the holder is known to have used the value before and after the other group did."""
        (began, ended), (first, last) = self.spans[holder], self.spans[root]
        return began <= first and last <= ended

    def changed_hands(self, one: int, other: int, *, days: int) -> bool:
        """Whether the value was silent for so many days between one and the other."""
        return self.distance(one, other) >= days * DAY_S

    def eras(self, holders: list[int], *, days: int) -> list[tuple[list[int], Span]]:
        """Holders by time; those between whom the value did not fall silent share one era."""
        found: list[tuple[list[int], Span]] = []
        for holder in sorted(holders, key=lambda h: (self.spans[h][0], h)):
            first, last = self.spans[holder]
            if found and first - found[-1][1][1] < days * DAY_S:
                inside, (start, end) = found[-1]
                found[-1] = ([*inside, holder], (start, max(end, last)))
            else:
                found.append(([holder], (first, last)))
        return found


def together(one: Span, other: Span) -> Span:
    """The time that covers both."""
    return min(one[0] or other[0], other[0] or one[0]), max(one[1], other[1])
