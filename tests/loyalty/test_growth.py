"""Growth of purchases, refunds and behaviour."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuke.loyalty.rules import growth
from shuke.loyalty.values.perks import Perks
from shuke.loyalty.values.tiers import Behaviour, GrowthRow, Span

PERKS = Perks(
    behaviours={
        "review": Behaviour("review", "评价", "Review", 20, times=2, span=Span.MONTH),
        "event": Behaviour("event", "活动", "Event", 50),
    }
)
TODAY = date(2026, 2, 28)


@pytest.mark.parametrize(
    ("minor", "currency", "points"), [(0, "CNY", 0), (99, "CNY", 0), (199_99, "CNY", 199), (1999, "JPY", 1999)]
)
def test_growth_of_an_order_is_its_whole_major_units(minor: int, currency: str, points: int) -> None:
    assert growth.earned_growth(minor, currency=currency) == points


@given(eligible=st.integers(0, 10**7), parts=st.lists(st.integers(0, 10**6), max_size=6))
def test_refunds_in_parts_take_what_one_refund_takes(eligible: int, parts: list[int]) -> None:
    done, lost = 0, 0
    for part in parts:
        after = min(eligible, done + part)
        lost += growth.lost_growth(eligible, before_minor=done, after_minor=after, currency="CNY")
        done = after
    kept = growth.earned_growth(eligible, currency="CNY") - lost
    assert kept == (eligible - done) // 100
    assert kept >= 0


def behave(*known: GrowthRow, behaviour: str = "review", reference: str = "r9") -> int:
    return growth.behave(behaviour, reference=reference, known=known, today=TODAY, perks=PERKS)


def row(day: int, *, month: int = 2, reference: str = "") -> GrowthRow:
    return GrowthRow("review", 20, date(2026, month, day), reference)


def test_behaviour_counts_up_to_its_cap_in_the_calendar_period() -> None:
    assert behave() == 20
    assert behave(row(1, reference="r1")) == 20
    assert behave(row(31, month=1), row(30, month=1), row(28)) == 20  # January has its own cap
    with pytest.raises(growth.BehaviourCap):
        behave(row(1), row(28))
    assert behave(*(GrowthRow("event", 50, TODAY) for _ in range(99)), behaviour="event") == 50


def test_the_same_occasion_counts_once_and_unknown_ones_never() -> None:
    with pytest.raises(growth.BehaviourKnown):
        behave(row(1, month=1, reference="r9"))
    with pytest.raises(growth.UnknownBehaviour) as error:
        behave(behaviour="dance")
    assert "event, review" in error.value.hint


@pytest.mark.parametrize(
    ("span", "first", "end"),
    [
        (Span.DAY, date(2028, 2, 29), date(2028, 3, 1)),
        (Span.MONTH, date(2028, 2, 1), date(2028, 3, 1)),
        (Span.QUARTER, date(2028, 1, 1), date(2028, 4, 1)),
        (Span.YEAR, date(2028, 1, 1), date(2029, 1, 1)),
        (Span.EVER, date.min, None),
    ],
)
def test_calendar_periods(span: Span, first: date, end: date | None) -> None:
    assert growth.span_of(date(2028, 2, 29), span=span) == (first, end)
    assert growth.span_of(date(2028, 12, 31), span=Span.QUARTER) == (date(2028, 10, 1), date(2029, 1, 1))
