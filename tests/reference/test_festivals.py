"""Days that charts mark: lunar, solar, the shop's own; and what a mistake is told."""

from dataclasses import replace
from datetime import date

import pytest

from shuke.kernel.workspace import Workspace
from shuke.reference.adapters import BadCalendar, festivals


def test_festivals_stand_on_their_days(workspace: Workspace) -> None:
    found = {one.zh: one.on for one in festivals(workspace, first=date(2026, 1, 1), last=date(2026, 12, 31))}
    assert found["春节"] == date(2026, 2, 17)
    assert found["元宵"] == date(2026, 3, 3)
    assert found["端午"] == date(2026, 6, 19)
    assert found["中秋"] == date(2026, 9, 25)
    assert found["双11"] == date(2026, 11, 11)
    assert list(found.values()) == sorted(found.values())


def test_a_span_is_cut_on_both_sides(workspace: Workspace) -> None:
    found = festivals(workspace, first=date(2026, 2, 17), last=date(2026, 3, 2))
    assert [one.en for one in found] == ["Spring Festival"]


def test_a_shop_adds_its_own_and_another_currency_has_only_these(workspace: Workspace) -> None:
    (workspace.root / "calendar.yaml").write_text("- {day: 2026-05-20, zh: 周年庆, en: Anniversary}\n", "utf-8")
    span = {"first": date(2026, 5, 1), "last": date(2026, 5, 31)}
    assert [one.en for one in festivals(workspace, **span)] == ["Labour Day", "Anniversary"]
    assert [one.en for one in festivals(replace(workspace, currency="GBP"), **span)] == ["Anniversary"]


_MISTAKES = [
    "- {day: 2026-13-01, zh: 甲}",
    "- {lunar: 13-1, zh: 甲}",
    "- {zh: 甲}",
    "- {day: 2026-05-20}",
    "a: b",
    "- [",
    "- 1",
]


@pytest.mark.parametrize("text", _MISTAKES)
def test_a_mistake_names_the_file(workspace: Workspace, text: str) -> None:
    (workspace.root / "calendar.yaml").write_text(text, "utf-8")
    with pytest.raises(BadCalendar, match=r"calendar\.yaml") as caught:
        festivals(workspace, first=date(2026, 5, 1), last=date(2026, 5, 31))
    assert caught.value.hint
