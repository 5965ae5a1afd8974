"""Shared words keep their promises."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuke.kernel.actor import Actor, Role
from shuke.kernel.ids import record_id, stable_hash
from shuke.kernel.masking import mask_email, mask_name, mask_phone
from shuke.kernel.money import to_minor
from shuke.kernel.period import Period


def test_rounding_is_half_up_and_follows_the_currency() -> None:
    assert to_minor(Decimal("1.005"), "CNY") == 101
    assert to_minor(Decimal("-1.005"), "CNY") == -101
    assert to_minor(Decimal("1.5"), "JPY") == 2
    assert to_minor(Decimal("1.0005"), "KWD") == 1001


@given(st.text())
def test_hash_is_a_63_bit_number(text: str) -> None:
    assert 0 <= stable_hash(text) < 2**63


def test_hash_never_changes() -> None:
    assert stable_hash("a") == 7000413967451013937
    assert record_id("pos", "1") == stable_hash("pos|1")


def test_masks_keep_little() -> None:
    assert mask_name("陈小燕") == "陈**"
    assert mask_phone("8613812345678") == "138****5678"
    assert mask_phone("123") == "***"
    assert mask_email("ann@example.com") == "a***@example.com"
    assert mask_email("broken") == "***"


def test_periods_are_half_open() -> None:
    period = Period.last_days(date(2026, 11, 23), days=7)
    assert (period.start_on, period.end_on, period.days) == (date(2026, 11, 16), date(2026, 11, 23), 7)
    with pytest.raises(ValueError, match="cannot end"):
        Period(date(2026, 1, 2), date(2026, 1, 1))


def test_people_in_stores_need_a_scope() -> None:
    with pytest.raises(ValueError, match="store scope"):
        Actor(name="m", role=Role.MANAGER)
