"""What a business day moved, and what came later for days that were closed."""

from collections.abc import Iterable, Mapping
from datetime import date

# Movements that finance counts; points that only wait (held, pending) or pay a debt stay where they were.
_NAMES = {
    ("issued", "free"): "issued",
    ("issued", "owed"): "issued",
    ("free", "burned"): "burned",
    ("held", "burned"): "burned",
    ("returned", "free"): "returned",
    ("returned", "owed"): "returned",
    ("free", "clawed"): "clawed",
    ("held", "clawed"): "clawed",
    ("owed", "clawed"): "clawed",
    ("free", "expired"): "expired",
}
KINDS = ("issued", "returned", "burned", "clawed", "expired")
_SIGNS = {"issued": 1, "returned": 1, "burned": -1, "clawed": -1, "expired": -1}
Sums = dict[str, int]


def by_day(moved: Iterable[tuple[date, str, str, int]]) -> dict[date, Sums]:
    """Points by business day and kind of movement, from (day, source book, target book, points)."""
    found: dict[date, Sums] = {}
    for day, source, target, points in moved:
        kind = _NAMES.get((source, target))
        if kind is not None:
            sums = found.setdefault(day, dict.fromkeys(KINDS, 0))
            sums[kind] += points
    return found


def net(sums: Mapping[str, int]) -> int:
    """What movements did to the points outstanding."""
    return sum(_SIGNS[kind] * points for kind, points in sums.items())


def late(now: Mapping[date, Sums], told: Mapping[date, Mapping[str, int]]) -> dict[date, Sums]:
    """For each day told before, what stands now less what was told: only where something differs."""
    found = {}
    for day in sorted({*now, *told}):
        stands, said = now.get(day, {}), told.get(day, {})
        more = {kind: stands.get(kind, 0) - said.get(kind, 0) for kind in KINDS}
        if any(more.values()):
            found[day] = more
    return found


def added(sums: Mapping[str, int], more: Mapping[str, int]) -> Sums:
    """Both together, kind by kind."""
    return {kind: sums.get(kind, 0) + more.get(kind, 0) for kind in KINDS}
