"""Who is who in a real browser: a pair is decided, taken back and put into force; two are merged and parted again."""

import re
from typing import Any

import pytest

from tests.journeys.conftest import Shop, asked, check_page

pytestmark = pytest.mark.journey
WIDTHS = (1280, 390)
_JOB = 120_000


def _number(text: str) -> int:
    found = re.search(r"\d[\d,]*", text)
    assert found, text
    return int(found[0].replace(",", ""))


def _left(page: Any) -> int:
    return _number(page.inner_text(".left-over"))


def _ids(page: Any, *, many: int) -> list[int]:
    """Customers of the list who bought most."""
    page.goto("/customers/?stage=active")
    links = page.locator(".people a.row-link").all()[:many]
    return [_number(str(link.get_attribute("href"))) for link in links]


def _stand(page: Any, customer: int) -> dict[str, str]:
    """What a customer's page says of records, orders, money, numbers and consents."""
    page.goto(f"/customers/{customer}/")
    assert f"/customers/{customer}/" in page.url, "the id leads elsewhere"
    parts = {name: page.inner_text(name) for name in ("#identity", "#timeline", ".person .phone", ".consents")}
    return parts | {"facts": page.inner_text(".person .facts")}


def _give_reason(page: Any, words: str) -> None:
    page.fill("#reason", words)
    check_page(page)
    page.click("main .decide .btn-primary")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_pair_is_answered_and_the_answer_taken_back(visit: Any, shop: Shop, width: int) -> None:
    page = visit("operator", width)
    page.goto("/customers/")
    page.click("main a[href='/customers/review/']")
    page.wait_for_selector(".pair-list")
    check_page(page)
    waiting = _number(page.inner_text("h1"))
    page.click("main .head .btn-primary")
    first = page.url
    assert _left(page) == waiting
    marks = page.locator(".pair tbody .says").all_inner_texts()
    assert any("像" in mark for mark in marks), marks
    check_page(page)
    if width == 1280:
        page.keyboard.press("2")
    else:
        page.click("button[value='different']")
    page.wait_for_selector(".in-force")
    assert "不是同一人" in page.inner_text(".in-force")
    assert page.url != first
    if waiting > 1:
        assert _left(page) == waiting - 1
    check_page(page)
    page.click(".in-force form:first-child button")
    page.wait_for_selector(".notice.success")
    assert page.url.split("?")[0] == first.split("?")[0]
    assert _left(page) == waiting
    assert page.locator("text=现在生效").count() == 0
    kept = asked(shop, "select kind from customers_decision order by id desc limit 2")
    assert [kind for (kind,) in kept] == ["revoked", "different"]


def test_a_pair_shown_in_full_is_journaled(visit: Any, shop: Shop) -> None:
    page = visit("operator")
    page.goto("/customers/review/")
    page.click("main .head .btn-primary")
    assert "****" in page.inner_text("#sides")
    looks = "select count(*) from journal_entry where verb = 'revealed' and object_type = 'customer'"
    (before,) = asked(shop, looks)[0]
    page.click("#sides .tag.button")
    page.wait_for_selector("#sides .tag:not(.button)")
    assert "****" not in page.inner_text("#sides .pair")
    check_page(page)
    assert asked(shop, looks)[0][0] > before


def test_decisions_take_effect_together(visit: Any) -> None:
    page = visit("operator", 390)
    page.goto("/customers/review/")
    page.click("main .head .btn-primary")
    page.click("button[value='same']")
    page.wait_for_selector("text=现在生效")
    page.click("text=现在生效")
    page.wait_for_selector("#change h1")
    page.wait_for_selector("text=决定已生效", timeout=_JOB)
    check_page(page)
    page.click("#change .btn-primary")
    assert page.locator("text=现在生效").count() == 0


def test_two_customers_are_merged_and_parted_as_before(visit: Any) -> None:
    page = visit("operator")
    one, other = _ids(page, many=2)
    before = {number: _stand(page, number) for number in (one, other)}
    page.goto(f"/customers/{one}/")
    page.click("text=合并到…")
    page.fill("#other", str(other))
    check_page(page)
    page.press("#other", "Enter")
    page.click(".found-list a")
    assert "合并后会怎样" in page.inner_text("h1")
    _give_reason(page, "顾客在收银台说是同一个人")
    page.wait_for_selector("#life", timeout=_JOB)
    check_page(page)
    living = _number(page.url.split("/customers/")[1])
    assert living in (one, other)
    gone = other if living == one else one
    assert f"{gone} 并入 {living}" in page.inner_text("#life")
    records = sum(_number(stand["#identity"]) for stand in before.values())
    assert _number(page.inner_text("#identity h2")) == records
    page.goto(f"/customers/{gone}/")
    assert f"/customers/{living}/" in page.url
    page.click("#life >> text=撤回")
    assert "用回原来的编号" in page.inner_text("main")
    _give_reason(page, "看错了")
    page.wait_for_selector(".two-people", timeout=_JOB)
    check_page(page)
    assert {_stand(page, number)["facts"] for number in (one, other)} == {stand["facts"] for stand in before.values()}
    assert {number: _stand(page, number) for number in (one, other)} == before


def test_a_customer_is_split_by_its_records(visit: Any) -> None:
    page = visit("operator", 390)
    for number in _ids(page, many=12):
        page.goto(f"/customers/{number}/split/")
        if page.locator("input[name='evidence']").count() > 2:
            break
    before = _stand(page, number)
    page.goto(f"/customers/{number}/split/")
    check_page(page)
    page.locator("input[name='evidence']").last.check()
    page.click(".sticky-do .btn")
    page.wait_for_selector("#preview")
    assert "保留编号" in page.inner_text("#preview")
    _give_reason(page, "这一条是她姐姐的")
    page.wait_for_selector(".two-people", timeout=_JOB)
    assert page.locator(".two-people li").count() == 2
    check_page(page)
    page.goto(f"/customers/{number}/")
    assert _number(page.inner_text("#identity h2")) < _number(before["#identity"])
    page.click("#life >> text=重新合并")
    assert "之前有人判定过" in page.inner_text(".decide")
    _give_reason(page, "问过了，是她本人")
    page.wait_for_selector("#life", timeout=_JOB)
    assert _stand(page, number)["facts"] == before["facts"]


def test_a_sample_is_labelled_blindly(visit: Any) -> None:
    page = visit("operator", 390)
    page.goto("/customers/review/sample/")
    assert "第 1 对" in page.inner_text(".left-over")
    shown = page.inner_text("main")
    assert "100 对里" not in shown
    check_page(page)
    page.click("button[value='same']")
    page.wait_for_selector("text=已标 1 对")
    assert "第 2 对" in page.inner_text(".left-over")


def test_a_manager_sees_and_decides_nothing(visit: Any) -> None:
    page = visit("manager", 390)
    page.goto("/customers/review/")
    check_page(page)
    links = page.locator(".pair-list a")
    if links.count():
        links.first.click()
        assert page.locator(".answers-three").count() == 0
        assert "运营" in page.inner_text(".answer-card")
    assert page.goto("/customers/review/sample/").status == 403
    associate = visit("associate", 390)
    assert associate.goto("/customers/review/").status == 403
    assert associate.locator("text=待核对").count() == 0
