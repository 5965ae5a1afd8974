"""What a key reads of a member, and the back office: adjustments by two, webhooks, the description."""

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shuke.access.actions import create_user
from shuke.api.access import ring
from shuke.api.loyalty.bodies import DEEDS
from shuke.api.loyalty.desk import desk
from shuke.kernel.actor import SYSTEM, Role
from shuke.kernel.clock import utc_now
from shuke.loyalty.models import Txn
from shuke.procedures.manage_people import add_client
from tests.api.loyalty import BASE, Told, django_door, earn_body
from tests.engines import Engine


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    ring.forget()
    yield
    desk.close()


@pytest.fixture
def till(engine: Engine) -> str:
    """A key that writes, and M1 with three purchases of 100, 200 and 300 yuan of which 50 points were spent."""
    key = add_client(SYSTEM, name="till", scopes=["loyalty:write"])
    django_door("enrol", key=key, idem="e", body={"member": "M1"})
    for n in (1, 2, 3):
        django_door("earn", key=key, idem=f"k{n}", body=earn_body(str(n), minor=n * 10_000))
    spent = {
        "member": "M1",
        "points": 50,
        "order": {"source": "pos", "no": "9"},
        "total_minor": 9_000,
        "currency": "CNY",
    }
    assert django_door("burn", key=key, idem="b", body=spent).status == 200
    return key


def get(path: str, key: str) -> Told:
    """A GET with a key."""
    return django_door(path, key=key)


def test_balance_at_any_time_with_what_explains_it(till: str) -> None:
    now = get("members/M1/balance?explain=true", till).document
    assert now["balance"] == {"available": 550, "pending": 0, "held": 0, "owed": 0, "expired": 0}
    signs = {("issued", "free"): 1, ("free", "burned"): -1}
    assert sum(signs[one["source"], one["target"]] * one["points"] for one in now["entries"]) == 550
    second = Txn.objects.filter(kind="earn").order_by("id")[1].recorded_at
    then = get(f"members/M1/balance?at={second:%Y-%m-%dT%H:%M:%S.%fZ}", till).document
    assert then["balance"]["available"] == 300 and then["entries"] == []
    later = utc_now() + timedelta(days=800)
    over = get(f"members/M1/balance?at={later:%Y-%m-%dT%H:%M:%SZ}", till).document["balance"]
    assert (over["available"], over["expired"]) == (0, 550)
    assert get("members/M1", till).document["balance"] == now["balance"]


def test_a_statement_in_pages_is_one_list(till: str) -> None:
    whole = get("members/M1/statement", till).document
    assert [line["points"] for line in whole] == [-50, 300, 200, 100]
    assert [line["balance_after"] for line in whole] == [550, 600, 300, 100]
    pages, before = [], ""
    while page := get(f"members/M1/statement?limit=1{before}", till).document:
        pages += page
        before = f"&before={page[-1]['txn']}"
    assert pages == whole


def test_next_expiry_tier_benefits_and_coupons(till: str) -> None:
    [ends] = get("members/M1/expiry", till).document
    assert ends["points"] == 550
    tier = get("members/M1/tier", till).document
    assert (tier["tier"], tier["growth_12m"], tier["next_tier"], tier["needed"]) == ("basic", 600, "silver", 400)
    assert tier["how"] and all(one["growth"] > 0 for one in tier["how"])
    benefits = get("members/M1/benefits", till).document
    assert benefits and all(one["left"] <= max(one["quota"], one["left"]) for one in benefits)
    assert get("members/M1/coupons", till).document == []


def test_who_reads_whom(till: str, settings: Any) -> None:
    for path in ("", "/balance", "/statement", "/expiry", "/tier", "/benefits", "/coupons"):
        unknown = get(f"members/nobody{path}", till)
        assert (unknown.status, unknown.document["code"]) == (404, "unknown_member"), path
        numbers = add_client(SYSTEM, name=f"n{path}", scopes=["metrics:read"])
        assert get(f"members/M1{path}", numbers).status == 403
        assert Client().get(f"{BASE}members/M1{path}").status_code == 401
    reader = add_client(SYSTEM, name="reader", scopes=["loyalty:read"], stores=["滨江店"])
    assert get("members/M1", reader).status == 200  # who shows a card at the counter is served
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    manager, _ = create_user(SYSTEM, username="m", name="店长", role=Role.MANAGER, stores=["武林店"])
    analyst, _ = create_user(SYSTEM, username="a", name="a", role=Role.ANALYST)
    for user, status in ((manager, 404), (analyst, 403)):
        browser = Client()
        browser.force_login(user)
        assert browser.get(f"{BASE}members/M1").status_code == status


@pytest.mark.parametrize(
    "query", ["balance?at=now", "balance?at=2026-01-01T00:00:00", "statement?limit=x", "expiry?days=1.5"]
)
def test_parameters_that_are_none(query: str, till: str) -> None:
    told = get(f"members/M1/{query}", till)
    assert (told.status, told.document["code"]) == (422, "bad_parameter") and told.document["error"]


def test_an_adjustment_needs_a_second_key(till: str) -> None:
    first, second = (add_client(SYSTEM, name=name, scopes=["loyalty:admin"]) for name in ("one", "two"))
    asked = {"member": "M1", "points": -50, "reason": "booked twice"}
    assert django_door("adjustments", key=till, body=asked).status == 403
    number = django_door("adjustments", key=first, body=asked).document["id"]
    [waiting] = get("adjustments?state=asked", first).document
    assert (waiting["id"], waiting["member"], waiting["asked_by"]) == (number, "M1", "one")
    own = django_door(f"adjustments/{number}/approve", key=first, body={})
    assert (own.status, own.document["code"]) == (409, "not_own")
    done = django_door(f"adjustments/{number}/approve", key=second, body={})
    assert (done.status, done.document["points"], done.document["balance"]["available"]) == (200, -50, 500)
    again = django_door(f"adjustments/{number}/approve", key=second, body={})
    assert (again.status, again.document["code"]) == (404, "adjustment_unknown")
    for bad in ({**asked, "points": 0}, {**asked, "points": 1.5}, {**asked, "reason": ""}, {**asked, "x": 1}):
        assert django_door("adjustments", key=first, body=bad).status in (400, 409)


def test_webhooks_are_set_up_by_an_admin_key(till: str) -> None:
    admin = add_client(SYSTEM, name="admin", scopes=["loyalty:admin"])
    body = {"url": "https://shop.example/hooks", "kinds": ["loyalty.*"]}
    assert django_door("webhooks", key=till, body=body).status == 403
    made = django_door("webhooks", key=admin, body=body).document
    assert made["secret"].startswith("whsec_")
    [shown] = get("webhooks", admin).document
    assert (shown["url"], shown["kinds"]) == (body["url"], ["loyalty.*"]) and "secret" not in shown
    renewed = django_door(f"webhooks/{made['id']}/secret", key=admin, body={}).document["secret"]
    assert renewed != made["secret"]
    assert django_door(f"webhooks/{made['id']}/disable", key=admin, body={}).status == 200
    assert get("webhooks", admin).document[0]["disabled_reason"] == "by_hand"
    assert django_door(f"webhooks/{made['id']}/enable", key=admin, body={}).status == 200
    assert get(f"webhooks/{made['id']}/deliveries", admin).document == []
    for url in ("http://shop.example/", "https://u:p@shop.example/", "file:///etc/passwd", ""):
        assert django_door("webhooks", key=admin, body={**body, "url": url}).status == 400
    for path in ("webhooks/999/disable", "webhooks/deliveries/999/replay"):
        assert django_door(path, key=admin, body={}).status == 404


def test_every_body_has_the_fields_of_its_command() -> None:
    for deed, body in DEEDS.items():
        assert set(body.model_fields) == {field.name for field in fields(body.makes)} - {"client", "key"}, deed


def test_every_write_is_described_with_an_example(engine: Engine) -> None:
    if engine.kind == "postgresql":
        pytest.skip("the description is the same on both")
    described = Client().get("/api/v1/openapi.json").json()
    for deed, body in DEEDS.items():
        operation = described["paths"][BASE + deed]["post"]
        content = operation["requestBody"]["content"]["application/json"]
        assert "$ref" not in str(content["schema"]), deed
        assert body.model_validate_json(json.dumps(content["example"]))
        assert "Idempotency-Key" in str(operation["parameters"])
        assert {"200", "400", "401", "403", "404", "409", "429"} <= set(operation["responses"])
        assert operation["description"]
    for path, methods in described["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path


def test_a_claim_that_nothing_fits_tells_nothing(till: str) -> None:
    claim = {"member": "M1", "order_no": "8812", "amount_minor": 4200}
    told = django_door("claim", key=till, body=claim)
    assert (told.status, told.document["code"]) == (409, "not_claimable")
    assert django_door("claim", key=till, body={**claim, "amount_minor": "4200"}).status == 400


def test_days_are_closed_by_who_sees_finance(till: str) -> None:
    office = add_client(SYSTEM, name="office", scopes=["loyalty:admin"])
    assert get("days", till).status == 403 and django_door("days", key=till, body={}).status == 403
    [closed] = django_door("days", key=office, body={}).document
    assert get("days", office).document == [closed]
    assert django_door("days", key=office, body={}).document == []


def test_a_cart_is_priced_without_effect(till: str) -> None:
    cart = {"lines": [{"sku": "MUG", "amount_minor": 10_000}], "currency": "CNY"}
    told = django_door("coupons/price", key=till, body={"member": "M1", "coupons": ["NOSUCHCODE"], "cart": cart})
    assert told.status == 200, told
    assert told.document["total_minor"] == 10_000 and told.document["given"] == []
    assert told.document["refused"] == [{"code": "NOSUCHCODE", "reason": "coupon_unknown"}]
    for bad in ({"lines": []}, {"lines": [{"sku": "MUG"}]}, {"lines": [{"sku": "MUG", "amount_minor": 1.0}]}):
        assert django_door("coupons/price", key=till, body={"member": "M1", "coupons": [], "cart": bad}).status == 400
