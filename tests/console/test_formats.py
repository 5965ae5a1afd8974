"""Numbers, money and days as people of each language write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuke.console.frame import drawings, formats


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0, "0", "0"),
        (9_999, "9,999", "9,999"),
        (10_000, "1 万", "10k"),
        (123_456, "12.3 万", "123.5k"),
        (99_999_999, "10,000 万", "100m"),
        (123_456_789, "1.2 亿", "123.5m"),
        (-31_000, "−3.1 万", "−31k"),
    ],
)
def test_magnitudes(value: int, zh: str, en: str) -> None:
    assert formats.number(value, "zh-hans") == zh
    assert formats.number(value, "en") == en


def test_money_is_exact_or_short() -> None:
    assert formats.money(123_450, "CNY") == "¥1,234.50"
    assert formats.money(-8_900, "CNY") == "−¥89.00"
    assert formats.money(1_234, "JPY") == "¥1,234"
    assert formats.money(None, "CNY") == "—"
    assert formats.money_short(142_600_000, "CNY", language="zh-hans") == "¥142.6 万"
    assert formats.money_short(142_600_000, "GBP", language="en") == "£1.4m"


def test_days_speak_each_language_and_name_another_year() -> None:
    sunday = date(2026, 11, 22)
    assert formats.day(sunday, "zh-hans", weekday=True) == "11月22日 周日"
    assert formats.day(sunday, "en", weekday=True) == "Sun 22 Nov"
    assert formats.day(date(2024, 3, 8), "zh-hans", near=sunday) == "2024年3月8日"
    assert formats.day(date(2024, 3, 8), "en", near=sunday) == "8 Mar 2024"
    assert formats.moment(datetime(2026, 11, 22, 19, 42), "zh-hans") == "11月22日 19:42"
    assert formats.in_hundred(0.07, "zh-hans") == "每 100 位里 7 位"


@given(st.integers(-(10**14), 10**14))
def test_exact_money_gives_its_minor_units_back(minor: int) -> None:
    text = formats.money(minor, "CNY").replace("−", "-").replace("¥", "").replace(",", "").replace(".", "")
    assert int(text) == minor


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=8))
def test_a_shared_scale_keeps_order_and_holds_zero(values: list[float]) -> None:
    scale = drawings.shared_scale(values)
    places = [scale.at(value) for value in sorted([*values, 0.0])]
    assert places == sorted(places)
    assert all(0 <= place <= 220 for place in places)
    assert all(scale.low - 1e-6 <= tick <= scale.high + 1e-6 for tick in drawings.ticks(scale))


@given(st.lists(st.integers(1, 700), max_size=60), st.integers(0, 900))
def test_the_clock_stays_inside_its_picture(gaps: list[int], now: int) -> None:
    words = drawings.ClockWords("", "", "", "", "", "", "days")
    picture = drawings.clock(gaps, usual=(20, 27), now=now, words=words)
    assert len(picture.dots) == len(gaps)
    assert all(0 <= dot.x <= 660 and 30 <= dot.y <= 108 for dot in picture.dots)
    assert picture.overdue == (now > 27)
    assert 0 <= picture.late_from + picture.late_span <= 660
