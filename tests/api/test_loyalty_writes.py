"""Writes over HTTP: both doors answer alike, refuse alike, and a repeat is answered as the first time."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from shuke.access.actions import create_user
from shuke.api.access import ring
from shuke.api.loyalty.desk import desk
from shuke.kernel.actor import SYSTEM, Role
from shuke.loyalty.models import Txn
from shuke.outbox.models import Fact
from shuke.procedures.manage_people import add_client, close_client
from tests.api.loyalty import BASE, DOORS, Door, bare_door, django_door, earn_body
from tests.engines import Engine


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    ring.forget()
    yield
    desk.close()


@pytest.fixture(params=sorted(DOORS))
def door(request: pytest.FixtureRequest) -> Door:
    """Each door in turn."""
    return DOORS[request.param]


@pytest.fixture
def till(engine: Engine) -> str:
    """The key of a till, and a member M1."""
    key = add_client(SYSTEM, name="till", scopes=["loyalty:write"])
    assert django_door("enrol", key=key, idem="enrol", body={"member": "M1"}).status == 200
    return key


def test_a_member_earns_holds_captures_and_is_refunded(till: str, door: Door) -> None:
    def post(deed: str, idem: str, **body: Any) -> dict[str, Any]:
        told = door(deed, key=till, idem=idem, body=body)
        assert told.status == 200, told
        assert told.headers["Content-Type"].startswith("application/json")
        answer: dict[str, Any] = told.document
        return answer

    earned = post("earn", "a", **earn_body(minor=20_000))
    assert (earned["kind"], earned["points"], earned["balance"]["available"]) == ("earn", 200, 200)
    held = post("hold", "b", member="M1", code="C1", points=150)
    assert (held["balance"]["available"], held["balance"]["held"]) == (50, 150)
    bought = {"order": {"source": "pos", "no": "2"}, "total_minor": 10_000, "currency": "CNY"}
    captured = post("capture", "c", code="C1", points=100, **bought)
    assert (captured["balance"]["available"], captured["balance"]["held"]) == (100, 0)
    back = post("refund", "d", order=bought["order"], refunded_minor=5_000, currency="CNY")
    assert back["balance"]["available"] == 150
    spent = post("burn", "e", member="M1", points=30, **{**bought, "order": {"source": "pos", "no": "3"}})
    assert spent["balance"]["available"] == 120
    post("hold", "f", member="M1", code="C2", points=20)
    assert post("release", "g", code="C2")["balance"] == spent["balance"]
    assert Fact.objects.count() == Txn.objects.count() == 8


def test_a_repeat_is_answered_as_the_first_time_by_either_door(till: str, door: Door) -> None:
    first = door("earn", key=till, idem="k", body=earn_body())
    for other in (django_door, bare_door):
        again = other("earn", key=till, idem="k", body=earn_body())
        assert (again.status, again.document) == (200, first.document)
    assert Txn.objects.filter(kind="earn").count() == 1
    reused = door("earn", key=till, idem="k", body=earn_body(minor=1))
    assert (reused.status, reused.document["code"]) == (409, "key_reused")
    known = door("earn", key=till, idem="k2", body=earn_body())
    assert (known.status, known.document["code"]) == (409, "order_known")


BAD = {
    "no json": b"{",
    "no object": b"[]",
    "not utf-8": b"\xff",
    "nothing": b"",
    "a float": {"eligible_minor": 1.0},
    "a boolean": {"eligible_minor": True},
    "a text": {"eligible_minor": "5"},
    "negative": {"eligible_minor": -1},
    "20 digits": {"eligible_minor": 10**19},
    "an unknown field": {"amount": 5},
    "a field of an order": {"order": {"source": "pos", "no": "1", "x": 1}},
    "no order number": {"order": {"source": "pos", "no": ""}},
    "a number as order": {"order": {"source": "pos", "no": 5}},
    "no currency": {"currency": "yuan"},
    "a day that is none": {"bought_on": "2026-02-30"},
    "a day with a time": {"bought_on": "2026-11-23T00:00:00"},
    "no zone": {"at": "2026-11-23T12:00:00"},
    "before the calendar": {"at": "0001-01-01T00:00:00+08:00"},
    "after the calendar": {"at": "9999-12-31T23:59:59-08:00"},
    "seconds": {"at": 1700000000},
    "NUL": {"store": "a\x00"},
    "long": {"member": "M" * 61},
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named_and_changes_nothing(case: str, engine: Engine) -> None:
    if engine.kind == "postgresql":
        pytest.skip("nothing of it reaches a database")
    key = add_client(SYSTEM, name="till", scopes=["loyalty:write"])
    bad = BAD[case]
    raw = bad if isinstance(bad, bytes) else None
    body = None if isinstance(bad, bytes) else {**earn_body(), **bad}
    answers = [one("earn", key=key, idem="k", body=body, raw=raw) for one in (django_door, bare_door)]
    assert answers[0].document == answers[1].document
    assert {told.status for told in answers} == {400}
    assert answers[0].document["code"] == "bad_input" and answers[0].document["hint"]
    assert not Txn.objects.exists()


def test_refusals_have_their_status_and_code(till: str, door: Door) -> None:
    buy = {"order": {"source": "pos", "no": "9"}, "total_minor": 100, "currency": "CNY"}
    cases: list[tuple[str, dict[str, Any], int, str]] = [
        ("earn", earn_body(member="nobody"), 404, "unknown_member"),
        ("earn", earn_body(currency="USD"), 409, "wrong_currency"),
        ("earn", earn_body(at="2001-01-01T00:00:00Z"), 409, "clock_backwards"),
        ("earn", earn_body(at="2101-01-01T00:00:00Z"), 409, "date_in_future"),
        ("earn", earn_body(programme="gold"), 404, "unknown_programme"),
        ("burn", {"member": "M1", "points": 5, **buy}, 409, "insufficient_points"),
        ("hold", {"member": "M1", "code": "C", "points": 5}, 409, "insufficient_points"),
        ("capture", {"code": "C", **buy}, 404, "hold_unknown"),
        ("release", {"code": "C"}, 404, "hold_unknown"),
        ("refund", {"order": buy["order"], "refunded_minor": 5, "currency": "CNY"}, 404, "order_unknown"),
    ]
    for deed, body, status, code in cases:
        told = door(deed, key=till, idem="k", body=body)
        assert (told.status, told.document["code"]) == (status, code), (deed, told)
        assert told.document["error"] and told.document["hint"]
    assert door("earn", key=till, idem="k", body=earn_body()).status == 200  # a refusal is not remembered


def test_who_may_write(till: str, door: Door) -> None:
    reader = add_client(SYSTEM, name="reader", scopes=["loyalty:read"])
    other = add_client(SYSTEM, name="numbers", scopes=["metrics:read"])
    one_store = add_client(SYSTEM, name="one store", scopes=["loyalty:write"], stores=["滨江店"])
    for key, body, status, code in [
        ("shuke_wrong", earn_body(), 401, "unauthenticated"),
        (reader, earn_body(), 403, "not_allowed"),
        (other, earn_body(), 403, "not_allowed"),
        (one_store, earn_body(store="武林店"), 403, "other_store"),
        (one_store, earn_body(), 403, "other_store"),
        (one_store, earn_body(store="滨江店"), 200, ""),
    ]:
        told = door("earn", key=key, idem="k", body=body)
        assert (told.status, told.document.get("code", "")) == (status, code)
    for idem in ("", "a b", "键", "k" * 121):
        missing = door("earn", key=till, idem=idem, body=earn_body("5"))
        assert (missing.status, missing.document["code"]) == (400, "key_missing")


def test_a_session_writes_nothing(till: str, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user, _ = create_user(SYSTEM, username="o", name="o", role=Role.OWNER)
    browser = Client()
    browser.force_login(user)
    told = browser.post(
        BASE + "earn", data=earn_body(), content_type="application/json", headers={"idempotency-key": "k"}
    )
    assert (told.status_code, told.json()["code"]) == (403, "key_needed")
    assert Client().post(BASE + "earn", data=earn_body(), content_type="application/json").status_code == 401


def test_the_allowance_ends_and_fills_again(engine: Engine, door: Door) -> None:
    key = add_client(SYSTEM, name="loop", scopes=["loyalty:write"], per_minute=3)
    told = [door("release", key=key, idem="k", body={"code": "C"}) for _ in range(4)]
    assert [one.status for one in told] == [404, 404, 404, 429]
    assert told[3].document["code"] == "too_many_requests" and 1 <= int(told[3].headers["Retry-After"]) <= 21


def test_a_closed_key_stops(till: str, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    assert door("release", key=till, idem="k", body={"code": "C"}).status == 404
    close_client(SYSTEM, name="till")
    monkeypatch.setattr("shuke.api.access.keys._SECONDS", 0.0)
    ring.forget()
    assert door("release", key=till, idem="k", body={"code": "C"}).status == 401


def item(deed: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
    """One of a batch."""
    return {"deed": deed, "key": key, **body}


def test_a_batch_answers_each_item(till: str, door: Door) -> None:
    items = [
        item("earn", "b1", earn_body("1")),
        item("earn", "b2", earn_body("2", member="nobody")),
        item("earn", "b3", {**earn_body("3"), "eligible_minor": 1.5}),
        item("earn", "b1", earn_body("1")),
        item("burn", "b4", {
            "member": "M1", "points": 100, "order": {"source": "pos", "no": "4"}, "total_minor": 1, "currency": "CNY",
        }),
        item("eat", "b5", {}),
    ]  # fmt: skip
    told = door("batch", key=till, body={"items": items})
    assert told.status == 200
    answers = told.document["answers"]
    assert [one["key"] for one in answers] == ["b1", "b2", "b3", "b1", "b4", "b5"]
    assert [one.get("status", 200) for one in answers] == [200, 404, 400, 200, 200, 400]
    assert [one.get("code", "") for one in answers] == ["", "unknown_member", "bad_input", "", "", "bad_input"]
    assert answers[0] == answers[3] and answers[4]["answer"]["balance"]["available"] == 28
    again = door("batch", key=till, body={"items": items})
    assert again.document == told.document
    assert Txn.objects.filter(kind="earn").count() == 1


def test_a_batch_has_its_bounds(till: str, door: Door) -> None:
    many = [item("release", f"k{n}", {"code": "C"}) for n in range(1001)]
    for body in ({"items": many}, {"items": {}}, {}, {"items": [], "x": 1}):
        told = door("batch", key=till, body=body)
        assert (told.status, told.document["code"]) == (400, "bad_input")
    assert len(door("batch", key=till, body={"items": many[1:]}).document["answers"]) == 1000
    assert door("batch", key=till, body={"items": []}).document == {"answers": []}
    slow = add_client(SYSTEM, name="slow", scopes=["loyalty:write"], per_minute=100)
    assert door("batch", key=slow, body={"items": many[:60]}).status == 200
    assert door("batch", key=slow, body={"items": many[:60]}).status == 429


def test_a_body_too_long_is_not_read(till: str, door: Door) -> None:
    told = door("earn", key=till, idem="k", raw=b" " * 70_000)
    assert (told.status, told.document["code"]) == (413, "too_long")
