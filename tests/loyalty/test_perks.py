"""Coupons, budgets and benefits through the ledger's own transaction, on both engines."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from shuke.kernel.actor import SYSTEM
from shuke.kernel.errors import ShukeError
from shuke.loyalty.actions import write
from shuke.loyalty.adapters import places
from shuke.loyalty.values import commands as c
from shuke.loyalty.values import perk_commands as p
from shuke.loyalty.values.ledger import Answer

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
CAMPAIGNS = """
budgets: { small: { limit: 3000 } }
campaigns:
  ten: { zh: 减十元, en: Ten off, kind: amount, amount: 1000, budget: small, per_member: 2, days: 30 }
  five: { zh: 减五元, en: Five off, kind: amount, amount: 500, days: 30, returned: false }
  last: { zh: 限量两张, en: Two only, kind: amount, amount: 100, total: 2, days: 30 }
  gold: { zh: 金卡专享, en: Gold only, kind: amount, amount: 100, scope: { tiers: [gold] } }
"""
CART = {"lines": [{"sku": "A", "amount_minor": 20000}, {"sku": "B", "amount_minor": 10000}], "mode": "all"}


class Counter:
    """A till that numbers its keys."""

    def __init__(self) -> None:
        self.now = NOW
        self.keys = 0

    def common(self) -> dict[str, Any]:
        self.keys += 1
        return {"client": "till", "key": f"k{self.keys}", "at": self.now}

    def tell(self, command: c.Command) -> Answer:
        found = write(SYSTEM, commands=[command], now=self.now)[0]
        if isinstance(found, ShukeError):
            raise found
        return found

    def refused(self, command: c.Command) -> str:
        found = write(SYSTEM, commands=[command], now=self.now)[0]
        assert isinstance(found, ShukeError), found
        return str(getattr(found, "code", type(found).__name__))

    def enrol(self, *members: str) -> None:
        for member in members:
            self.tell(c.Enrol(**self.common(), member=member))

    def coupon(self, campaign: str, *, member: str = "m1") -> str:
        return str(self.tell(p.IssueCoupon(**self.common(), member=member, campaign=campaign)).details["coupon"])

    def hold(self, code: str, *coupons: str, member: str = "m1", **more: Any) -> c.Hold:
        said = {"points": 0, "cart": CART, **more}
        return c.Hold(**self.common(), member=member, code=code, coupons=coupons, **said)

    def capture(self, code: str, no: str) -> Answer:
        order = c.OrderRef("pos", no)
        return self.tell(c.Capture(**self.common(), code=code, order=order, total_minor=29000, currency="CNY"))

    def buy(self, no: str, minor: int, *, member: str = "m1") -> Answer:
        order = c.OrderRef("pos", no)
        return self.tell(
            c.Earn(**self.common(), member=member, order=order, eligible_minor=minor, currency="CNY",
                   bought_on=self.now.date())
        )  # fmt: skip

    def refund(self, no: str, minor: int) -> Answer:
        order = c.OrderRef("pos", no)
        return self.tell(c.RefundOrder(**self.common(), order=order, refunded_minor=minor, currency="CNY"))


@pytest.fixture
def till(engine: Any) -> Counter:
    """A till in a shop with two members and four campaigns of its own."""
    folder = engine.workspace.root / "loyalty"
    folder.mkdir()
    (folder / "coupons.yaml").write_text(CAMPAIGNS, "utf-8")
    made = Counter()
    made.enrol("m1", "m2")
    return made


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def budget(code: str) -> tuple[Any, ...]:
    return rows(f"select reserved_minor, used_minor from loyalty_budget where code = '{code}'")[0]


def test_hold_capture_and_release_carry_points_and_coupons_in_one_commit(till: Counter) -> None:
    ten, five = till.coupon("ten"), till.coupon("five")
    till.buy("o1", 50000)
    held = till.tell(till.hold("h1", ten, five, points=100))
    assert held.balance["held"] == 100
    assert (held.details["total_minor"], held.details["saved_minor"]) == (28500, 1500)
    assert budget("small") == (1000, 0)
    assert till.refused(till.hold("h2", ten)) == "coupon_held"
    till.capture("h1", "o2")
    assert budget("small") == (0, 1000)
    assert sorted(rows("select campaign, state, order_no from loyalty_coupon")) == [
        ("five", "used", "o2"),
        ("ten", "used", "o2"),
    ]
    assert till.refused(till.hold("h3", ten)) == "coupon_used"
    again = till.coupon("ten")
    till.tell(till.hold("h4", again))
    till.tell(c.Release(**till.common(), code="h4"))
    assert budget("small") == (0, 1000)
    assert rows(f"select state, hold_id, held_minor from loyalty_coupon where code = '{again}'") == [
        ("issued", None, 0)
    ]
    kinds = [kind for (kind,) in rows("select kind from loyalty_couponevent order by id")]
    assert kinds == [
        "issued",
        "issued",
        "held",
        "held",
        "refused",
        "used",
        "used",
        "refused",
        "issued",
        "held",
        "released",
    ]


def test_a_refused_hold_leaves_points_and_budget_alone_and_keeps_the_reason(till: Counter) -> None:
    till.buy("o1", 50000)
    gold = till.coupon("gold")
    assert till.refused(till.hold("h1", gold, points=100)) == "wrong_tier"
    assert till.refused(till.hold("h2", "NOBODY-HAS-IT")) == "coupon_unknown"
    ten = till.coupon("ten")
    assert till.refused(till.hold("h3", ten, member="m2")) == "coupon_of_other_member"
    assert till.refused(till.hold("h4", ten, points=10**6)) == "insufficient_points"
    assert till.refused(till.hold("h5", ten, cart=None)) == "bad_cart"
    reasons = rows("select reason from loyalty_couponevent where kind = 'refused' order by id")
    assert [reason for (reason,) in reasons] == [
        "wrong_tier", "coupon_unknown", "coupon_of_other_member", "insufficient_points", "bad_cart",
    ]  # fmt: skip
    assert rows("select count(*) from loyalty_hold") == [(0,)]
    assert rows("select free, held from loyalty_balance order by account_id")[0] == (500, 0)
    best = till.tell(till.hold("h6", gold, ten, cart={**CART, "mode": "best"}))
    assert best.details["refused"] == [{"coupon": gold, "reason": "wrong_tier"}]
    assert best.details["saved_minor"] == 1000


def test_held_and_used_both_count_and_what_is_given_back_counts_no_more(till: Counter) -> None:
    first, second, third = (till.coupon("ten") for _ in range(3))
    till.tell(till.hold("h1", first, second))
    assert till.refused(till.hold("h2", third)) == "member_limit"
    till.tell(c.Release(**till.common(), code="h1"))
    till.tell(till.hold("h3", third))
    other = [till.coupon("ten", member="m2") for _ in range(2)]
    assert till.refused(till.hold("h4", *other, first, member="m2")) == "coupon_of_other_member"
    till.tell(till.hold("h5", *other, member="m2"))
    assert budget("small") == (3000, 0)
    assert till.refused(till.hold("h6", first)) == "budget_used_up"


def test_a_campaign_gives_no_more_than_its_total(till: Counter) -> None:
    codes = [till.coupon("last", member=member) for member in ("m1", "m1", "m2")]
    till.tell(till.hold("h1", codes[0]))
    till.tell(till.hold("h2", codes[2], member="m2"))
    assert till.refused(till.hold("h3", codes[1])) == "campaign_limit"
    till.tell(c.Release(**till.common(), code="h2"))
    till.tell(till.hold("h4", codes[1]))
    assert budget("count:last") == (2, 0)


def test_a_hold_that_timed_out_frees_coupon_and_budget_without_any_job(till: Counter) -> None:
    codes = [till.coupon("ten") for _ in range(2)]
    till.tell(till.hold("h1", *codes))
    mine = [till.coupon("ten", member="m2") for _ in range(2)]
    assert till.refused(till.hold("h2", *mine, member="m2")) == "budget_used_up"
    till.now += timedelta(seconds=901)
    till.tell(till.hold("h3", *mine, member="m2"))
    assert budget("small") == (2000, 0)
    till.now += timedelta(seconds=901)
    till.tell(till.hold("h4", codes[0]))
    assert budget("small") == (1000, 0)
    assert till.refused(c.Release(**till.common(), code="h1")) == "hold_unknown"


def test_a_whole_refund_gives_coupons_back_where_the_campaign_says_so(till: Counter) -> None:
    ten, five = till.coupon("ten"), till.coupon("five")
    order = c.OrderRef("pos", "o1")
    used = till.tell(p.UseCoupons(**till.common(), member="m1", order=order, coupons=(ten, five), cart=CART))
    assert used.details["saved_minor"] == 1500 and budget("small") == (0, 1000)
    till.buy("o1", 28500)
    till.refund("o1", 28499)
    assert budget("small") == (0, 1000)
    whole = till.refund("o1", 1)
    assert whole.details["coupons_back"] == [ten]
    assert budget("small") == (0, 0)
    assert dict(rows("select code, state from loyalty_coupon")) == {ten: "issued", five: "used"}


def test_a_coupon_ends_with_its_local_day_and_void_is_for_ever(till: Counter) -> None:
    code = till.coupon("ten")
    till.now = datetime(2026, 7, 1, 15, 59, 59, tzinfo=UTC)
    till.tell(till.hold("h1", code))
    till.now += timedelta(seconds=1)
    till.tell(c.Release(**till.common(), code="h1"))
    assert till.refused(till.hold("h2", code)) == "coupon_expired"
    other = till.coupon("five")
    till.tell(p.VoidCoupon(**till.common(), member="m1", coupon=other.lower(), reason="printed wrong"))
    assert till.refused(till.hold("h3", other)) == "coupon_void"
    assert till.refused(p.VoidCoupon(**till.common(), member="m1", coupon=other)) == "coupon_spent"
    assert till.refused(p.VoidCoupon(**till.common(), member="m2", coupon=code)) == "coupon_unknown"
    own = p.IssueCoupon(**till.common(), member="m1", campaign="five", coupon="HELLO", expires_on=date(2026, 7, 3))
    assert str(till.tell(own).details["expires_at"]).startswith("2026-07-03T16:00")
    assert till.refused(p.IssueCoupon(**till.common(), member="m2", campaign="five", coupon="HELLO")) == "coupon_known"
    assert till.refused(p.IssueCoupon(**till.common(), member="m2", campaign="nothing")) == "campaign_unknown"


def test_a_repeat_is_answered_the_same_and_does_nothing(till: Counter) -> None:
    hold = till.hold("h1", till.coupon("ten"))
    assert till.tell(hold) == till.tell(hold)
    assert budget("small") == (1000, 0)
    issue = p.IssueCoupon(**till.common(), member="m1", campaign="five")
    assert till.tell(issue).details == till.tell(issue).details
    assert rows("select count(*) from loyalty_coupon") == [(2,)]


def test_benefits_are_booked_used_and_cancelled_within_their_quota(till: Counter) -> None:
    till.buy("o1", 150000)  # silver

    def book(**more: str) -> p.BookBenefit:
        return p.BookBenefit(**till.common(), member="m1", benefit="reservation", **more)

    first = till.tell(book(store="S1", associate="王"))
    assert till.refused(book()) == "quota_used"
    till.tell(p.CancelBenefit(**till.common(), member="m1", booking=int(str(first.details["booking"]))))
    second = till.tell(book())
    number = int(str(second.details["booking"]))
    wrong = p.UseBenefit(**till.common(), member="m1", benefit="care", booking=number)
    assert till.refused(wrong) == "booking_unknown"
    used = till.tell(p.UseBenefit(**till.common(), member="m1", benefit="reservation", booking=number))
    assert used.details["cost_minor"] == 500
    assert till.refused(p.CancelBenefit(**till.common(), member="m1", booking=number)) == "booking_unknown"
    assert till.refused(p.UseBenefit(**till.common(), member="m1", benefit="reservation")) == "booking_needed"
    assert till.refused(p.UseBenefit(**till.common(), member="m2", benefit="care")) == "benefit_locked"
    till.buy("o2", 400000)  # gold: two reservations a month, one of them used
    till.tell(book())
    assert till.refused(book()) == "quota_used"
    states = rows("select state, cost_minor from loyalty_benefituse order by id")
    assert states == [("cancelled", 0), ("used", 500), ("booked", 0)]


def test_a_merge_carries_quotas_coupons_and_limits(till: Counter) -> None:
    till.buy("o1", 150000)
    code = till.coupon("ten")
    till.tell(till.hold("h1", till.coupon("ten"), till.coupon("ten")))
    till.tell(p.BookBenefit(**till.common(), member="m1", benefit="reservation"))
    till.tell(c.Merge(**till.common(), kept="m2", other="m1"))
    assert till.refused(p.BookBenefit(**till.common(), member="m2", benefit="reservation")) == "quota_used"
    assert till.refused(till.hold("h2", code, member="m2")) == "member_limit"
    till.tell(c.Release(**till.common(), code="h1"))
    assert till.tell(till.hold("h3", code, member="m2")).details["saved_minor"] == 1000
    till.tell(c.Split(**till.common(), member="m1"))
    assert till.refused(p.BookBenefit(**till.common(), member="m2", benefit="reservation")) == "benefit_locked"


def at_once(makers: list[Callable[[], c.Command]]) -> list[Answer | ShukeError]:
    """All commands at the same moment, each on a thread and a connection of its own."""
    found: list[Answer | ShukeError] = []
    gate = threading.Barrier(len(makers))
    commands = [make() for make in makers]

    def one(command: c.Command) -> None:
        gate.wait()
        try:
            found.extend(write(SYSTEM, commands=[command], now=NOW))
        finally:
            places.let_go()
            connection.close()

    threads = [threading.Thread(target=one, args=(command,)) for command in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_tills_cannot_use_the_last_quota_or_the_same_coupon_twice(till: Counter) -> None:
    till.buy("o1", 150000)
    for _ in range(3):
        both = at_once([lambda: p.UseBenefit(**till.common(), member="m1", benefit="care")] * 2)
        assert sum(isinstance(answer, Answer) for answer in both) <= 1
    assert rows("select count(*) from loyalty_benefituse") == [(1,)]
    code = till.coupon("five")
    held = at_once([lambda number=number: till.hold(f"h{number}", code) for number in range(4)])
    assert sum(isinstance(answer, Answer) for answer in held) == 1


def test_a_budget_is_never_overdrawn_by_many_tills(till: Counter) -> None:
    members = [f"n{number}" for number in range(6)]
    till.enrol(*members)
    codes = {member: till.coupon("ten", member=member) for member in members}
    found = at_once([
        lambda member=member: till.hold(f"h{member}", codes[member], member=member) for member in members
    ])  # fmt: skip
    assert sum(isinstance(answer, Answer) for answer in found) == 3
    assert budget("small") == (3000, 0)
    codes_of = [getattr(answer, "code", "") for answer in found if not isinstance(answer, Answer)]
    assert codes_of == ["budget_used_up"] * 3
