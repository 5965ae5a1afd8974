"""Segments in the browser: the same count everywhere, a segment built in sentences, why in and why out, two editors."""

import csv
import io
import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import Shop, _shuke, check_page

pytestmark = pytest.mark.journey
WIDTHS = (1280, 390)
COUNTED = "() => document.querySelector('#people') && !document.querySelector('.htmx-request')"


def _number(text: str) -> int:
    return int(re.sub(r"[^0-9]", "", text))


def _settle(page: Any) -> None:
    """Waits until the builder has answered and its parts listen again."""
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-settling, .htmx-swapping')")
    page.wait_for_timeout(150)


def _choose(page: Any, name: str, value: str) -> None:
    with page.expect_response(lambda answer: "/segments/build/" in answer.url):
        page.select_option(f"#{name}", value)
    _settle(page)


def _press(page: Any, name: str) -> None:
    with page.expect_response(lambda answer: "/segments/build/" in answer.url):
        page.click(f"button[value='{name}']")
    _settle(page)


def _type(page: Any, name: str, text: str) -> None:
    with page.expect_response(lambda answer: "/segments/count/" in answer.url) as coming:
        page.fill(f"#{name}", text)
        page.press(f"#{name}", "End")
    _settle(page)
    assert coming.value.status == 200


@pytest.mark.parametrize("width", WIDTHS)
def test_the_list_says_who_is_worth_a_call_and_how_people_moved(visit: Any, width: int) -> None:
    page = visit("operator", width)
    page.goto("/segments/")
    assert page.locator(".seg-rows tr td.seg-name").count() >= 10
    assert page.locator("svg.flow path").count() > 4
    page.click("#movement details summary")
    assert page.locator("#movement table tbody tr").count() > 4
    check_page(page)
    page.goto("/segments/?kind=layer")
    check_page(page)


def test_one_count_on_list_page_members_file_and_export(visit: Any, shop: Shop, tmp_path: Path) -> None:
    page = visit("operator")
    out = tmp_path / "segments.csv"
    _shuke("export", "segments", "--workspace", str(shop.root), "--out", str(out))
    exported: dict[str, set[str]] = {}
    for row in csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))):
        exported.setdefault(row["segment"], set()).add(row["customer_id"])
    page.goto("/segments/")
    listed = {
        row.locator("a").first.get_attribute("href").split("/")[2]: _number(row.locator(".seg-people").inner_text())
        for row in page.locator(".seg-rows tbody tr").all()
    }
    assert sum(listed.values()) > 50
    for code, people in listed.items():
        assert len(exported.get(code, set())) == people, code
    for code in sorted(listed, key=lambda one: -listed[one])[:3]:
        seen: list[str] = []
        page.goto(f"/segments/{code}/")
        assert _number(page.inner_text("#members .title .note")) == listed[code]
        while True:
            seen += re.findall(r"/customers/(\d+)/", page.inner_html("#members"))
            if not page.locator("text=下一页").count():
                break
            page.click("text=下一页")
        with page.expect_download() as coming:
            page.click("form[action$='/file/'] button")
        rows = list(csv.DictReader(io.StringIO(Path(coming.value.path()).read_text("utf-8-sig"))))
        assert len(seen) == len(set(seen)) == len(rows) == listed[code]
        assert {row["customer_id"] for row in rows} == set(seen) == exported[code]
        assert not any(re.fullmatch(r"1\d{10}", row["phone"]) for row in rows)


@pytest.mark.parametrize("width", WIDTHS)
def test_why_in_and_why_out_clause_by_clause(visit: Any, width: int) -> None:
    page = visit("operator", width)
    page.goto("/segments/about_to_leave/")
    check_page(page)
    page.locator("text=逐条看").first.click()
    assert "在「" in page.inner_text("h1")
    assert page.locator(".why-rows .tag.good").count() == page.locator(".why-rows tbody tr").count()
    check_page(page)
    page.goto("/customers/?stage=prospect")
    outside = re.search(r"/customers/(\d+)/", page.inner_html("table.people"))
    assert outside
    page.goto(f"/segments/about_to_leave/why/?customer={outside[1]}")
    assert "不在「" in page.inner_text("h1")
    assert page.locator(".why-rows .tag.warn").count() >= 1
    page.fill("#who", "没有这个人")
    page.press("#who", "Enter")
    assert "没找到" in page.inner_text("main")
    check_page(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_segment_is_built_in_sentences_with_a_live_count(visit: Any, shop: Shop, width: int) -> None:
    page = visit("operator", width)
    page.goto("/segments/")
    page.click("text=新建人群")
    check_page(page)
    _choose(page, "field-2", "days_since")
    _choose(page, "op-2", "more_than")
    _type(page, "a-2", "30")
    wide = _number(page.inner_text("#people"))
    _press(page, "add.1")
    assert page.evaluate("document.activeElement.id") == "field-3"
    _choose(page, "field-3", "stage")
    _choose(page, "op-3", "in")
    with page.expect_response(lambda answer: "/segments/count/" in answer.url):
        page.check("#names-3-5")
    _settle(page)
    narrow = _number(page.inner_text("#people"))
    assert 0 < narrow < wide
    _press(page, "group.1")
    _choose(page, "field-5", "bought_category")
    with page.expect_response(lambda answer: "/segments/count/" in answer.url):
        page.locator("[name='names-5']").first.check()
    _settle(page)
    page.wait_for_function(COUNTED)
    check_page(page)
    _press(page, "drop.5")
    page.wait_for_function(COUNTED)
    assert _number(page.inner_text("#people")) == narrow
    assert "沉睡" in page.inner_text("#count")
    page.fill("#name", f"沉睡一阵的 {width}")
    page.click("#rule-form .btn-primary")
    page.wait_for_selector("#members")
    assert _number(page.inner_text("#members .title .note")) == narrow
    check_page(page)
    page.goto("/segments/")
    assert f"沉睡一阵的 {width}" in page.inner_text("main")


def test_the_builder_works_by_keyboard(visit: Any) -> None:
    page = visit("operator")
    page.goto("/segments/new/")
    page.focus("#field-2")
    with page.expect_response(lambda answer: "/segments/build/" in answer.url):
        page.keyboard.type("买过的次数")
        page.keyboard.press("Enter")
        if page.input_value("#field-2") != "orders":
            page.select_option("#field-2", "orders")
    _settle(page)
    reached = []
    page.focus("#field-2")
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.value"))
    assert reached[:3] == ["op-2", "a-2", "drop.2"], reached
    page.focus("button[value='add.1']")
    with page.expect_response(lambda answer: "/segments/build/" in answer.url):
        page.keyboard.press("Enter")
    _settle(page)
    assert page.evaluate("document.activeElement.id") == "field-3"


def test_nothing_typed_is_lost_where_a_rule_cannot_be_saved(visit: Any) -> None:
    page = visit("operator")
    page.goto("/segments/new/")
    _choose(page, "field-2", "orders")
    page.fill("#a-2", "很多")
    page.fill("#name", "写错了的")
    page.click("#rule-form .btn-primary")
    page.wait_for_selector(".notice.error")
    assert page.input_value("#a-2") == "很多"
    assert page.input_value("#name") == "写错了的"
    assert "填数字" in page.inner_text("#parts")
    check_page(page)
    page.fill("#a-2", "100000")
    page.click("#rule-form .btn-primary")
    page.wait_for_selector("#members")
    assert "现在没有人" in page.inner_text("h1")
    check_page(page)


def _own(visit: Any, name: str) -> Any:
    """A page of the operator on a new segment of their own."""
    page = visit("operator")
    page.goto("/segments/new/")
    _choose(page, "field-2", "orders")
    _type(page, "a-2", "2")
    page.fill("#name", name)
    page.click("#rule-form .btn-primary")
    page.wait_for_selector("#members")
    return page


def test_two_people_change_the_same_segment(visit: Any) -> None:
    mine = _own(visit, "两个人在改")
    edit = f"{mine.url}edit/"
    theirs = visit("owner")
    mine.goto(edit)
    theirs.goto(edit)
    _type(theirs, "a-2", "5")
    theirs.click("#rule-form .btn-primary")
    theirs.wait_for_selector("#members")
    _type(mine, "a-2", "7")
    mine.click("#rule-form .btn-primary")
    mine.wait_for_selector(".notice.error")
    assert "也改了这个人群" in mine.inner_text(".notice.error")
    assert mine.input_value("#a-2") == "7"
    assert "5" in mine.inner_text(".notice.error .note")
    mine.click("#rule-form .btn-primary")
    mine.wait_for_selector("#members")
    assert "7" in mine.inner_text("main .card")


def test_a_rule_on_a_field_that_is_gone_says_so_and_can_be_mended(visit: Any, shop: Shop) -> None:
    page = _own(visit, "旧字段")
    number = page.url.rstrip("/").split("_")[-1]
    with sqlite3.connect(shop.root / "shuke.sqlite3", timeout=20) as database:
        rule = json.dumps({"all": [{"field": "shoe_size", "at_least": 42}]})
        database.execute("update segments_ownsegment set rule = ? where id = ?", (rule, number))
    page.goto("/segments/")
    assert page.locator("h1").count() == 1
    page.goto(f"/segments/own_{number}/edit/")
    assert "已经没有了" in page.inner_text("#parts")
    check_page(page)
    _choose(page, "field-2", "orders")
    _type(page, "a-2", "3")
    page.click("#rule-form .btn-primary")
    page.wait_for_selector("#members")
    page.goto(f"/segments/own_{number}/remove/")
    check_page(page)
    page.click("form[action$='/removed/'] button")
    assert "旧字段" not in page.inner_text(".columns")


def test_a_manager_counts_own_customers_only(visit: Any, shop: Shop) -> None:
    page = visit("manager", 390)
    page.goto("/segments/")
    check_page(page)
    assert page.locator("text=新建人群").count() == 0
    row = page.locator(".seg-rows tbody tr:not(.none)").first
    people = _number(row.locator(".seg-people").inner_text())
    address = row.locator("a").first.get_attribute("href")
    page.goto(address)
    assert _number(page.inner_text("#members .title .note")) == people
    check_page(page)
    with sqlite3.connect(f"file:{shop.root / 'shuke.sqlite3'}?mode=ro", uri=True) as database:
        own = database.execute(
            "select g.store from access_storegrant g join access_user u on u.id = g.user_id"
            " where u.username = 'manager'"
        ).fetchone()[0]
    shown = page.inner_text("#members")
    assert own in shown
    operator = visit("operator")
    operator.goto(f"{address}?store={own}")
    assert _number(operator.inner_text("#members .title .note")) == people
