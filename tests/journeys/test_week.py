"""A week in the browser: the check-up, a customer, a play approved, a sheet downloaded, an outcome recorded."""

import re
from typing import Any

import pytest

from tests.journeys.conftest import Shop, approve_store, check_page, managed_store

pytestmark = pytest.mark.journey
WIDTHS = (1280, 390)


@pytest.mark.parametrize("width", WIDTHS)
def test_operator_reads_the_week_and_the_check_up(visit: Any, width: int) -> None:
    page = visit("operator", width)
    assert page.url.endswith("/week/")
    assert "本周有" in page.inner_text("h1")
    check_page(page)
    page.goto("/checkup/")
    assert "每 100 元销售里" in page.inner_text("h1")
    check_page(page)
    first = page.locator(".finding").first
    first.locator(".open a").click()
    first.locator(".finding-body").wait_for()
    assert "怎么修" in first.inner_text()
    check_page(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_operator_finds_a_customer_and_looks_at_the_hidden_phone(visit: Any, width: int) -> None:
    page = visit("operator", width)
    page.goto("/customers/?stage=lapsing")
    check_page(page)
    hidden = page.locator("table.people .note").first.inner_text()
    page.locator("table.people a.row-link").first.click()
    page.wait_for_selector("#timeline")
    check_page(page)
    assert re.fullmatch(r"1\d\d\*{4}\d{4}", hidden)
    page.click("#reveal button")
    page.wait_for_selector("text=已显示完整信息")
    assert re.search(r"1\d{2} \d{4} \d{4}", page.inner_text("#reveal"))
    page.reload()
    assert hidden in page.inner_text("#reveal")
    assert "查看了隐藏信息" in page.inner_text("main")
    if width > 760:
        page.keyboard.press("/")
    else:
        page.click("#search")
    page.keyboard.type(hidden[-4:])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert hidden[-4:] in page.content()


def test_operator_approves_withdraws_and_approves_again(visit: Any) -> None:
    page = visit("operator")
    page.goto("/proposals/")
    check_page(page)
    # A play in several stores opens its stores first; one that only headquarters does opens at once.
    page.locator(".plays > li").filter(has=page.locator("form[action$='/approve/']")).first.locator("h3 a").click()
    if not page.locator(".decide").count():
        check_page(page)
        page.locator("tbody tr", has_text="等拍板").first.locator("a.row-link").click()
    page.wait_for_selector(".decide")
    check_page(page)
    assert page.locator(".said li").count() >= 1
    page.click(".decide .btn-primary")
    assert "已批准" in page.inner_text(".notice")
    page.fill("#why", "先等成本文件")
    page.click(".decide form[action$='/withdraw/'] button")
    assert "已撤回" in page.inner_text(".notice")
    page.click(".decide form[action$='/approve/'] button")
    assert "已批准" in page.inner_text(".notice")


def test_operator_downloads_a_sheet_and_reads_it_back(visit: Any, tmp_path: Any) -> None:
    page = visit("operator")
    page.goto("/tasks/")
    check_page(page)
    with page.expect_download() as coming:
        if not page.locator(".stores details[open]").count():
            page.locator(".stores summary").first.click()
        page.locator(".stores form button[value=csv] >> visible=true").first.click()
    sheet = tmp_path / "sheet.csv"
    coming.value.save_as(sheet)
    lines = sheet.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("task_code,play,store,associate,customer_id")
    assert ",holdout," not in sheet.read_text("utf-8-sig")
    page.set_input_files("#file", str(sheet))
    page.click("form[action$='/results/'] [type=submit]")
    page.wait_for_selector("text=收下 0 个结果")
    with page.expect_download() as coming:
        page.click(".head button[value=xlsx]")
    assert coming.value.suggested_filename.endswith(".zip")


def test_associate_works_on_the_phone_and_can_undo(visit: Any, shop: Shop) -> None:
    approve_store(visit("operator"), shop, managed_store(shop))
    page = visit("manager", 390)
    page.goto("/tasks/list/?state=open")
    check_page(page)
    page.locator("a.row-link").first.click()
    page.wait_for_selector(".job")
    check_page(page)
    small = page.evaluate(
        "[...document.querySelectorAll('.job button, .bottom a, .next-list a')]"
        ".filter(e => e.offsetHeight && e.offsetHeight < 46).length"
    )
    assert small == 0, "a target on the phone is lower than 46 px"
    name = page.inner_text(".job h2")
    page.click(".job button[value=interested]")
    page.wait_for_selector("text=已记下")
    page.click("text=撤回")
    page.wait_for_selector(".job button[value=interested]")
    assert page.inner_text(".job h2") == name


def test_files_dropped_into_the_browser_are_read_once(visit: Any, shop: Shop) -> None:
    page = visit("operator")
    page.goto("/checkup/import/")
    check_page(page)
    known = next((shop.root.parent / "exports").glob("有赞订单_*.csv"))
    page.set_input_files("#files", str(known))
    page.click("form[action$='/new/'] [type=submit]")
    page.wait_for_selector("text=读过了，没有变化", timeout=60_000)
    check_page(page)


def test_new_orders_come_in_and_the_week_is_computed_anew(visit: Any, tmp_path: Any) -> None:
    page = visit("operator")
    orders = tmp_path / "more_orders.csv"
    rows = ["order_no,line_no,ordered_at,store,phone,sku,product,quantity,unit_price,line_amount"]
    rows += [f"N{n},1,2026-11-2{n % 3} 10:0{n % 10},滨江店,1391234{n:04},S1,新米,1,30,30" for n in range(20)]
    orders.write_text("\n".join(rows) + "\n", "utf-8")
    page.goto("/checkup/import/")
    page.set_input_files("#files", str(orders))
    page.click("form[action$='/new/'] [type=submit]")
    page.wait_for_selector("text=看体检结果", timeout=120_000)
    assert "more_orders.csv" in page.inner_text("#job")
    check_page(page)
    page.click("#job form[action$='/week/run/'] button")
    page.wait_for_selector("#job a[href='/week/']", timeout=120_000)
    page.goto("/customers/?q=13912340007")
    page.wait_for_selector("#timeline")
    assert "新米" in page.inner_text("#timeline")


def test_an_unknown_file_is_not_guessed_at_but_proposed(visit: Any, tmp_path: Any) -> None:
    page = visit("operator")
    strange = tmp_path / "odd_system.csv"
    strange.write_text("kassabon,moment,bedrag\nA1,2026-11-01 10:00,12.50\nA2,2026-11-01 11:00,8.00\n", "utf-8")
    page.goto("/checkup/import/")
    page.set_input_files("#files", str(strange))
    page.click("form[action$='/new/'] [type=submit]")
    page.wait_for_selector("text=没有读入", timeout=60_000)
    page.reload()
    page.click("details summary")
    assert "kassabon" in page.input_value("textarea")
    page.fill("textarea", "kind: nothing")
    page.click("details button")
    assert "还不能用" in page.inner_text(".notice")
    check_page(page)


def test_english_reader_meets_no_chinese_words_of_ours(visit: Any) -> None:
    page = visit("owner")
    page.click("header button[name=language]")
    page.wait_for_load_state()
    for address in ("/week/", "/checkup/", "/customers/", "/tasks/", "/people/", "/journal/", "/checkup/import/"):
        page.goto(address)
        assert page.get_attribute("html", "lang") == "en"
        ours = page.inner_text("nav.side ul:first-of-type") + page.inner_text("h1")
        assert not re.search("[一-鿿]", ours), f"{address}: {ours}"
        check_page(page)
    page.click("header button[name=language]")


def test_dark_scheme_keeps_its_contrast(chromium: Any, shop: Shop) -> None:
    context = chromium.new_context(color_scheme="dark", base_url=shop.address)
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("#username", "owner")
    page.fill("#password", shop.passwords["owner"])
    page.click("main button.btn-primary")
    page.wait_for_selector("nav.side")
    for address in ("/week/", "/checkup/", "/customers/", "/proposals/", "/tasks/"):
        page.goto(address)
        check_page(page)
    context.close()
