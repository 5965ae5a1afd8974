"""Numbers in the browser: this week, a metric down to its rows, the page for the meeting, settings, no script."""

import csv
import io
import re
from typing import Any

import pytest

from tests.journeys.conftest import Shop, check_page

pytestmark = pytest.mark.journey
WIDTHS = (1280, 390)
CHINESE = re.compile("[一-鿿]")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_week_tells_its_story(visit: Any, width: int) -> None:
    page = visit("operator", width)
    assert re.search(r"本周有 \d+ 件事", page.inner_text("h1"))
    assert re.search(r"上周做了 \d+ 件：.*\d+ 件(有用|适得其反|还看不出来)", page.inner_text("#results h2"))
    if page.locator(".fold.rest > summary").count():
        page.click(".fold.rest > summary")
    rows = page.locator(".results > li")
    assert rows.count() >= 3
    for words in rows.all_inner_texts():
        assert re.search(r"联系 [\d,]+ · 对照 \d+", words) and re.search("有用|适得其反|还看不出来|没法比", words)
    numbers = page.locator(".numbers.four .tile")
    assert numbers.count() == 4
    assert all(re.search(r"变好|变差|差不多", words) for words in numbers.all_inner_texts())
    check_page(page)


def test_a_number_of_the_week_is_the_same_down_to_its_rows(visit: Any) -> None:
    page = visit("operator")
    tile = page.locator(".numbers.four .tile").nth(0)
    shown = tile.locator(".value").inner_text()
    tile.locator(".value a").click()
    page.wait_for_selector("[data-plot] svg")
    assert shown in page.inner_text("h1")
    check_page(page)
    page.click("figure.chart summary")
    cells = page.locator("figure.chart tbody tr").all()
    table = {row.locator("th").inner_text(): row.locator("td").nth(0).inner_text() for row in cells}
    assert shown in table.values()
    with page.expect_download() as got:
        page.click("figure.chart a[download]")
    text = got.value.path().read_text("utf-8-sig")
    values = [f"{float(row['value']) * 100:.1f}%" for row in csv.DictReader(io.StringIO(text)) if row["value"]]
    assert values == [text for text in reversed(table.values()) if text != "—"]
    link = page.locator(f"figure.chart tbody a:text-is('{shown}')").first
    link.click()
    page.wait_for_selector("h1[data-sum]")
    total = int(page.get_attribute("h1", "data-total"))
    assert total > 0 and f"{total:,} 行" in page.inner_text("h1")
    check_page(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_metric_opens_with_its_definition(visit: Any, width: int) -> None:
    page = visit("operator", width)
    page.goto("/metrics/")
    check_page(page)
    addresses = page.eval_on_selector_all(".tile h3 a", "all => all.map(a => a.getAttribute('href'))")
    assert len(addresses) >= 20
    for address in addresses if width > 760 else addresses[:4]:
        page.goto(address)
        counted = page.inner_text(".definition")
        assert ("分子" in counted or "算的是什么" in counted) and "退款" in counted
    check_page(page)


def test_a_chart_is_read_by_keyboard(visit: Any) -> None:
    page = visit("operator")
    page.goto("/metrics/sales/?grain=month")
    page.focus("[data-plot]")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.querySelector('[data-said]').textContent.includes('今年')")
    assert page.get_attribute("[data-plot]", "aria-label")


def test_without_a_script_the_table_stands_alone(chromium: Any, shop: Shop) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=shop.address)
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("#username", "operator")
    page.fill("#password", shop.passwords["operator"])
    page.click("main button.btn-primary")
    page.goto("/metrics/sales/")
    assert page.locator("figure.chart tbody tr").count() > 10
    assert page.locator("figure.chart tbody tr").first.is_visible()
    assert not page.locator("[data-plot]").is_visible()
    context.close()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_for_the_meeting_fits_one_sheet(visit: Any, language: str) -> None:
    page = visit("operator")
    if language == "en":
        page.click("header button[name=language]")
        page.wait_for_load_state()
    page.goto("/metrics/meeting/")
    assert page.locator(".sheet tbody tr").count() > 15
    check_page(page)
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1
    if language == "en":
        words = page.inner_text(".sheet h1") + page.inner_text(".sheet .why") + page.inner_text(".sheet thead")
        assert not CHINESE.search(re.sub("「.*?」|“.*?”", "", words).replace("七宝店", "")) or "店" in words
        page.click("header button[name=language]")
        page.wait_for_load_state()


def test_a_manager_sees_numbers_of_the_own_store_only(visit: Any) -> None:
    page = visit("manager")
    page.goto("/metrics/sales/")
    own = page.inner_text("header .scope")
    assert page.locator("#parts tbody tr").count() == 1 and own in page.inner_text("#parts")
    assert "按渠道" not in page.inner_text("#parts")
    page.goto("/metrics/meeting/")
    assert own in page.inner_text(".sheet")
    answer = page.goto("/metrics/sales/rows/?grain=week&period=2026-11-16&dimension=store&member=不是我的店")
    assert answer.status == 403
    assert page.goto("/settings/").status == 403


def test_the_policy_is_changed_and_a_typo_is_shown_at_its_line(visit: Any) -> None:
    page = visit("operator")
    page.goto("/settings/policy/")
    before = page.input_value("#text")
    check_page(page)
    page.fill("#text", before.replace("touches_per_7_days: 2", "touches_per_7_day: 2"))
    page.click("form .btn-primary")
    assert "touches_per_7_day" in page.inner_text(".excerpt .wrong")
    assert "touches_per_7_day: 2" in page.input_value("#text")
    check_page(page)
    page.fill("#text", before)
    page.click("form .btn-primary")
    assert "已保存" in page.inner_text(".notice")


def test_two_people_change_the_policy(visit: Any) -> None:
    first, second = visit("operator"), visit("owner")
    for page in (first, second):
        page.goto("/settings/policy/")
    before = first.input_value("#text")
    second.fill("#text", before + "\n# theirs\n")
    second.click("form .btn-primary")
    first.fill("#text", before + "\n# mine\n")
    first.click("form .btn-primary")
    assert "别人先保存了" in first.inner_text(".notice") and "# mine" in first.input_value("#text")
    first.fill("#text", before)
    first.click("form .btn-primary")
    assert "已保存" in first.inner_text(".notice")


@pytest.mark.parametrize("width", WIDTHS)
def test_settings_open_and_a_small_shop_sees_three_numbers(visit: Any, width: int) -> None:
    page = visit("owner", width)
    for address in ("/settings/", "/settings/stores/", "/settings/scripts/", "/settings/programs/", "/people/"):
        page.goto(address)
        check_page(page)
    page.goto("/settings/")
    page.click("button[name=simple][value=yes]")
    page.goto("/metrics/")
    assert page.locator(".tile").count() == 3
    check_page(page)
    page.goto("/settings/")
    page.click("button[name=simple][value=no]")
    page.goto("/metrics/")
    assert page.locator(".tile").count() > 3


def test_english_readers_and_dark_screens(chromium: Any, shop: Shop) -> None:
    context = chromium.new_context(color_scheme="dark", base_url=shop.address)
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("#username", "owner")
    page.fill("#password", shop.passwords["owner"])
    page.click("main button.btn-primary")
    page.wait_for_selector("nav.side")
    page.click("header button[name=language]")
    page.wait_for_load_state()
    for address in ("/week/", "/metrics/", "/metrics/repurchase_rate/", "/settings/", "/settings/policy/"):
        page.goto(address)
        assert not CHINESE.search(page.inner_text("h1")), address
        check_page(page)
    page.click("header button[name=language]")
    page.wait_for_load_state()
    context.close()


def test_a_phone_reaches_every_page(visit: Any) -> None:
    page = visit("operator", 390)
    page.click("nav.bottom summary")
    page.click("nav.bottom details a[href='/metrics/']")
    page.wait_for_selector(".tile")
    check_page(page)
