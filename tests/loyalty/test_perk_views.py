"""What members and pages see of tiers, benefits, badges, coupons and campaigns."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from shuke.kernel.actor import SYSTEM
from shuke.loyalty import queries
from shuke.loyalty.actions.issuing import BadCount, issue_codes, issue_to_accounts
from shuke.loyalty.adapters import coupon_counts, shelf_reading
from shuke.loyalty.adapters.secret_codes import random_codes
from shuke.loyalty.adapters.sqlite import _sql
from shuke.loyalty.models import Account, Coupon
from shuke.loyalty.rules.counter.coupons import CampaignUnknown
from shuke.loyalty.rules.coupons import is_code
from shuke.loyalty.values import commands as c
from shuke.loyalty.values import perk_commands as p
from tests.loyalty.test_perks import CART, NOW, Counter, rows, till

__all__ = ["till"]


def view_of(member: str) -> Any:
    return SimpleNamespace(account_id=Account.objects.get(member_no=member).pk)


def grow(till: Counter, reference: str, *, behaviour: str = "review", member: str = "m1") -> None:
    till.tell(c.Grow(**till.common(), member=member, behaviour=behaviour, reference=reference))


def test_tier_progress_says_what_is_missing_and_how_to_get_there(till: Counter) -> None:
    till.buy("o1", 150000)
    grow(till, "r1")
    seen = queries.tier_progress(SYSTEM, account=view_of("m1"), now=NOW)
    assert (seen.tier, seen.zh, seen.growth_12m) == ("silver", "银卡会员", 1520)
    assert (seen.since, seen.until) == (date(2026, 6, 1), date(2027, 6, 1))
    assert (seen.next_tier, seen.needed, seen.keep_threshold, seen.keep_missing) == ("gold", 3480, 800, 0)
    assert ("review", 20) in seen.how and ("co_creation", 200) in seen.how
    for number in range(2, 6):
        grow(till, f"r{number}")
    capped = queries.tier_progress(SYSTEM, account=view_of("m1"), now=NOW)
    assert "review" not in dict(capped.how) and "event" in dict(capped.how)
    before = queries.tier_progress(SYSTEM, account=view_of("m1"), now=NOW - timedelta(days=1))
    assert (before.tier, before.growth_12m) == ("basic", 0)
    till.refund("o1", 100000)
    fallen = queries.tier_progress(SYSTEM, account=view_of("m1"), now=NOW)
    assert (fallen.tier, fallen.needed) == ("basic", 400)


def test_standings_of_many_and_of_merged_ones(till: Counter) -> None:
    till.buy("o1", 60000)
    till.buy("o2", 60000, member="m2")
    till.tell(c.Merge(**till.common(), kept="m2", other="m1"))
    roots = [view_of("m2").account_id]
    found = queries.standings(SYSTEM, accounts=[view_of("m1").account_id, *roots], now=NOW)
    assert list(found) == roots and found[roots[0]].tier == "silver"
    assert queries.tier_progress(SYSTEM, account=view_of("m1"), now=NOW).tier == "silver"


def test_benefits_and_badges_as_the_member_has_them(till: Counter) -> None:
    till.buy("o1", 150000)
    for number in range(5):
        grow(till, f"r{number}")
    till.tell(p.BookBenefit(**till.common(), member="m1", benefit="reservation", store="S1", associate="王"))
    shown = {view.benefit: view for view in queries.benefits(SYSTEM, account=view_of("m1"), now=NOW)}
    assert (shown["reservation"].quota, shown["reservation"].left, shown["reservation"].next_quota) == (1, 0, 2)
    assert shown["reservation"].locked_because == "used_up"
    assert (shown["early_access"].locked_because, shown["early_access"].unlocks_at) == ("tier", "gold")
    assert shown["birthday"].locked_because == "birthday"
    assert shown["extended_return"].quota == 2
    june = queries.benefits(SYSTEM, account=view_of("m1"), now=NOW, birthday=date(1990, 6, 9))
    assert next(view for view in june if view.benefit == "birthday").locked_because == ""
    reviewer = next(badge for badge in queries.badges(SYSTEM, account=view_of("m1")) if badge.badge == "reviewer")
    assert (reviewer.done, reviewer.times, reviewer.is_earned) == (5, 5, True)
    used = queries.benefit_uses(SYSTEM, account_id=view_of("m1").account_id)
    assert [(use.benefit, use.state, use.store, use.associate) for use in used] == [
        ("reservation", "booked", "S1", "王")
    ]


def test_coupons_of_a_member_in_the_state_of_the_instant(till: Counter) -> None:
    ten, five = till.coupon("ten"), till.coupon("five")
    till.tell(till.hold("h1", ten))
    state = {view.code: view.state for view in queries.coupons(SYSTEM, account=view_of("m1"), now=NOW)}
    assert state == {ten: "held", five: "issued"}
    later = queries.coupons(SYSTEM, account=view_of("m1"), now=NOW + timedelta(hours=1))
    assert {view.code: view.state for view in later} == {ten: "issued", five: "issued"}
    gone = NOW + timedelta(days=40)
    assert not queries.coupons(SYSTEM, account=view_of("m1"), now=gone)
    closed = queries.coupons(SYSTEM, account=view_of("m1"), now=gone, with_closed=True)
    assert {view.state for view in closed} == {"expired"} and closed[0].zh
    one = queries.coupon(SYSTEM, code=five.lower(), now=NOW)
    assert one is not None and (one.amount_minor, one.state) == (500, "issued")
    assert queries.coupon(SYSTEM, code="NOBODY", now=NOW) is None


def test_campaigns_budgets_and_refusals(till: Counter) -> None:
    ten = till.coupon("ten")
    till.coupon("ten")
    till.tell(till.hold("h1", ten))
    till.refused(till.hold("h2", ten))
    till.refused(till.hold("h3", "NOBODY"))
    counts = queries.campaign_counts(SYSTEM, now=NOW)
    assert (counts["ten"].issued, counts["ten"].held, counts["ten"].refused) == (1, 1, {"coupon_held": 1})
    assert counts["last"].issued == 0
    budget = queries.budgets(SYSTEM)["small"]
    assert (budget.limit_minor, budget.reserved_minor, budget.left_minor) == (3000, 1000, 2000)
    assert queries.budgets(SYSTEM)["yearly"].used_minor == 0
    (told,) = queries.refusals(SYSTEM, campaign="ten")
    assert (told.member_no, told.coupon, told.reason) == ("m1", ten, "coupon_held")
    (unknown,) = queries.refusals(SYSTEM, campaign="")
    assert (unknown.coupon, unknown.reason) == ("NOBODY", "coupon_unknown")


def test_a_cart_is_priced_without_effect_as_a_hold_would_price_it(till: Counter) -> None:
    ten, gold = till.coupon("ten"), till.coupon("gold")
    account = view_of("m1").account_id
    told = queries.price_cart(SYSTEM, account=account, coupons=[ten, gold, "NOBODY"], cart=CART, now=NOW)
    assert (told.saved_minor, told.total_minor) == (0, 30000)
    assert dict(told.refused) == {gold: "wrong_tier", "NOBODY": "coupon_unknown"}
    best = queries.price_cart(
        SYSTEM, account=view_of("m1"), coupons=[ten.lower(), gold], cart={**CART, "mode": "best"}, now=NOW
    )
    assert best.saved_minor == 1000 and best.refused == ((gold, "wrong_tier"),)
    assert Coupon.objects.filter(state="issued").count() == 2
    mine = [till.coupon("ten", member="m2") for _ in range(2)]
    till.tell(till.hold("h1", *mine, member="m2"))
    till.tell(till.hold("h2", ten))
    other = till.coupon("ten")
    full = queries.price_cart(SYSTEM, account=account, coupons=[other], cart=CART, now=NOW)
    assert full.refused == ((other, "budget_used_up"),)
    later = queries.price_cart(SYSTEM, account=account, coupons=[other], cart=CART, now=NOW + timedelta(seconds=901))
    assert later.saved_minor == 1000 and not later.refused


def test_codes_by_the_thousand_are_unique_and_belong_to_whoever_comes_first(till: Counter) -> None:
    taken: list[str] = []

    def keep(codes: Sequence[str]) -> None:
        taken.extend(codes)

    done = issue_codes(SYSTEM, campaign="five", count=3000, now=NOW, taken=keep)
    assert done.coupons == len(set(taken)) == Coupon.objects.count() == 3000
    assert done.expires_at == datetime(2026, 7, 1, 16, tzinfo=UTC) and all(is_code(code) for code in taken[:50])
    till.tell(till.hold("h1", taken[0]))
    till.tell(c.Release(**till.common(), code="h1"))
    assert till.refused(till.hold("h2", taken[0], member="m2")) == "coupon_of_other_member"
    accounts = [view_of("m1").account_id, view_of("m2").account_id]
    assert issue_to_accounts(SYSTEM, campaign="ten", accounts=accounts, now=NOW).coupons == 2
    assert len(queries.coupons(SYSTEM, account=view_of("m2"), now=NOW)) == 1
    with pytest.raises(BadCount):
        issue_codes(SYSTEM, campaign="five", count=0, now=NOW, taken=keep)
    with pytest.raises(CampaignUnknown):
        issue_codes(SYSTEM, campaign="sixty", count=1, now=NOW, taken=keep)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from loyalty_couponevent where kind = 'issued'")
        assert cursor.fetchall() == [(2,)]


def test_random_codes_use_all_signs_about_equally() -> None:
    codes = random_codes(4000)
    assert len(set(codes)) == 4000 and all(is_code(code) for code in codes)
    signs = "".join(code[:15] for code in codes)
    counts = [signs.count(sign) for sign in set(signs)]
    assert len(counts) == 30 and min(counts) > 1700 and max(counts) < 2300


def test_counts_and_lookups_are_answered_by_small_indexes(till: Counter) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite tells its plan whatever the size; PostgreSQL's depends on how many rows there are")
    ordered = coupon_counts._STATES.replace("%s", "'main'")
    statements = {ordered: ("coupons_to_use", "coupons_held", "coupons_void", "coupons_of_sale")}
    statements[coupon_counts._OVER.replace("%s", "'2026'")] = ("coupons_held",)
    look = shelf_reading.campaigns_by_order("main", orders=[("pos", "o1")])
    statements[_sql(look.sql).replace("?", "'[]'", 1).replace("?", "'main'")] = ("coupons_of_sale",)
    counted = shelf_reading.counts([1], campaigns=["ten"], now=NOW)
    statements[_sql(counted.sql).replace("?", "'[1]'")] = ("coupons_of_member",)
    for statement, names in statements.items():
        plan = " ".join(str(row[-1]) for row in rows(f"explain query plan {statement}"))
        assert all(name in plan for name in names), plan
        assert "COVERING INDEX coupons_to_use" in plan or "coupons_to_use" not in names, plan
