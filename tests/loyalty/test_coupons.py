"""Pricing with coupons: by example, and by properties against every subset tried by brute force."""

from dataclasses import replace
from datetime import date
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.loyalty.rules import coupons
from shuke.loyalty.rules.coupons.codes import ALPHABET, plain_code
from shuke.loyalty.values.coupons import (
    Campaign,
    Cart,
    CartLine,
    CouponKind,
    Group,
    InHand,
    Limits,
    Mode,
    Priced,
    Refused,
    Scope,
)
from shuke.loyalty.values.perks import Perks

TODAY = date(2026, 6, 1)
CART = Cart(
    (CartLine("A", 10000, category="tops", cost_minor=4000), CartLine("B", 5000, category="bags", cost_minor=4500)),
    store="S1",
    channel="pos",
    freight_minor=1000,
)
AMOUNT, PERCENT, GIFT, SHIPPING = CouponKind


def campaign(code: str, kind: CouponKind = AMOUNT, **rules: object) -> Campaign:
    return replace(Campaign(code, code, code, kind), **rules)


def priced(*campaigns: Campaign, cart: Cart = CART, mode: Mode = Mode.ALL, **more: object) -> Priced:
    """The cart with one coupon of each campaign, named as it."""
    groups = {"one": Group("one"), "two": Group("two", at_most=2), "lone": Group("lone", without=frozenset({"two"}))}
    perks = Perks(campaigns={rules.code: rules for rules in campaigns}, groups=groups)
    hand = [InHand(rules.code, rules.code) for rules in campaigns]
    return coupons.price(
        cart,
        coupons=hand,
        perks=perks,
        limits=Limits(**more),
        today=TODAY,
        mode=mode,
    )


def test_percent_goes_on_what_is_left_half_up_to_the_cent() -> None:
    first = campaign("a", amount_minor=4995, priority=1)
    tenth = campaign("b", PERCENT, percent_thousandths=100, priority=2)
    both = priced(tenth, first)
    assert [given.discount_minor for given in both.given] == [4995, 1001]  # 10005 x 10 % = 1000.5, half up
    turned = priced(replace(tenth, priority=0), first)
    assert [given.discount_minor for given in turned.given] == [1500, 4995]
    assert both.total_minor == 10005 - 1001 + 1000


def test_priority_then_code_decides_the_order() -> None:
    found = priced(
        campaign("b", amount_minor=1), campaign("a", amount_minor=1), campaign("c", amount_minor=1, priority=1)
    )
    assert [given.code for given in found.given] == ["c", "a", "b"]


def test_caps_gifts_and_freight() -> None:
    cap = priced(campaign("p", PERCENT, percent_thousandths=500, cap_minor=2000))
    assert cap.given[0].discount_minor == 2000
    gift = priced(campaign("g", GIFT, gift_sku="SAMPLE", gift_value_minor=1900, gift_cost_minor=600))
    assert (gift.total_minor, gift.given[0].gift_sku, gift.given[0].cost_minor) == (16000, "SAMPLE", 600)
    free = priced(campaign("f", SHIPPING), campaign("f2", SHIPPING))
    assert free.refused == (("f2", Refused.NOTHING_LEFT),) and free.total_minor == 16000
    assert priced(campaign("f", SHIPPING, cap_minor=300)).freight_minor == 700


def test_never_below_nothing() -> None:
    found = priced(campaign("a", amount_minor=99999), campaign("b", amount_minor=1, priority=200), mode=Mode.BEST)
    assert found.lines_minor == (0, 0) and found.total_minor == 1000
    assert found.refused == (("b", Refused.NOTHING_LEFT),)


@pytest.mark.parametrize(
    ("rules", "more", "reason"),
    [
        ({"scope": Scope(stores=frozenset({"S2"}))}, {}, Refused.STORE),
        ({"scope": Scope(channels=frozenset({"tmall"}))}, {}, Refused.CHANNEL),
        ({"scope": Scope(tiers=frozenset({"gold"}))}, {"tier": "silver"}, Refused.TIER),
        ({"scope": Scope(products=frozenset({"Z"}))}, {}, Refused.SCOPE),
        ({"scope": Scope(without_categories=frozenset({"tops", "bags"}))}, {}, Refused.SCOPE),
        ({"least_minor": 15001}, {}, Refused.LEAST),
        ({"currency": "USD"}, {}, Refused.CURRENCY),
        ({"since": date(2026, 6, 2)}, {}, Refused.CAMPAIGN_OVER),
        ({"until": date(2026, 5, 31)}, {}, Refused.CAMPAIGN_OVER),
        ({"budget": "b"}, {"budgets": {"b": 999}}, Refused.BUDGET),
        ({}, {"uses": {"x": 0}}, Refused.MEMBER_LIMIT),
        ({"margin_floor": 400}, {}, Refused.MARGIN),  # 14000 paid, 8500 cost: 39.2 %
    ],
)
def test_each_refusal_has_its_reason(rules: dict[str, object], more: dict[str, object], reason: Refused) -> None:
    found = priced(campaign("x", amount_minor=1000, **rules), **more)
    assert found.refused == (("x", reason),) and not found.given and found.total_minor == 16000


def test_bounds_themselves_are_allowed() -> None:
    found = priced(
        campaign("x", amount_minor=1000, margin_floor=392, budget="b", until=TODAY, least_minor=15000),
        budgets={"b": 1000},
        uses={"x": 1},
    )
    assert not found.refused and found.given[0].cost_minor == 1000


def test_a_margin_that_cannot_be_known_is_refused() -> None:
    unknown = replace(CART, lines=(CartLine("A", 10000), *CART.lines[1:]))
    found = priced(campaign("x", amount_minor=1000, margin_floor=1), cart=unknown)
    assert found.refused == (("x", Refused.COST),)


def test_groups_exclude_and_stack() -> None:
    one = priced(campaign("a", amount_minor=1, group="one"), campaign("b", amount_minor=2, group="one"))
    assert one.refused == (("b", Refused.GROUP),) and not one.given
    three = [campaign(code, amount_minor=1, group="two") for code in "abc"]
    assert priced(*three).refused == (("c", Refused.GROUP),)
    apart = priced(campaign("a", amount_minor=1, group="two"), campaign("b", amount_minor=1, group="lone"))
    assert apart.refused == (("b", Refused.GROUP),)
    turned = priced(campaign("b", amount_minor=1, group="two"), campaign("a", amount_minor=1, group="lone"))
    assert turned.refused == (("b", Refused.GROUP),)
    alone = priced(campaign("a", amount_minor=1, is_alone=True), campaign("b", amount_minor=1))
    assert alone.refused == (("b", Refused.ALONE),)


def test_all_or_nothing_gives_nothing_and_the_best_subset_gives_the_most() -> None:
    small, large = campaign("a", amount_minor=100, group="one"), campaign("b", amount_minor=900, group="one")
    assert priced(small, large).saved_minor == 0
    best = priced(small, large, mode=Mode.BEST)
    assert [given.code for given in best.given] == ["b"] and best.refused == (("a", Refused.NOT_BEST),)


def test_the_same_code_twice_counts_once() -> None:
    perks = Perks(campaigns={"x": campaign("x", amount_minor=100)})
    hand = [InHand("c1", "x"), InHand("c1", "x")]
    found = coupons.price(CART, coupons=hand, perks=perks, limits=Limits(), today=TODAY, mode=Mode.BEST)
    assert found.saved_minor == 100 and found.refused == (("c1", Refused.TWICE),)


def test_too_many_for_an_exact_search_is_said() -> None:
    many = [campaign(f"c{number}", amount_minor=1) for number in range(coupons.MOST + 1)]
    with pytest.raises(coupons.TooManyCoupons):
        priced(*many, mode=Mode.BEST)
    assert len(priced(*many).given) == coupons.MOST + 1


LINES = st.builds(
    CartLine,
    sku=st.sampled_from("ABC"),
    amount_minor=st.integers(0, 3000),
    category=st.sampled_from(["", "tops"]),
    cost_minor=st.none() | st.integers(0, 2000),
)
CARTS = st.builds(Cart, lines=st.lists(LINES, min_size=1, max_size=4).map(tuple), freight_minor=st.integers(0, 900))
RULES = st.builds(
    Campaign,
    code=st.just(""),
    zh=st.just(""),
    en=st.just(""),
    kind=st.sampled_from(CouponKind),
    amount_minor=st.integers(1, 2500),
    percent_thousandths=st.integers(1, 1000),
    cap_minor=st.sampled_from([0, 300]),
    gift_value_minor=st.sampled_from([0, 500]),
    least_minor=st.sampled_from([0, 1000, 2500]),
    scope=st.sampled_from([Scope(), Scope(products=frozenset("A")), Scope(without_categories=frozenset({"tops"}))]),
    priority=st.integers(1, 3),
    group=st.sampled_from(["", "one", "two", "lone"]),
    is_alone=st.booleans(),
    margin_floor=st.sampled_from([None, None, 100]),
    budget=st.sampled_from(["", "b"]),
)
SETS = st.lists(RULES, max_size=5).map(
    lambda rules: tuple(replace(each, code=f"c{number}") for number, each in enumerate(rules))
)
BUDGET = st.integers(0, 4000).map(lambda left: {"b": left})


@settings(max_examples=150, deadline=None)
@given(cart=CARTS, rules=SETS, budgets=BUDGET, mode=st.sampled_from(Mode))
def test_money_is_whole_exact_and_never_below_nothing(
    cart: Cart, rules: tuple[Campaign, ...], budgets: dict[str, int], mode: Mode
) -> None:
    found = priced(*rules, cart=cart, mode=mode, budgets=budgets)
    assert all(amount >= 0 for amount in found.lines_minor) and found.freight_minor >= 0
    whole = sum(line.amount_minor for line in cart.lines) + cart.freight_minor
    off = sum(given.discount_minor + given.freight_minor for given in found.given)
    assert found.total_minor == whole - off
    for place, line in enumerate(cart.lines):
        assert line.amount_minor - found.lines_minor[place] == sum(given.by_line[place] for given in found.given)
    paid = sum(given.cost_minor for given in found.given if rules[int(given.code[1:])].budget)
    assert paid <= budgets["b"]
    assert (
        sorted([given.code for given in found.given] + [code for code, _ in found.refused])
        == sorted(each.code for each in rules)
        or mode is Mode.ALL
    )


@settings(max_examples=120, deadline=None)
@given(cart=CARTS, rules=SETS, budgets=BUDGET)
def test_best_is_at_least_every_subset(cart: Cart, rules: tuple[Campaign, ...], budgets: dict[str, int]) -> None:
    best = priced(*rules, cart=cart, mode=Mode.BEST, budgets=budgets)
    worth = [
        found.saved_minor
        for size in range(len(rules) + 1)
        for some in combinations(rules, size)
        if not (found := priced(*some, cart=cart, budgets=budgets)).refused
    ]
    assert best.saved_minor == max(worth)


@settings(max_examples=40, deadline=None)
@given(cart=CARTS, rules=SETS.filter(lambda rules: len(rules) <= 4), mode=st.sampled_from(Mode))
def test_the_order_of_input_does_not_matter(cart: Cart, rules: tuple[Campaign, ...], mode: Mode) -> None:
    first = priced(*rules, cart=cart, mode=mode)
    for some in permutations(rules):
        assert priced(*some, cart=cart, mode=mode) == first
    turned = replace(cart, lines=tuple(reversed(cart.lines)))
    assert priced(*rules, cart=turned, mode=mode).total_minor == first.total_minor


@given(off=st.integers(0, 10**9), left=st.lists(st.integers(0, 10**9), min_size=1, max_size=8))
def test_a_spread_is_exact_fair_and_in_bounds(off: int, left: list[int]) -> None:
    off = min(off, sum(left))
    parts = coupons.spread(off, left=left, places=range(len(left)), names=["x"] * len(left))
    assert sum(parts) == off
    assert all(0 <= part <= amount for part, amount in zip(parts, left, strict=True))
    assert all(
        abs(part * sum(left) - off * amount) < max(1, sum(left)) for part, amount in zip(parts, left, strict=True)
    )


@given(
    numbers=st.lists(st.integers(0, 29), min_size=15, max_size=15), place=st.integers(0, 15), other=st.integers(0, 15)
)
def test_codes_catch_slips(numbers: list[int], place: int, other: int) -> None:
    code = coupons.make_code(numbers)
    assert len(code) == 16 and coupons.is_code(code) and not set("1ILOU") & set(code)
    assert coupons.is_code(f"{code[:4]}-{code[4:8]} {code[8:]}".lower()) and plain_code(code.lower()) == code
    for sign in ALPHABET:
        slip = code[:place] + sign + code[place + 1 :]
        assert coupons.is_code(slip) == (slip == code)
    swapped = list(code)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    assert coupons.is_code("".join(swapped)) == ("".join(swapped) == code)
