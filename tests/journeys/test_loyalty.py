"""A member's year in a real browser: enrolled at the counter, fed by a till, served, put right, read on a phone.

The till is a program with a key that the owner makes in the settings; it speaks to the same server over HTTP.
"""

import json
import re
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.conftest import Shop, asked, check_page

WIDTHS = [1280, 390]
MEMBER = "JNY-2026-0001"


class Till:
    """A till: writes with its key, each with a key of its own."""

    def __init__(self, shop: Shop, *, key: str, store: str) -> None:
        self._address, self._key, self._store = f"{shop.address}/api/v1/loyalty/", key, store
        self._count = 0

    def send(self, deed: str, **body: Any) -> dict[str, Any]:
        """The answer of one write; anything but a success fails the test."""
        self._count += 1
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Idempotency-Key": f"journey-{self._count}",
            "Content-Type": "application/json",
        }
        if deed in ("earn", "burn", "hold", "refund"):
            body["store"] = self._store
        request = urllib.request.Request(
            self._address + deed, data=json.dumps(body).encode(), headers=headers, method="POST"
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return dict(json.load(answer))

    def buy(self, number: str, *, minor: int, days_ago: int) -> dict[str, Any]:
        """A purchase some days ago."""
        day = (datetime.now(UTC) - timedelta(days=days_ago)).date().isoformat()
        order = {"source": "pos", "no": number}
        return self.send("earn", member=MEMBER, order=order, eligible_minor=minor, currency="CNY", bought_on=day)


@pytest.fixture
def till(visit: Any, shop: Shop) -> Till:
    """A till with a key from the settings page, for the associate's store."""
    page = visit("owner")
    page.goto("/settings/programs/")
    check_page(page)
    name = f"till-{len(asked(shop, 'select id from access_apiclient'))}"
    page.fill("#name", name)
    for scope in ("metrics:read", "loyalty:write"):
        page.set_checked(f"input[value='{scope}']", scope == "loyalty:write")
    page.fill("#expires_on", "2030-12-31")
    page.click("form[action$='/new/'] .btn-primary")
    return Till(shop, key=page.inner_text("#key"), store=store_of(shop))


def store_of(shop: Shop) -> str:
    """The store of the demo's associate."""
    sql = (
        "select g.store from access_storegrant g join access_user u on u.id = g.user_id where u.username = 'associate'"
    )
    return str(asked(shop, sql)[0][0])


def available(page: Any) -> int:
    return int(page.inner_text("#available").replace(",", ""))


def test_a_members_year(visit: Any, shop: Shop, till: Till, chromium: Any) -> None:
    counter = visit("associate", 390)
    counter.goto("/loyalty/members/")
    check_page(counter)
    counter.fill("#member_no", MEMBER)
    counter.click("#enrol .btn-primary")
    counter.wait_for_selector("#available")
    assert available(counter) == 0 and "还没有能用的积分" in counter.inner_text("main")
    check_page(counter)

    till.buy("J-1", minor=58_000, days_ago=350)
    till.buy("J-2", minor=64_000, days_ago=40)
    refund = till.send("refund", order={"source": "pos", "no": "J-2"}, refunded_minor=14_000, currency="CNY")
    assert refund["points"] == -140
    counter.reload()
    shown = counter.inner_text("main")
    assert available(counter) == 580 + 500 and "银卡会员" in shown, "1,080 of growth make silver"
    assert "−140" in counter.inner_text("#statement") and "退款" in counter.inner_text("#statement")
    assert counter.locator(".lots .worse").count() == 1, "the oldest purchase's points end within 30 days"
    check_page(counter)

    counter.click("button[aria-label='使用 免费改衣']")
    assert "已记录" in counter.inner_text(".notice") and "还剩 1 次" in counter.inner_text("#benefits")
    counter.click("button[aria-label='预约 热门款留货']")
    counter.click("#benefits button:has-text('现在用掉')")
    assert "还剩 0 次" in counter.inner_text("#benefits") and "重新算" in counter.inner_text("#benefits")
    counter.select_option("#campaign", "welcome")
    counter.click("#coupons .btn")
    code = counter.inner_text("#coupons code")
    assert "有 1 张券能用" in counter.inner_text("#coupons")
    check_page(counter)

    till.send("hold", member=MEMBER, code="J-HOLD", points=300, seconds=900)
    counter.reload()
    assert available(counter) == 780 and "结账中冻结" in counter.inner_text("main")
    till.send("release", code="J-HOLD")
    till.send(
        "burn", member=MEMBER, order={"source": "pos", "no": "J-3"}, points=200, total_minor=9_900, currency="CNY"
    )
    counter.reload()
    assert available(counter) == 880
    signs = counter.locator(".sum-line li").all_inner_texts()
    assert [re.sub(r"\s+", " ", text).strip() for text in signs] == [
        "1,220 发出", "− 140 收回", "− 200 用掉", "= 880 现在能用",
    ]  # fmt: skip

    finance = a_finance_person(visit, shop, chromium)
    put_right(visit, finance)

    counter.goto(f"/loyalty/members/{MEMBER}/")
    counter.click("form[action$='/card/'] .btn")
    address = counter.inner_text("#card-address")
    check_page(counter)
    walk_the_card(chromium, address, code=code)
    finance.context.close()


def put_right(visit: Any, finance: Any) -> None:
    """The operator asks for 50 points and may not approve them; finance does."""
    operator = visit("operator")
    operator.goto(f"/loyalty/members/{MEMBER}/")
    operator.fill("#points", "50")
    operator.fill("#reason", "顾客的评价漏记了")
    operator.click("form[action$='/adjust/'] .btn")
    operator.goto("/loyalty/adjustments/")
    check_page(operator)
    assert "要由别人来批" in operator.inner_text(".asks")
    finance.goto("/loyalty/adjustments/")
    row = finance.locator(".asks li", has_text=MEMBER)
    row.locator("button[value=approve]").click()
    assert "已批准" in finance.inner_text(".notice")
    check_page(finance)
    finance.goto(f"/loyalty/members/{MEMBER}/")
    assert available(finance) == 930 and not finance.locator("form[action$='/coupon/']").count()


def a_finance_person(visit: Any, shop: Shop, chromium: Any) -> Any:
    """Somebody of finance, made by the owner on the people page and signed in."""
    owner = visit("owner")
    owner.goto("/people/")
    owner.fill("#name", "钱会计")
    owner.fill("#new-username", "qian")
    owner.select_option("#role", "finance")
    owner.click("form[action$='/new/'] .btn-primary")
    password = owner.locator(".made code").nth(1).inner_text()
    page = chromium.new_context(viewport={"width": 1280, "height": 844}, base_url=shop.address).new_page()
    page.goto("/sign-in/")
    page.fill("#username", "qian")
    page.fill("#password", password)
    page.click("main button.btn-primary")
    page.wait_for_selector("nav.side")
    assert page.url.endswith("/loyalty/"), "finance begins with loyalty"
    check_page(page)
    return page


def walk_the_card(chromium: Any, address: str, *, code: str) -> None:
    """The card on phones: Chinese in the light, English in the dark, an order claimed and refused."""
    for language, scheme, word in (("zh-CN", "light", "您的权益"), ("en-GB", "dark", "Your benefits")):
        context = chromium.new_context(viewport={"width": 390, "height": 844}, locale=language, color_scheme=scheme)
        page = context.new_page()
        page.goto(address)
        shown = page.inner_text("main")
        assert "930" in page.inner_text("h1") and word in shown and code in shown
        assert MEMBER not in page.content() and "J-1" not in shown
        check_page(page)
        page.click("a[href$='/claim/']")
        page.fill("#order_no", "NOBODY-HAS-THIS")
        page.fill("#amount", "12.50")
        page.click("form .btn-primary")
        page.wait_for_selector("[role=alert]")
        check_page(page)
        context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_loyalty_is_clean(visit: Any, width: int) -> None:
    page = visit("owner", width)
    for part in ("", "rules/", "tiers/", "benefits/", "coupons/", "members/", "adjustments/", "finance/"):
        page.goto(f"/loyalty/{part}")
        assert page.inner_text("h1").strip()
        check_page(page)
    page.goto("/loyalty/")
    page.wait_for_selector("[hx-get$='/liability/'] >> text=值")
    page.goto("/settings/webhooks/")
    check_page(page)


def test_numbers_of_the_first_screen_open_their_rows(visit: Any) -> None:
    page = visit("operator")
    page.goto("/loyalty/")
    link = page.locator("table.bars a.row-link").first
    number = link.inner_text()
    link.click()
    page.wait_for_selector("table.people")
    assert number in page.inner_text("nav.filters [aria-current=true]")
    rows = page.locator("table.people tbody tr").count()
    assert rows == min(50, int(number.replace(",", "")))


def test_a_customers_page_tells_of_loyalty(visit: Any) -> None:
    page = visit("operator")
    page.goto("/loyalty/members/")
    page.locator("table.people a.row-link").first.click()
    page.wait_for_selector("#available")
    points = page.inner_text("#available")
    page.click("a:has-text('看顾客全貌')")
    page.wait_for_selector("#loyalty")
    assert points in page.inner_text("#loyalty") and "积分" in page.inner_text("#timeline .filters")
    check_page(page)
