"""What fields of two sides say."""

import pytest

from shuke.customers.rules.points import FIELDS, points


def test_a_field_that_neither_side_knows_is_left_out() -> None:
    assert points({}, left={}, right={}) == ()
    (only,) = points({}, left={"city": "杭州市"}, right={})
    assert (only.field, only.left, only.right, only.says, only.weight) == ("city", "杭州市", None, "neutral", "little")


def test_equal_birthdays_speak_for_and_other_ones_strongly_against() -> None:
    found = [points({"birthday": code}, left={}, right={})[0] for code in ("same", "differs")]
    assert [(one.says, one.weight) for one in found] == [("for", "some"), ("against", "strong")]


def test_a_hidden_phone_is_compared_by_what_is_left_of_it() -> None:
    known = {"phone": "139****0001", "phone_masked": "139****0001"}
    fields = [one.field for one in points({"phone_masked": "same"}, left=known, right={"phone_masked": "139****0001"})]
    assert fields == ["phone_masked"]
    assert [one.field for one in points({"phone": "same"}, left=known, right=known)] == ["phone"]
    assert [one.field for one in points({}, left=known, right={})] == ["phone"]
    assert [one.field for one in points({}, left={"phone_masked": "139****0001"}, right={})] == ["phone_masked"]


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(KeyError):
        points({"name": "perhaps"}, left={}, right={})
    assert "name" in FIELDS
