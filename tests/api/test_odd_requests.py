"""Requests that only a clumsy or hostile program sends: refused, and nobody else is any the worse."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

import shuke
from shuke.access.actions import BadName
from shuke.access.rules import OWN_CLIENTS
from shuke.api.access import ring
from shuke.api.loyalty.desk import desk
from shuke.kernel.actor import SYSTEM
from shuke.kernel.clock import today, utc_now
from shuke.loyalty.actions import write
from shuke.loyalty.rules.coupons.choosing import TooManyCoupons, price
from shuke.loyalty.values.commands import Command, Earn, Enrol, OrderRef
from shuke.loyalty.values.coupons import Campaign, Cart, CartLine, CouponKind, InHand, Limits, Mode
from shuke.loyalty.values.ledger import Answer
from shuke.loyalty.values.perk_commands import BookBenefit
from shuke.loyalty.values.perks import Perks
from shuke.procedures.manage_people import add_client
from tests.api.loyalty import DOORS, django_door, earn_body
from tests.engines import Engine


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    ring.forget()
    yield
    desk.close()


@pytest.fixture
def admin(engine: Engine) -> str:
    """A key with every right of the programme, and M1."""
    key = add_client(SYSTEM, name="office", scopes=["loyalty:admin"])
    assert django_door("enrol", key=key, idem="e", body={"member": "M1"}).status == 200
    return key


@pytest.mark.parametrize("door", DOORS)
def test_an_instant_outside_the_calendar_spoils_no_neighbour(admin: str, door: str) -> None:
    items = [
        {"deed": "earn", "key": "k1", **earn_body("1"), "at": "0001-01-01T00:00:00+08:00"},
        {"deed": "earn", "key": "k2", **earn_body("2")},
    ]
    first, second = DOORS[door]("batch", key=admin, body={"items": items}).document["answers"]
    assert (first["status"], first["code"]) == (400, "bad_input")
    assert second["answer"]["points"] == 128


def test_an_address_with_nul_or_without_a_day_is_no_fault_of_ours(admin: str) -> None:
    asked = (
        "members/%00",
        "members/%00/balance",
        "adjustments?state=%00",
        "members/M1/balance?at=0001-01-01T00:00:00%2B08:00",
    )
    for path in asked:
        assert django_door(path, key=admin).status in (200, 404, 422), path


def test_a_coupon_until_the_end_of_the_calendar_is_for_as_long_as_its_campaign(admin: str) -> None:
    body = {"member": "M1", "campaign": "welcome", "expires_on": "9999-12-31"}
    assert django_door("coupons/issue", key=admin, idem="c", body=body).status == 200


def test_what_may_be_asked_for_can_be_approved(admin: str) -> None:
    other = add_client(SYSTEM, name="finance", scopes=["loyalty:admin"])
    asked = {"member": "M1", "points": 5, "reason": "a\x01b\u2028c"}
    number = django_door("adjustments", key=admin, body=asked).document["id"]
    assert django_door(f"adjustments/{number}/approve", key=admin, body={}).document["code"] == "not_own"
    assert django_door(f"adjustments/{number}/approve", key=other, body={}).document["points"] == 5


def test_a_program_cannot_take_a_name_of_our_own(engine: Engine) -> None:
    for name in (*OWN_CLIENTS, "Console", " till", "till\n", "", "t" * 61):
        with pytest.raises(BadName):
            add_client(SYSTEM, name=name, scopes=["loyalty:write"])


def test_every_name_of_our_own_is_known() -> None:
    folder = Path(shuke.__file__).parent
    lines = [line for path in folder.rglob("*.py") for line in path.read_text().splitlines()]
    named = {json.loads(line.partition("= ")[2]) for line in lines if line.startswith('CLIENT = "')}
    assert {"console", "claims", "shuke"} <= named <= OWN_CLIENTS


def test_a_clumsy_notebook_spoils_no_neighbour(engine: Engine) -> None:
    now, day = utc_now(), today("Asia/Shanghai")
    fine = Enrol(client="t", key="fine", at=now, member="M9")
    bought = {"member": "M9", "order": OrderRef("pos", "1"), "eligible_minor": 1, "currency": "CNY", "bought_on": day}
    made: list[Command] = [
        Earn(client="t", key="1", at=now, **{**bought, "order": cast(Any, None)}),
        Earn(client="t", key="2", at=now, **{**bought, "bought_on": cast(Any, None)}),
        *(
            Enrol(client="t", key=f"e{place}", at=now, member=f"E{place}", customer_id=cast(Any, wrong))
            for place, wrong in enumerate([2**63, -1, True, "5", 1.0])
        ),
        BookBenefit(client="t", key="3", at=now, member="M9", benefit="birthday", birthday=cast(Any, "x")),
    ]
    first, *rest = write(SYSTEM, commands=[fine, *made], now=now)
    assert isinstance(first, Answer)
    assert {getattr(one, "code", "") for one in rest} == {"bad_request"}


def test_the_best_of_many_coupons_is_bounded_by_the_cart() -> None:
    cart = Cart(tuple(CartLine(f"s{place}", 100) for place in range(500)), currency="CNY")
    camp = Campaign(code="c", zh="", en="", kind=CouponKind.PERCENT, currency="CNY", percent_thousandths=400)
    perks = replace(Perks(), campaigns={"c": camp})
    hand = [InHand(f"K{place}", "c") for place in range(10)]
    limits, day = Limits("basic", {}, {}), today("Asia/Shanghai")
    with pytest.raises(TooManyCoupons):
        price(cart, coupons=hand, perks=perks, limits=limits, today=day, mode=Mode.BEST)
    assert len(price(cart, coupons=hand[:3], perks=perks, limits=limits, today=day, mode=Mode.BEST).given) == 3
