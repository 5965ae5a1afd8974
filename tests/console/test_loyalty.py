"""Loyalty pages: who sees which members, masked; two people for an adjustment; the counter; the member's own card."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from shuke.journal.models import Entry
from shuke.kernel.actor import SYSTEM
from shuke.kernel.clock import today, utc_now
from shuke.kernel.workspace import Workspace
from shuke.loyalty.actions import write
from shuke.loyalty.actions.cards import give_card
from shuke.loyalty.models import Account, Adjustment, BenefitUse, Coupon
from shuke.loyalty.queries import account
from shuke.loyalty.rules.cards import ends_at, hash_of_card, stamped
from shuke.loyalty.values.commands import Burn, Earn, Enrol, OrderRef
from tests.conftest import FillLake
from tests.console.conftest import OTHER_STORE, STORE, Browser

OWN, FOREIGN = "V1001", "V2001"
PERSONS = {OWN: (1, "王小梅", "13812346027", STORE), FOREIGN: (2, "李大山", "13900007185", OTHER_STORE)}
LEADS = ("owner", "operator", "manager", "associate", "finance", "auditor")


@pytest.fixture
def shop(workspace: Workspace, fill_lake: FillLake) -> Workspace:
    """Two members of two stores with 1,200 points each, as the lake and the ledger know them."""
    day = today(workspace.timezone)
    rows = [
        {
            "customer_id": number, "name": name, "phone": phone, "store": store, "associate": "沈佳", "card": None,
            "member_id": None, "email": None, "address": None, "birthday": None,
        }
        for number, name, phone, store in PERSONS.values()
    ]  # fmt: skip
    fill_lake(
        customer_profiles=rows,
        customer_aliases=[{"alias_id": number, "customer_id": number} for number, *_ in PERSONS.values()],
        customer_stores=[{"customer_id": number, "store": store} for number, _, _, store in PERSONS.values()],
        member_points=[
            {
                "customer_id": number, "account_id": number, "tier": "silver", "growth_12m": 1200, "available": 1200,
                "pending": 0, "expiring_30d": 0, "coupons_open": 0, "as_of": day,
            }
            for number, *_ in PERSONS.values()
        ],
    )  # fmt: skip
    now = utc_now()
    for member, (number, _, _, store) in PERSONS.items():
        order = OrderRef("pos", f"R{number}")
        done = write(
            SYSTEM,
            commands=[
                Enrol(client="t", key=f"e{number}", at=now, member=member, customer_id=number),
                Earn(
                    client="t", key=f"o{number}", at=now, member=member, order=order, eligible_minor=120_000,
                    currency="CNY", bought_on=day, store=store,
                ),
            ],
            now=now,
        )  # fmt: skip
        assert [type(one).__name__ for one in done] == ["Answer", "Answer"]
    assert list(Account.objects.order_by("pk").values_list("customer_id", flat=True)) == [1, 2]
    return workspace


def available(member: str) -> int:
    return account(SYSTEM, member=member, now=utc_now()).balance.available


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.parametrize("role", LEADS)
def test_a_store_sees_its_own_members_and_nobody_a_full_name_or_phone(
    role: str, shop: Workspace, browser: Browser
) -> None:
    client = browser(role)
    scoped = role in ("manager", "associate")
    seen = text(client, "/loyalty/members/")
    assert ("1 位会员" if scoped else "2 位会员") in seen
    assert f"/loyalty/members/{OWN}/" in seen and (f"/loyalty/members/{FOREIGN}/" in seen) is not scoped
    pages = [seen, text(client, f"/loyalty/members/{OWN}/"), text(client, "/loyalty/")]
    wanted = 404 if scoped else 200
    assert client.get(f"/loyalty/members/{FOREIGN}/").status_code == wanted
    assert client.get(f"/loyalty/members/{FOREIGN}/statement/").status_code == wanted
    for shown in pages:
        for _, name, phone, _ in PERSONS.values():
            assert name not in shown and phone not in shown
    assert "王**" in pages[1] and "138****6027" in pages[1]


@pytest.mark.parametrize("deed", ["benefit/", "coupon/", "adjust/", "card/", "card/close/"])
def test_a_store_changes_no_member_of_another_store(deed: str, shop: Workspace, browser: Browser) -> None:
    before = (available(FOREIGN), Coupon.objects.count(), BenefitUse.objects.count(), Adjustment.objects.count())
    given = {"benefit": "free_alteration", "deed": "use", "campaign": "welcome", "points": "50", "reason": "x"}
    assert browser("manager").post(f"/loyalty/members/{FOREIGN}/{deed}", given).status_code == 404
    after = (available(FOREIGN), Coupon.objects.count(), BenefitUse.objects.count(), Adjustment.objects.count())
    assert before == after and not Account.objects.exclude(card_token_hash="").exists()


def test_the_analyst_sees_sums_and_nobody(shop: Workspace, browser: Browser) -> None:
    client = browser("analyst")
    shown = text(client, "/loyalty/")
    assert "2 位会员" in shown and "/loyalty/members/" not in shown and "王" not in shown


def test_a_balance_is_explained_to_the_point(shop: Workspace, browser: Browser) -> None:
    now = utc_now()
    (answer,) = write(
        SYSTEM,
        commands=[
            Burn(
                client="t", key="b", at=now, member=OWN, order=OrderRef("pos", "R9"), points=200, total_minor=5000,
                currency="CNY",
            )
        ],
        now=now,
    )  # fmt: skip
    assert type(answer).__name__ == "Answer"
    shown = text(browser("finance"), f"/loyalty/members/{OWN}/")
    line = re.search(r'<ol class="sum-line".*?</ol>', shown, re.DOTALL)
    assert line
    signs = re.findall(r'class="sign"[^>]*>([^<]*)</span><b>([\d,]+)</b><span>([^<]+)<', line[0])
    assert signs == [("", "1,200", "发出"), ("−", "200", "用掉"), ("=", "1,000", "现在能用")]
    body = re.search(r'<table class="rows stack statement">.*?</table>', shown, re.DOTALL)
    assert body and re.findall(r"<b>([+−][\d,]+)</b>", body[0]) == ["−200", "+1,200"]
    assert (
        "<form"
        not in re.sub(r"<header.*?</header>", "", shown, flags=re.DOTALL)
        .split('id="benefits"')[1]
        .split("</section>")[0]
    ), "finance does no counter work"


def test_an_adjustment_needs_another_person(shop: Workspace, browser: Browser) -> None:
    manager, operator, finance = browser("manager"), browser("operator"), browser("finance")
    asked = manager.post(f"/loyalty/members/{OWN}/adjust/", {"points": "300", "reason": "收银机漏登"})
    assert asked.status_code == 302 and available(OWN) == 1200
    number = Adjustment.objects.get().pk
    assert manager.post(f"/loyalty/adjustments/{number}/", {"deed": "approve"}).status_code == 403
    assert "收银机漏登" in text(manager, "/loyalty/adjustments/")
    assert "1 笔积分调整等您批" in text(finance, "/loyalty/adjustments/")
    assert finance.post(f"/loyalty/adjustments/{number}/", {"deed": "approve"}).status_code == 302
    assert available(OWN) == 1500
    again = operator.post(f"/loyalty/adjustments/{number}/", {"deed": "approve"})
    assert again.status_code == 409 and "已经处理过了" in again.content.decode() and available(OWN) == 1500
    verbs = list(Entry.objects.filter(object_type="member").order_by("pk").values_list("verb", "actor"))
    assert verbs == [("points_asked", "manager一"), ("points_approved", "finance一")]


def test_nobody_approves_what_they_asked_for(shop: Workspace, browser: Browser) -> None:
    operator, owner = browser("operator"), browser("owner")
    operator.post(f"/loyalty/members/{OWN}/adjust/", {"points": "−200", "reason": "登错了"})
    number = Adjustment.objects.get().pk
    assert "要由别人来批" in text(operator, "/loyalty/adjustments/")
    answer = operator.post(f"/loyalty/adjustments/{number}/", {"deed": "approve"})
    assert answer.status_code == 409 and "您自己申请的" in answer.content.decode()
    assert available(OWN) == 1200 and Adjustment.objects.get().state == "asked"
    assert owner.post(f"/loyalty/adjustments/{number}/", {"deed": "reject"}).status_code == 302
    assert available(OWN) == 1200 and Adjustment.objects.get().state == "rejected"


def test_an_adjustment_that_the_ledger_refuses_stays_open(shop: Workspace, browser: Browser) -> None:
    browser("manager").post(f"/loyalty/members/{OWN}/adjust/", {"points": "-5000", "reason": "太多"})
    answer = browser("finance").post(f"/loyalty/adjustments/{Adjustment.objects.get().pk}/", {"deed": "approve"})
    assert answer.status_code == 409 and "积分不够" in answer.content.decode()
    assert available(OWN) == 1200 and Adjustment.objects.get().state == "asked"


@pytest.mark.parametrize("given", [{"points": "1.5"}, {"points": ""}, {"points": "0"}, {"points": "5", "reason": " "}])
def test_an_adjustment_without_points_or_reason_is_refused(
    given: dict[str, str], shop: Workspace, browser: Browser
) -> None:
    answer = browser("operator").post(f"/loyalty/members/{OWN}/adjust/", {"reason": "x", **given})
    assert answer.status_code == 409 and "要写积分数和原因" in answer.content.decode()
    assert not Adjustment.objects.exists()


def test_a_form_sent_twice_works_once(shop: Workspace, browser: Browser) -> None:
    client = browser("associate")
    coupon = {"campaign": "welcome", "once": "abc"}
    benefit = {"benefit": "free_alteration", "deed": "use", "once": "def"}
    for _ in range(2):
        assert client.post(f"/loyalty/members/{OWN}/coupon/", coupon).status_code == 302
        assert client.post(f"/loyalty/members/{OWN}/benefit/", benefit).status_code == 302
    assert Coupon.objects.count() == 1 and BenefitUse.objects.count() == 1
    use = BenefitUse.objects.get()
    assert (use.store, use.associate, use.state) == (STORE, "沈佳", "used")
    shown = text(client, f"/loyalty/members/{OWN}/")
    assert Coupon.objects.get().code in shown and "还剩 1 次" in shown


def test_a_benefit_of_a_higher_tier_is_refused_with_its_reason(shop: Workspace, browser: Browser) -> None:
    asked = {"benefit": "personal_service", "deed": "book", "once": "x"}
    answer = browser("associate").post(f"/loyalty/members/{OWN}/benefit/", asked)
    assert answer.status_code == 409 and "还没有这项权益" in answer.content.decode()
    assert not BenefitUse.objects.exists()


def test_an_account_is_opened_at_the_counter_and_seen_by_who_opened_it(shop: Workspace, browser: Browser) -> None:
    client = browser("associate")
    given: dict[str, Any] = {"member_no": "V3001", "once": "n"}
    assert client.post("/loyalty/members/enrol/", given)["Location"] == "/loyalty/members/V3001/"
    assert "还没有能用的积分" in text(client, "/loyalty/members/V3001/")
    taken = browser("operator").post("/loyalty/members/enrol/", {"member_no": "V3001", "once": "m"})
    assert taken.status_code == 409 and "已经开过卡了" in taken.content.decode()
    assert Account.objects.filter(member_no="V3001").count() == 1


def test_a_frozen_account_says_so_and_offers_nothing(shop: Workspace, browser: Browser) -> None:
    Account.objects.filter(member_no=OWN).update(frozen_reason="drift")
    shown = text(browser("manager"), f"/loyalty/members/{OWN}/")
    assert "账户已冻结" in shown and "使用</button>" not in shown
    assert OWN in text(browser("finance"), "/loyalty/finance/")
    given = {"campaign": "welcome", "once": "x"}
    assert browser("manager").post(f"/loyalty/members/{OWN}/coupon/", given).status_code == 409


def card_of(workspace: Workspace) -> str:
    number = Account.objects.get(member_no=OWN).pk
    token, _ = give_card(SYSTEM, account_id=number, now=utc_now())
    return token


def test_a_card_opens_without_signing_in_and_tells_no_personal_value(shop: Workspace) -> None:
    token = card_of(shop)
    answer = Client().get(f"/card/{token}/")
    shown = answer.content.decode()
    assert answer.status_code == 200 and "1,200" in shown and "王**" in shown and "银卡会员" in shown
    for hidden in ("王小梅", "6027", "13812346027", OWN, "R1"):
        assert hidden not in shown.replace(token, ""), hidden
    assert answer["Referrer-Policy"] == "no-referrer" and "noindex" in answer["X-Robots-Tag"]
    assert "noindex" in shown and answer["Cache-Control"] == "no-store"
    assert "unsafe" not in answer["Content-Security-Policy"]
    english = Client(HTTP_ACCEPT_LANGUAGE="en-GB,en;q=0.8").get(f"/card/{token}/").content.decode()
    assert "Silver" in english and 'lang="en"' in english


def test_only_the_hash_of_a_card_is_kept_and_a_new_link_shuts_the_old_one(shop: Workspace, browser: Browser) -> None:
    first = card_of(shop)
    assert len(first.partition(".")[2]) == 43, "32 random bytes in base64"
    kept = Account.objects.get(member_no=OWN).card_token_hash
    assert kept == hash_of_card(first) and first.partition(".")[2] not in str(Entry.objects.values_list("details"))
    client = browser("associate")
    shown = client.post(f"/loyalty/members/{OWN}/card/").content.decode()
    found = re.search(r"/card/([0-9a-z]+\.[\w-]{43})/", shown)
    assert found and Client().get(f"/card/{found[1]}/").status_code == 200
    assert Client().get(f"/card/{first}/").status_code == 404
    client.post(f"/loyalty/members/{OWN}/card/close/")
    assert Client().get(f"/card/{found[1]}/").status_code == 404


def test_a_cards_end_cannot_be_moved(shop: Workspace) -> None:
    now = utc_now()
    number = Account.objects.get(member_no=OWN).pk
    token, until = give_card(SYSTEM, account_id=number, now=now - timedelta(days=200))
    assert until < now and ends_at(token) == until
    assert Client().get(f"/card/{token}/").status_code == 404, "it has ended"
    later = stamped(token.partition(".")[2], until=now + timedelta(days=9))
    assert Client().get(f"/card/{later}/").status_code == 404, "another end is another token"


def test_wrong_tokens_are_asked_only_a_few_times(shop: Workspace) -> None:
    client = Client(REMOTE_ADDR="203.0.113.9")
    codes = [client.get(f"/card/1.{'a' * 43}/").status_code for _ in range(8)]
    assert codes[0] == 404 and codes[-1] == 429
    assert Client(REMOTE_ADDR="203.0.113.10").get(f"/card/{card_of(shop)}/").status_code == 200


def test_the_closed_days_come_as_files(shop: Workspace, browser: Browser) -> None:
    client = browser("finance")
    for what in ("days", "differences"):
        assert client.get(f"/loyalty/finance/file/{what}.csv").content.startswith(b"\xef\xbb\xbfbusiness_on,")
        assert client.get(f"/loyalty/finance/file/{what}.xlsx").content.startswith(b"PK")
    assert client.get("/loyalty/finance/file/days.pdf").status_code == 404
    assert "会员手上的积分值 ¥24" in text(client, "/loyalty/finance/liability/"), "2,400 points of a cent each"


def test_no_token_stands_in_the_servers_log(shop: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    token, client = card_of(shop), Client(REMOTE_ADDR="203.0.113.11")
    client.get(f"/card/{token}x/")
    client.post(f"/card/{token}/claim/", {"order_no": "R1", "amount": "1"})
    for _ in range(70):
        last = client.get(f"/card/{token}/claim/").status_code
    assert last == 429 and token not in caplog.text


def test_a_claim_needs_number_and_amount_and_tells_nothing_of_other_orders(shop: Workspace) -> None:
    address, client = f"/card/{card_of(shop)}/claim/", Client()
    for given in ({}, {"order_no": "R2"}, {"order_no": "R2", "amount": "abc"}, {"order_no": "R2", "amount": "-1"}):
        assert "订单号和实付金额都要填" in client.post(address, given).content.decode()
    known = client.post(address, {"order_no": "R2", "amount": "1200.00"}).content.decode()
    unknown = client.post(address, {"order_no": "R99", "amount": "1200.00"}).content.decode()
    for shown in (known, unknown):
        assert "没有这个订单号和金额能补登的订单" in shown
    assert available(OWN) == 1200


@pytest.mark.parametrize("number", ["A/1", "a/b/c", "?x=1", "#", "%2F", "50%", "<b>x</b>", "'\"", "会员·1", "..", " x"])
def test_any_number_that_the_ledger_takes_has_its_page(number: str, shop: Workspace, browser: Browser) -> None:
    Account.objects.filter(member_no=OWN).update(member_no=number)
    client = browser("owner")
    address = reverse("member", kwargs={"member_no": number})
    shown = text(client, "/loyalty/members/") + text(client, address)
    assert escape(number) in shown and "<b>x</b>" not in shown
    assert client.get("/loyalty/members/", {"q": number}).status_code in (200, 302)
    asked = {"points": "5", "reason": "goodwill"}
    assert client.post(reverse("adjustment_ask", kwargs={"member_no": number}), asked).status_code == 302
    assert escape(number) in text(client, "/loyalty/adjustments/")


def test_a_text_with_nul_is_refused_and_not_an_error(shop: Workspace, browser: Browser) -> None:
    client = browser("owner")
    assert client.get("/loyalty/members/%00/").status_code == 400
    assert client.get("/loyalty/members/?q=%00").status_code == 400
    assert client.post("/loyalty/members/enrol/", {"member_no": "a\x00"}).status_code == 400
