"""Two Mondays in the browser: the operator reviews, changes and approves the week; the manager works the own store."""

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import LATEST, Shop, approve_store, asked, check_page, managed_store

pytestmark = pytest.mark.journey
WIDTHS = (1280, 390)


def _number(text: str) -> int:
    return int(re.sub(r"[^0-9]", "", text))


def _open_proposals(shop: Shop) -> list[int]:
    """Numbers of this week's proposals that wait, those with most people first."""
    sql = f"select id from proposals_proposal where state = 'proposed' and {LATEST} order by people desc, id"
    return [row[0] for row in asked(shop, sql)]


def _changed(page: Any, name: str, text: str) -> None:
    """Types into the editor and waits for what it does."""
    with page.expect_response(lambda answer: "/effects/" in answer.url) as coming:
        page.fill(f"#{name}", text)
    assert coming.value.status == 200
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-settling, .htmx-swapping')")


@pytest.mark.parametrize("width", WIDTHS)
def test_operator_looks_at_plays_stores_people_and_words(visit: Any, shop: Shop, width: int) -> None:
    page = visit("operator", width)
    page.goto("/proposals/")
    check_page(page)
    assert "每类顾客有计划" in page.inner_text("#coverage h2")
    addresses = [link.get_attribute("href") for link in page.locator(".plays h3 a").all()]
    assert len(addresses) >= 3
    for address in addresses[:2]:
        page.goto(address)
        check_page(page)
    number = _open_proposals(shop)[0]
    page.goto(f"/proposals/{number}/")
    people = asked(shop, "select people, treated, holdout from proposals_proposal where id = ?", number)[0]
    assert page.locator(".said li").count() == min(5, people[1])
    assert "policy.yaml" in page.inner_text("main")
    page.locator(f"a[href$='/proposals/{number}/people/']").first.click()
    check_page(page)
    shown = [_number(one.inner_text()) for one in page.locator(".filters a").all()]
    assert shown[:3] == list(people)


@pytest.mark.parametrize("width", WIDTHS)
def test_operator_changes_words_and_holdout_and_sees_the_effect(visit: Any, shop: Shop, width: int) -> None:
    page = visit("operator", width)
    number = _open_proposals(shop)[0]
    before = asked(shop, "select treated, holdout, version from proposals_proposal where id = ?", number)[0]
    page.goto(f"/proposals/{number}/edit/")
    check_page(page)
    words = page.input_value("#words-brief")
    _changed(page, "words-brief", f"{words}明天见。")
    _changed(page, "words-warm", f"{page.input_value('#words-warm')}明天见。")
    assert "明天见" in page.inner_text("#would-read")
    _changed(page, "words-brief", "{称呼}，全网最低价，第一品牌，拒收请回复R")
    assert page.locator("#effects .violation").count() >= 1
    assert re.search(r"policy.yaml 第 \d+ 行", page.inner_text("#effects"))
    check_page(page)
    page.click("form#edit-form .btn-primary")
    page.wait_for_selector(".notice.error")
    assert "最低价" in page.input_value("#words-brief")
    _changed(page, "words-brief", f"{words}明天见。")
    _changed(page, "holdout", "100")
    assert page.locator("#effects .violation").count() >= 1
    _changed(page, "holdout", "很多")
    assert "百分数" in page.inner_text("#effects")
    _changed(page, "holdout", "12")
    shown = (_number(page.locator("#effect-treated").inner_text().split()[-1]), page.inner_text("#effect-holdout"))
    page.click("form#edit-form .btn-primary")
    page.wait_for_selector(".decide")
    assert "改好了" in page.inner_text(".notice")
    treated, holdout, version = asked(
        shop, "select treated, holdout, version from proposals_proposal where id = ?", number
    )[0]
    assert (treated, version) == (shown[0], before[2] + 1)
    assert f"{holdout} ·" in shown[1]
    assert treated + holdout == before[0] + before[1]
    assert "明天见" in page.inner_text(".said")
    check_page(page)


def test_operator_takes_somebody_out_and_puts_them_back(visit: Any, shop: Shop) -> None:
    page = visit("operator", 390)
    number = _open_proposals(shop)[0]
    treated = asked(shop, "select treated from proposals_proposal where id = ?", number)[0][0]
    page.goto(f"/proposals/{number}/people/")
    page.locator("input[name=customer]").first.check()
    page.click("button[value=remove]")
    assert "已移出 1 位" in page.inner_text(".notice")
    assert asked(shop, "select treated from proposals_proposal where id = ?", number)[0][0] == treated - 1
    page.click("text=移出 1 位 >> nth=-1")
    page.locator("input[name=customer]").first.check()
    check_page(page)
    page.click("button[value=restore]")
    assert "已放回 1 位" in page.inner_text(".notice")
    assert asked(shop, "select treated from proposals_proposal where id = ?", number)[0][0] == treated


def test_two_people_change_the_same_proposal_and_nothing_is_lost(visit: Any, shop: Shop) -> None:
    number = _open_proposals(shop)[1]
    mine, theirs = visit("operator"), visit("owner")
    for page in (mine, theirs):
        page.goto(f"/proposals/{number}/edit/")
    words = mine.input_value("#words-warm")
    _changed(theirs, "words-warm", f"{words}等您来。")
    theirs.click("form#edit-form .btn-primary")
    theirs.wait_for_selector(".decide")
    _changed(mine, "words-warm", f"{words}给您留着。")
    mine.click("form#edit-form .btn-primary")
    mine.wait_for_selector(".notice.error")
    assert "也改了这条建议" in mine.inner_text(".notice.error")
    assert mine.input_value("#words-warm").endswith("给您留着。")
    assert "等您来" in mine.inner_text("main")
    check_page(mine)
    mine.click("form#edit-form .btn-primary")
    mine.wait_for_selector(".decide")
    assert "改好了" in mine.inner_text(".notice")
    theirs.reload()
    theirs.goto(f"/proposals/{number}/")
    mine.click(".decide form[action$='/approve/'] button")
    theirs.fill("#why", "先不做")
    theirs.click(".decide form[action$='/reject/'] button")
    assert "先一步处理了" in theirs.inner_text("main") or "别人" in theirs.inner_text("main")


def test_operator_approves_withdraws_and_approves_a_whole_play(visit: Any, shop: Shop, tmp_path: Path) -> None:
    page = visit("operator")
    number = _open_proposals(shop)[0]
    page.goto(f"/proposals/{number}/")
    page.click(".decide .btn-primary")
    assert "已批准" in page.inner_text(".notice")
    tasks = "select count(*) from touches_task where proposal_id = ? and state <> 'cancelled'"
    made = asked(shop, tasks, number)[0][0]
    assert str(made) in page.inner_text(".notice")
    page.goto(f"/proposals/{number}/edit/")
    assert page.url.endswith(f"/proposals/{number}/")
    assert "不能再改" in page.inner_text(".notice")
    page.fill("#why", "等一等")
    page.click(".decide form[action$='/withdraw/'] button")
    assert "已撤回" in page.inner_text(".notice")
    page.click(".decide form[action$='/approve/'] button")
    page.goto("/proposals/")
    row = page.locator(".plays > li").filter(has=page.locator("form[action*='/proposals/play/']")).first
    play = row.locator("form").get_attribute("action").split("/")[-3]
    row.locator("form button").click()
    assert "已批准" in page.inner_text(".notice")
    left = f"select count(*) from proposals_proposal where play = ? and state = 'proposed' and {LATEST}"
    assert asked(shop, left, play)[0][0] == 0
    page.goto("/tasks/")
    check_page(page)
    with page.expect_download() as coming:
        page.click(".head button[value=csv]")
    rows = []
    with zipfile.ZipFile(coming.value.path()) as sheets:
        for name in sheets.namelist():
            rows += list(csv.DictReader(io.StringIO(sheets.read(name).decode("utf-8-sig"))))
    codes = [row["task_code"] for row in rows]
    open_ones = {row[0] for row in asked(shop, "select code from touches_task where state in ('planned', 'exported')")}
    assert len(codes) == len(set(codes))
    assert set(codes) == open_ones
    assert _number(page.inner_text("h1").split("，")[1]) == len(open_ones)
    assert {row["arm"] for row in rows} == {"treated"}


def _movable(shop: Shop, store: str = "") -> tuple[int, str, str]:
    """An open task that may change hands: number, store and associate."""
    sql = (
        "select id, store, associate from touches_task where state in ('planned', 'exported') and channel <> 'wecom'"
        " and store <> '' and associate <> '' and (? = '' or store = ?) order by store, id"
    )
    found = asked(shop, sql, store, store)
    if not found:
        pytest.skip("this small shop has no task that may change hands")
    return found[0]


@pytest.mark.parametrize("width", WIDTHS)
def test_tasks_change_hands(visit: Any, shop: Shop, width: int) -> None:
    page = visit("operator", width)
    page.goto("/tasks/")
    check_page(page)
    number, store, associate = _movable(shop)
    page.goto(f"/tasks/list/?store={store}&associate={associate}&state=open")
    check_page(page)
    before = _number(page.inner_text("#total"))
    page.click("text=改派 >> nth=-1")
    assert "先勾选" in page.inner_text(".notice.error")
    page.check(f"input[name=task][value='{number}']")
    other = page.locator(f"#to optgroup[label='{store}'] option").all()
    target = next(o.get_attribute("value") for o in other if o.get_attribute("value") != f"{store}|{associate}")
    page.select_option("#to", target)
    page.click(".move-to .btn-primary")
    if page.locator(".notice.error").count():
        assert page.is_checked(f"input[name=task][value='{number}']")
        page.click("button[name=over]")
    assert "改派给了" in page.inner_text(".notice")
    assert asked(shop, "select associate from touches_task where id = ?", number)[0][0] == target.split("|")[1]
    assert _number(page.inner_text("#total")) == before - 1


@pytest.mark.parametrize("width", WIDTHS)
def test_managers_monday_holds_the_own_store_only(visit: Any, shop: Shop, width: int) -> None:
    store = managed_store(shop)
    page = visit("manager", width)
    for address in ("/week/", "/proposals/", "/tasks/", "/tasks/list/", "/segments/", "/metrics/meeting/"):
        page.goto(address)
        check_page(page)
        assert "您的角色" not in page.inner_text("main"), address
    page.goto("/proposals/")
    own = {
        row[0]
        for row in asked(
            shop, f"select id from proposals_proposal where store = ? and state <> 'draft' and {LATEST}", store
        )
    }
    shown = {int(one) for one in re.findall(r"/proposals/(\d+)/", page.inner_html("main"))}
    assert shown == own
    assert page.locator("form[action$='/approve/']").count() == 0
    for number in sorted(own)[:1]:
        page.goto(f"/proposals/{number}/people/")
        check_page(page)
        assert page.locator("input[name=customer]").count() == 0
    elsewhere = f"select id from proposals_proposal where store <> ? and state <> 'draft' and {LATEST} limit 3"
    others = [row[0] for row in asked(shop, elsewhere, store)]
    assert others
    for number in others:
        for part in ("", "people/", "edit/"):
            assert page.goto(f"/proposals/{number}/{part}").status in (403, 404), (number, part)
    for (number,) in asked(shop, "select id from touches_task where store <> ? limit 2", store):
        assert page.goto(f"/tasks/{number}/").status == 404
    page.goto("/tasks/list/")
    tasks = {int(one) for one in re.findall(r"/tasks/(\d+)/", page.inner_html("main"))}
    mine = {row[0] for row in asked(shop, "select id from touches_task where store = ?", store)}
    assert tasks <= mine


def test_a_manager_gives_tasks_only_to_the_own_team(visit: Any, shop: Shop) -> None:
    store = managed_store(shop)
    approve_store(visit("operator"), shop, store)
    page = visit("manager", 390)
    page.goto("/tasks/list/?state=open")
    if page.locator("#to").count():
        assert {one.get_attribute("label") for one in page.locator("#to optgroup").all()} == {store}
    # What the page does not offer is refused by the server as well.
    sql = (
        "select id, associate from touches_task where store not in ('', ?) and state in ('planned', 'exported') limit 3"
    )
    team = asked(shop, "select associate from touches_task where store = ? and associate <> '' limit 1", store)
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    foreign = asked(shop, sql, store)
    assert foreign
    for number, associate in foreign:
        answer = page.request.post(
            "/tasks/reassign/",
            form={"csrfmiddlewaretoken": token, "task": str(number), "to": f"{store}|{team[0][0]}"},
            headers={"Referer": shop.address},
        )
        assert answer.status == 409
        assert asked(shop, "select associate from touches_task where id = ?", number)[0][0] == associate
