"""The writer: batches, keys, chains, triggers and constraints, and transactions of others."""

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import NotAllowed
from shuke.loyalty import queries
from shuke.loyalty.actions import Teller, write
from shuke.loyalty.adapters import places
from shuke.loyalty.models import Account, Balance, Entry, Hold, Lot, Order, Txn
from shuke.loyalty.rules.refusals import Refusal
from shuke.loyalty.values import commands as c
from shuke.loyalty.values.ledger import Answer
from shuke.outbox.models import Fact
from tests.engines import Engine

NOW = datetime(2027, 3, 1, 4, 0, tzinfo=UTC)
TODAY = date(2027, 3, 1)


def enrol(member: str, key: str = "") -> c.Enrol:
    return c.Enrol(client="till", key=key or f"enrol {member}", at=NOW, member=member)


def earn(member: str, no: str, minor: int = 10_000, **changes: Any) -> c.Earn:
    said: dict[str, Any] = {
        "client": "till", "key": f"earn {no}", "at": NOW, "member": member, "order": c.OrderRef("pos", no),
        "eligible_minor": minor, "currency": "CNY", "bought_on": TODAY, **changes,
    }  # fmt: skip
    return c.Earn(**said)


def burn(member: str, no: str, points: int, **changes: Any) -> c.Burn:
    said: dict[str, Any] = {
        "client": "till", "key": f"burn {no}", "at": NOW, "member": member, "order": c.OrderRef("pos", no),
        "points": points, "total_minor": 1000, "currency": "CNY", **changes,
    }  # fmt: skip
    return c.Burn(**said)


def refund(no: str, minor: int) -> c.RefundOrder:
    order = c.OrderRef("pos", no)
    return c.RefundOrder(client="till", key=f"refund {no}", at=NOW, order=order, refunded_minor=minor, currency="CNY")


def tell(*commands: c.Command, now: datetime = NOW) -> list[str]:
    """The code of each refusal, or 'ok'."""
    return [getattr(said, "code", "ok") for said in write(SYSTEM, commands=commands, now=now)]


def rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Account, Balance, Txn, Entry, Lot, Order, Hold, Fact)}


def test_a_refusal_never_touches_its_neighbours(engine: Engine) -> None:
    assert engine.kind
    said = tell(enrol("a"), earn("b", "0"), earn("a", "1"), burn("a", "2", 500), burn("a", "3", 60), earn("a", "1"))
    assert said == ["ok", "unknown_member", "ok", "insufficient_points", "ok", "ok"]
    assert tell(earn("a", "1", key="another")) == ["order_known"]
    assert rows() == {
        "Account": 1, "Balance": 1, "Txn": 3, "Entry": 2, "Lot": 1, "Order": 2, "Hold": 0, "Fact": 3
    }  # fmt: skip


def test_a_repeat_is_given_the_first_answer_for_ever(engine: Engine) -> None:
    assert engine.kind
    tell(enrol("a"))
    [first] = write(SYSTEM, commands=[earn("a", "1")], now=NOW)
    tell(burn("a", "2", 50))
    before = rows()
    later = NOW + timedelta(days=4000)
    [again] = write(SYSTEM, commands=[earn("a", "1", at=later)], now=later)
    assert again == first
    assert isinstance(again, Answer)
    assert again.balance["available"] == 100
    assert tell(earn("a", "1", 10_001)) == ["key_reused"]
    assert tell(burn("a", "9", 5, key="earn 1")) == ["key_reused"]
    assert rows() == before


def test_a_refusal_is_not_remembered(engine: Engine) -> None:
    assert engine.kind
    tell(enrol("a"))
    asked = burn("a", "2", 50)
    before = rows()
    assert tell(asked) == ["insufficient_points"]
    assert rows() == before
    tell(earn("a", "1"))
    assert tell(asked) == ["ok"]


def test_the_same_in_one_batch_and_one_by_one(engine: Engine) -> None:
    assert engine.kind
    commands: list[c.Command] = [
        enrol("a"), earn("a", "1"), burn("a", "2", 80),
        refund("1", 5000), refund("2", 500),
        enrol("b"), c.Merge(client="till", key="m", at=NOW, kept="b", other="a"), earn("a", "3"),
        c.Hold(client="till", key="h", at=NOW, member="b", code="h", points=20),
        c.Capture(client="till", key="c", at=NOW, code="h", order=c.OrderRef("pos", "4"), total_minor=100,
                  currency="CNY", points=5),
    ]  # fmt: skip
    together = write(SYSTEM, commands=commands, now=NOW)
    swapped = {"a": "x", "b": "y"}
    alone = []
    for command in commands:
        names = ("key", "member", "kept", "other", "code", "order")
        changes: dict[str, Any] = {}
        for name in names:
            value = getattr(command, name, None)
            if isinstance(value, c.OrderRef):
                changes[name] = c.OrderRef("web", value.no)
            elif isinstance(value, str):
                changes[name] = swapped.get(value, f"second {value}")
        alone += write(SYSTEM, commands=[_with(command, changes)], now=NOW)
    for one, other in zip(together, alone, strict=True):
        assert isinstance(one, Answer)
        assert isinstance(other, Answer)
        assert (one.kind, one.points, one.balance) == (other.kind, other.points, other.balance)


def _with(command: c.Command, changes: dict[str, Any]) -> c.Command:
    return replace(command, **changes)


_DISHONEST: list[tuple[dict[str, Any], str]] = [
    ({"eligible_minor": 1.5}, "bad_amount"),
    ({"eligible_minor": True}, "bad_amount"),
    ({"eligible_minor": "100"}, "bad_amount"),
    ({"eligible_minor": 10**20}, "bad_amount"),
    ({"eligible_minor": -1}, "bad_amount"),
    ({"currency": "USD"}, "wrong_currency"),
    ({"currency": "cny"}, "wrong_currency"),
    ({"member": "nobody"}, "unknown_member"),
    ({"member": ""}, "bad_request"),
    ({"member": "a\x00"}, "bad_request"),
    ({"member": "a" * 61}, "bad_request"),
    ({"key": ""}, "bad_request"),
    ({"key": 7}, "bad_request"),
    ({"client": "x" * 61}, "bad_request"),
    ({"order": c.OrderRef("pos", "")}, "bad_request"),
    ({"order": ("pos", "1")}, "bad_request"),
    ({"programme": "other"}, "unknown_programme"),
    ({"at": NOW.replace(tzinfo=None)}, "bad_request"),
    ({"at": NOW + timedelta(minutes=11)}, "date_in_future"),
    ({"at": NOW - timedelta(days=401)}, "clock_backwards"),
    ({"bought_on": TODAY + timedelta(days=2)}, "date_in_future"),
    ({"bought_on": TODAY - timedelta(days=401)}, "clock_backwards"),
    ({"bought_on": NOW}, "bad_request"),
    ({"bought_on": "2027-03-01"}, "bad_request"),
]


def test_what_no_honest_till_sends_is_refused_and_changes_nothing(engine: Engine) -> None:
    assert engine.kind
    tell(enrol("a"))
    before = rows()
    for changes, code in _DISHONEST:
        assert tell(replace(earn("a", "1"), **changes)) == [code], changes
    assert tell(*(replace(earn("a", "1"), **changes) for changes, _ in _DISHONEST)) == [code for _, code in _DISHONEST]
    assert rows() == before


def test_a_till_whose_clock_runs_backwards_spends_nothing(engine: Engine) -> None:
    assert engine.kind
    tell(enrol("a"), earn("a", "1"))
    assert tell(burn("a", "2", 5, at=NOW - timedelta(days=1, seconds=1))) == ["clock_backwards"]
    assert tell(burn("a", "2", 5, at=NOW - timedelta(hours=23))) == ["ok"]
    assert tell(earn("a", "3", at=NOW - timedelta(days=30), bought_on=TODAY - timedelta(days=30))) == ["ok"]


def test_a_frozen_account_takes_no_writes(engine: Engine) -> None:
    assert engine.kind
    tell(enrol("a"), enrol("b"), earn("a", "1"), c.Merge(client="till", key="m", at=NOW, kept="b", other="a"))
    Account.objects.filter(member_no="a").update(frozen_reason="drift")
    assert tell(earn("b", "2"), burn("a", "3", 1), refund("1", 1)) == ["frozen"] * 3
    Account.objects.update(frozen_reason="")
    assert tell(earn("b", "2"), burn("a", "3", 1), refund("1", 1)) == ["ok"] * 3


def test_the_database_refuses_to_change_what_was_entered(engine: Engine) -> None:
    assert engine.kind
    tell(enrol("a"), earn("a", "1", 200_000))
    for table in ("loyalty_txn", "loyalty_entry", "loyalty_growth", "loyalty_tier"):
        for statement in (f"update {table} set id = id", f"delete from {table}"):
            with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
                cursor.execute(statement)


_IMPOSSIBLE = [
    "update loyalty_balance set free = free + 1",
    "update loyalty_balance set free = -1, issued = -1",
    "update loyalty_balance set issued = issued + 1",
    "update loyalty_lot set free = -1",
    "update loyalty_lot set free = points + 1",
    "update loyalty_lot set held = 1",
    "update loyalty_order set refunded_minor = amount_minor + 1",
    "update loyalty_order set settled = points + 1",
    "update loyalty_order set role = 'gift'",
    "update loyalty_account set group_id = 0",
]


def test_states_that_cannot_be_are_refused_by_the_database(engine: Engine) -> None:
    assert engine.kind
    tell(enrol("a"), earn("a", "1"))
    for statement in _IMPOSSIBLE:
        with pytest.raises(IntegrityError), connection.cursor() as cursor:
            cursor.execute(statement)


def test_one_account_a_number_one_order_a_side_one_effect_a_key(engine: Engine) -> None:
    assert engine.kind
    tell(enrol("a"), earn("a", "1"))
    for table, columns in {
        "loyalty_account": "programme, member_no, customer_id, group_id, opened_at, frozen_reason, card_token_hash",
        "loyalty_txn": "account_id, kind, client, key, request_hash, answer, at, recorded_at, business_on, store,"
        " channel, order_source, order_no, reason, actor, previous, hash",
    }.items():
        with pytest.raises(IntegrityError), connection.cursor() as cursor:
            cursor.execute(f"insert into {table} ({columns}) select {columns} from {table}")


def test_a_write_inside_a_transaction_goes_with_it(engine: Engine) -> None:
    assert engine.kind
    tell(enrol("a"))

    class Undone(Exception):
        """Ends the transaction."""

    with pytest.raises(Undone), transaction.atomic():
        assert tell(earn("a", "1")) == ["ok"]
        assert tell(burn("a", "2", 5000)) == ["insufficient_points"]
        raise Undone
    assert queries.account(SYSTEM, member="a", now=NOW).balance.available == 0
    with transaction.atomic():
        assert tell(earn("a", "1")) == ["ok"]
    assert queries.account(SYSTEM, member="a", now=NOW).balance.available == 100


def test_the_teller_answers_and_refuses(engine: Engine) -> None:
    assert engine.kind
    teller = Teller(clock=lambda: NOW)
    try:
        teller.submit(SYSTEM, enrol("a"))
        assert teller.submit(SYSTEM, earn("a", "1")).balance["available"] == 100
        with pytest.raises(Refusal) as told:
            teller.submit(SYSTEM, burn("a", "2", 101))
        assert told.value.code == "insufficient_points"
        analyst = Actor(name="nobody", role=Role.CLIENT)
        with pytest.raises(NotAllowed):
            teller.submit(analyst, earn("a", "3"))
    finally:
        teller.close()


def test_each_write_leaves_its_fact(engine: Engine) -> None:
    assert engine.kind
    tell(enrol("a"), earn("a", "1", store="S1", channel="pos"))
    fact = Fact.objects.get(kind="loyalty.earn")
    txn = Txn.objects.get(kind="earn")
    lot = Lot.objects.get()
    assert (fact.key, fact.object_id, fact.at) == (f"txn:{txn.pk}", txn.account_id, txn.at)
    assert fact.payload["entries"] == [
        {"account": txn.account_id, "lot": lot.pk, "source": "issued", "target": "free", "points": 100,
         "at": "2027-03-01T04:00:00+00:00"}
    ]  # fmt: skip
    assert (fact.payload["member_no"], fact.payload["store"], fact.payload["points"]) == ("a", "S1", 100)


def test_a_commit_is_on_the_disk(engine: Engine) -> None:
    tell(enrol("a"))
    raw: Any = places.open_door()
    try:
        if isinstance(raw.connection, sqlite3.Connection):
            [(level,)] = raw.connection.execute("pragma synchronous").fetchall()
            assert level == 2
        else:
            assert isinstance(raw.connection, psycopg.Connection)
            [(level,)] = raw.connection.execute("show synchronous_commit").fetchall()
            assert level == "on"
    finally:
        raw.close()
    assert engine.kind
