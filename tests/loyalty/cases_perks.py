"""More of `cases`: coupons, their budgets and limits, and the quotas of benefits."""

from typing import Any

from shuke.loyalty.values import commands as c
from shuke.loyalty.values import perk_commands as p
from tests.loyalty.cases import case
from tests.loyalty.till import Till


class Counter(Till):
    """A till that also takes coupons and gives benefits; the cart is one line."""

    def coupon(self, member: str, campaign: str, code: str) -> str:
        asked = {"member": self.mark + member, "campaign": campaign, "coupon": self.mark + code}
        return str(self.tell(p.IssueCoupon(**self.common(), **asked)).details["coupon"])

    def checkout(self, member: str, code: str, *coupons: str, minor: int = 20_000, mode: str = "all") -> Any:
        """Holds coupons for a cart; says what there is to pay."""
        cart = {"lines": [{"sku": "A", "amount_minor": minor}], "mode": mode}
        asked = {"code": self.mark + code, "points": 0, "coupons": coupons, "cart": cart}
        return self.tell(c.Hold(**self.common(), member=self.mark + member, **asked)).details["total_minor"]

    def book(self, member: str, benefit: str) -> int:
        asked = {"member": self.mark + member, "benefit": benefit}
        return int(str(self.tell(p.BookBenefit(**self.common(), **asked)).details["booking"]))

    def cancel(self, member: str, booking: int) -> None:
        self.tell(p.CancelBenefit(**self.common(), member=self.mark + member, booking=booking))


@case("with_coupons")
def coupons_go_by_priority_and_percent_is_of_what_is_left() -> None:
    t = Counter("2027-03-05 10:00")
    t.enrol("a")
    ten, tenth, all_off = t.coupon("a", "ten", "1"), t.coupon("a", "tenth", "2"), t.coupon("a", "huge", "3")
    assert t.checkout("a", "h1", tenth, ten, minor=10_055) == 9_055 - 906
    t.release("h1")
    assert t.checkout("a", "h2", all_off, minor=300) == 0
    t.release("h2")
    with t.refused("below_least"):
        t.checkout("a", "h3", ten, minor=4_999)


@case("with_coupons")
def a_coupon_is_used_once_and_comes_back_once() -> None:
    t = Counter("2027-03-05 10:00")
    t.enrol("a", "b")
    ten = t.coupon("a", "ten", "1")
    with t.refused("coupon_of_other_member"):
        t.checkout("b", "h0", ten)
    t.checkout("a", "h1", ten)
    with t.refused("coupon_held"):
        t.checkout("a", "h2", ten)
    t.release("h1")
    t.checkout("a", "h3", ten)
    t.capture("h3", "1", total=19_000)
    with t.refused("coupon_used"):
        t.checkout("a", "h4", ten)


@case("with_coupons")
def a_hold_that_ends_lets_its_coupons_go() -> None:
    t = Counter("2027-03-05 10:00")
    t.enrol("a")
    ten = t.coupon("a", "ten", "1")
    t.checkout("a", "h1", ten)
    t.clock("2027-03-05 10:14:59")
    with t.refused("coupon_held"):
        t.checkout("a", "h2", ten)
    t.clock("2027-03-05 10:15")
    t.checkout("a", "h3", ten)


@case("with_coupons")
def held_and_used_both_count() -> None:
    t = Counter("2027-03-05 10:00")
    t.enrol("a")
    first, second = t.coupon("a", "once", "1"), t.coupon("a", "once", "2")
    t.checkout("a", "h1", first)
    with t.refused("member_limit"):
        t.checkout("a", "h2", second)
    t.capture("h1", "1", total=19_000)
    with t.refused("member_limit"):
        t.checkout("a", "h3", second)


@case("with_coupons")
def a_coupon_lasts_through_its_last_day() -> None:
    t = Counter("2027-03-05 10:00")
    t.enrol("a")
    ten = t.coupon("a", "ten", "1")
    t.clock("2027-04-04 23:59:59")
    t.checkout("a", "h1", ten)
    t.release("h1")
    t.clock("2027-04-05 00:00")
    with t.refused("coupon_expired"):
        t.checkout("a", "h2", ten)


@case("with_coupons")
def exclusive_coupons_do_not_meet() -> None:
    t = Counter("2027-03-05 10:00")
    t.enrol("a")
    alone, ten = t.coupon("a", "alone", "1"), t.coupon("a", "ten", "2")
    with t.refused("not_with_others"):
        t.checkout("a", "h1", alone, ten)
    assert t.checkout("a", "h2", alone, ten, mode="best") == 20_000 - 1_500


@case("with_tiers")
def an_upgrade_gives_the_new_quota_less_what_was_used() -> None:
    t = Counter("2027-03-05 10:00")
    t.enrol("a")
    with t.refused("benefit_locked"):
        t.book("a", "reservation")
    t.earn("a", "1", 100_000)
    t.book("a", "reservation")
    with t.refused("quota_used"):
        t.book("a", "reservation")
    t.earn("a", "2", 400_000)
    t.book("a", "reservation")
    with t.refused("quota_used"):
        t.book("a", "reservation")
    t.clock("2027-04-01 00:00")
    t.cancel("a", t.book("a", "reservation"))
    t.book("a", "reservation")
    t.book("a", "reservation")
    with t.refused("quota_used"):
        t.book("a", "reservation")
