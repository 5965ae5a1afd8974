"""A day's sums: nothing is counted twice, nothing is lost, whatever comes late."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shuke.loyalty.rules.closing import KINDS, added, by_day, late, net

_DAYS = st.dates(date(2026, 11, 1), date(2026, 11, 6))
_BOOKS = st.sampled_from([("issued", "free"), ("free", "burned"), ("held", "burned"), ("returned", "free"),
                          ("owed", "clawed"), ("free", "expired"), ("free", "held"), ("free", "owed")])  # fmt: skip
_MOVES = st.lists(st.tuples(_DAYS, _BOOKS, st.integers(1, 1000)), max_size=30)


def test_what_only_waits_is_no_movement() -> None:
    assert by_day([(date(2026, 11, 1), "free", "held", 9), (date(2026, 11, 1), "free", "owed", 9)]) == {}


@given(_MOVES, st.integers(0, 30))
def test_closes_tell_everything_once(moves: list[tuple[date, tuple[str, str], int]], known: int) -> None:
    """Days are closed one after another while part of their movements comes only after the third was closed."""
    rows = [(day, *books, points) for day, books, points in moves]
    early, every = by_day(rows[:known]), by_day(rows)
    told: dict[date, dict[str, int]] = {}
    points = 0
    for place in range(6):
        day = date(2026, 11, 1) + timedelta(days=place)
        stands = {one: sums for one, sums in (early if place < 3 else every).items() if one <= day}
        today = stands.pop(day, added({}, {}))
        more = late(stands, told)
        points += net(today) + sum(net(one) for one in more.values())
        for one, sums in [(day, today), *more.items()]:
            told[one] = added(told.get(one, {}), sums)
    assert points == sum(net(sums) for sums in every.values())
    assert {day: sums for day, sums in told.items() if any(sums.values())} == {
        day: sums for day, sums in every.items() if any(sums.values())
    }
    assert set(KINDS) == {"issued", "returned", "burned", "clawed", "expired"}
