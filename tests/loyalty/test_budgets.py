"""Random lives of coupons on a shelf: whatever happens, budgets and counts are the sums of the coupons themselves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.loyalty.rules import budgets, counter
from shuke.loyalty.rules.refusals import Refusal
from shuke.loyalty.values import commands as c
from shuke.loyalty.values import perk_commands as p
from shuke.loyalty.values.coupons import Campaign, CouponKind
from shuke.loyalty.values.ledger import Hold, Programme
from shuke.loyalty.values.perks import Perks
from shuke.loyalty.values.shelf import BudgetRow, Shelf, Who

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
CAMPAIGNS = {
    "ten": Campaign("ten", "", "", CouponKind.AMOUNT, amount_minor=1000, budget="b", per_member=2),
    "share": Campaign("share", "", "", CouponKind.PERCENT, percent_thousandths=100, budget="b", is_returned=False),
    "few": Campaign("few", "", "", CouponKind.AMOUNT, amount_minor=300, total=3),
    "gift": Campaign("gift", "", "", CouponKind.GIFT, gift_sku="G", gift_cost_minor=0, budget="b", total=2),
}
PROGRAMME = Programme(perks=Perks(campaigns=CAMPAIGNS, budgets={"b": 3500}))
GROUPS = {1: (1, 3), 2: (2,), 3: (1, 3)}
CODES = tuple(f"{campaign}{number}" for campaign in CAMPAIGNS for number in range(3))


class Life:
    """A shelf with three coupons of each campaign, and the holds that are open."""

    def __init__(self) -> None:
        self.shelf = Shelf(PROGRAMME, NOW, NOW.date())
        self.shelf.budgets = {
            code: BudgetRow(number, code, budgets.limit_of(code, programme=PROGRAMME))
            for number, code in enumerate(("b", "count:few", "count:gift"), start=1)
        }
        self.shelf.coupon_ids = count(1)
        self.holds: dict[int, Hold] = {}
        self.numbers = count(1)
        for code in CODES:
            self.do(self.command(p.IssueCoupon, campaign=code[:-1], coupon=code), account=1)
            coupon = self.shelf.coupons[code]
            self.shelf.coupons[code] = replace(coupon, account=None)

    def command(self, kind: type, **fields: object) -> c.Command:
        key = f"k{next(self.numbers)}"
        made: c.Command = kind(client="t", key=key, at=self.shelf.now, member="m", **fields)
        return made

    def do(self, command: c.Command, *, account: int, hold: Hold | None = None, is_whole: bool = False) -> bool:
        who = Who(account, GROUPS[account], "basic", next(self.numbers))
        try:
            change = counter.decide(self.shelf, command, who=who, hold=hold, is_whole=is_whole)
        except Refusal as refusal:
            counter.refuse(self.shelf, command, error=refusal, account=account)
            return False
        counter.apply(self.shelf, change)
        return True

    def hold(self, account: int, codes: tuple[str, ...], mode: str) -> None:
        number = next(self.numbers)
        made = Hold(number, f"h{number}", account, 0, (), self.shelf.now + timedelta(minutes=15), 1, coupons=codes)
        cart = {"lines": [{"sku": "A", "amount_minor": 9000}], "mode": mode}
        command = self.command(c.Hold, code=made.code, points=0, coupons=codes, cart=cart)
        if self.do(command, account=account, hold=made):
            held = tuple(code for code in codes if self.shelf.coupons[code].hold == number)
            self.holds[number] = replace(made, coupons=held)

    def end(self, account: int, capture: bool) -> None:
        if not self.holds:
            return
        hold = self.holds.pop(min(self.holds))
        common = {"client": "t", "key": f"k{next(self.numbers)}", "at": self.shelf.now, "code": hold.code}
        if capture:
            order = c.OrderRef("pos", f"o{hold.id}")
            self.do(c.Capture(**common, order=order, total_minor=1, currency="CNY"), account=account, hold=hold)
        else:
            self.do(c.Release(**common), account=account, hold=hold)

    def refund(self) -> None:
        for source, no in sorted(self.shelf.by_order)[:1]:
            order = c.OrderRef(source, no)
            command = c.RefundOrder(client="t", key="r", at=NOW, order=order, refunded_minor=1, currency="CNY")
            self.do(command, account=1, is_whole=True)

    def wait(self) -> None:
        self.shelf.now += timedelta(minutes=16)
        # What the next transaction finds: counts without holds that are over.
        for coupon in self.shelf.coupons.values():
            over = coupon.state == "held" and coupon.held_until is not None and coupon.held_until <= self.shelf.now
            if over and coupon.account is not None:
                self.shelf.counts[(coupon.account, coupon.campaign)] -= 1
        counter.settle(self.shelf)
        self.holds.clear()

    def check(self) -> None:
        rows = list(self.shelf.coupons.values())
        for code, row in self.shelf.budgets.items():
            mine = [each for each in rows if code in budgets.budgets_of(CAMPAIGNS[each.campaign])]
            sizes = [(each.state, 1 if code.startswith("count:") else each.held_minor) for each in mine]
            assert row.reserved == sum(size for state, size in sizes if state == "held"), code
            assert row.used == sum(size for state, size in sizes if state == "used"), code
            assert row.reserved + row.used <= row.limit == budgets.limit_of(code, programme=PROGRAMME)
        counted = {key: number for key, number in self.shelf.counts.items() if number}
        live = [(row.account, row.campaign) for row in rows if row.state in ("held", "used")]
        assert counted == {key: live.count(key) for key in live}
        for accounts in set(GROUPS.values()):
            assert sum(counted.get((account, "ten"), 0) for account in accounts) <= 2


STEPS = st.one_of(
    st.tuples(
        st.just("hold"),
        st.integers(1, 3),
        st.lists(st.sampled_from(CODES), min_size=1, max_size=4, unique=True).map(tuple),
        st.sampled_from(["all", "best"]),
    ),
    st.tuples(st.just("end"), st.integers(1, 3), st.booleans()),
    st.tuples(st.just("refund")),
    st.tuples(st.just("wait")),
)


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(STEPS, max_size=25))
def test_budgets_and_counts_are_the_sums_of_the_coupons(steps: list[tuple[object, ...]]) -> None:
    life = Life()
    for name, *rest in steps:
        getattr(life, str(name))(*rest)
        life.check()


def test_each_change_and_each_refusal_leaves_an_event() -> None:
    life = Life()
    life.hold(1, ("ten0",), "all")
    life.hold(2, ("ten0",), "all")
    life.end(1, capture=True)
    life.refund()
    kinds = [(event.kind, event.reason) for event in life.shelf.events[len(CODES) :]]
    assert kinds == [("held", ""), ("refused", "coupon_of_other_member"), ("used", ""), ("released", "refund")]
    assert life.shelf.budgets["b"].left == 3500


def test_a_limit_that_was_lowered_gives_nothing_more_and_breaks_nothing() -> None:
    row = BudgetRow(1, "b", limit=500, reserved=300, used=400)
    assert row.left == 0
    after = budgets.moved(row, reserved=-300, used=300)
    assert (after.reserved, after.used, after.limit) == (0, 700, 700)


@pytest.mark.parametrize(
    ("campaign", "cost", "expected"),
    [
        ("ten", 1000, {"b": (1000, 0)}),
        ("few", 300, {"count:few": (1, 0)}),
        ("gift", 0, {"b": (0, 0), "count:gift": (1, 0)}),
    ],
)
def test_what_a_hold_moves(campaign: str, cost: int, expected: dict[str, tuple[int, int]]) -> None:
    assert budgets.moves(CAMPAIGNS[campaign], cost=cost, reserved=1) == expected
