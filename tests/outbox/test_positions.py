"""Positions: dense, dealt to committed facts only, in an order that no late commit can slip under."""

import threading

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import NotAllowed
from shuke.outbox.actions import advance, deal_positions, give_back, take_lease
from shuke.outbox.actions.positions import CursorMoved
from shuke.outbox.models import Fact
from shuke.outbox.queries import cursor_of, facts_after
from tests.engines import Engine
from tests.outbox.facts import NOON, tell

_INSERT = """insert into outbox_fact (kind, key, object_id, payload, at, recorded_at)
values ('loyalty.earn', %s, 1, '{"txn": 1}', now(), now())"""


def read(since: int) -> list[tuple[int, str]]:
    """What a consumer at `since` reads."""
    return [(fact.position, fact.key) for fact in facts_after(SYSTEM, position=since, limit=100)]


def test_a_late_commit_with_a_lower_id_is_not_missed(engine: Engine) -> None:
    if engine.kind == "sqlite":
        pytest.skip("SQLite has one writer: transactions cannot interleave")
    with psycopg.connect(engine.address) as slow, psycopg.connect(engine.address) as fast:
        slow.execute(_INSERT, ["txn:slow"])
        fast.execute(_INSERT, ["txn:fast"])
        fast.commit()
        assert deal_positions(SYSTEM) == 1
        assert read(0) == [(1, "txn:fast")]
        slow.commit()
        ids = dict(Fact.objects.values_list("key", "id"))
        assert ids["txn:slow"] < ids["txn:fast"]  # a cursor by id, standing at txn:fast, would miss it
        assert deal_positions(SYSTEM) == 1
        assert read(1) == [(2, "txn:slow")]


def test_two_relays_at_once_deal_each_position_once(engine: Engine) -> None:
    for _ in range(60):
        tell()
    dealt = []

    def work() -> None:
        while some := deal_positions(SYSTEM, limit=7):
            dealt.append(some)
        connection.close()

    relays = [threading.Thread(target=work) for _ in range(3)]
    for one in relays:
        one.start()
    for one in relays:
        one.join()
    assert sum(dealt) == 60
    assert [position for position, _ in read(0)] == list(range(1, 61))


def test_a_fact_rolled_back_gets_no_position(engine: Engine) -> None:
    def fail() -> None:
        with transaction.atomic():
            tell()
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    kept = tell()
    assert deal_positions(SYSTEM) == 1
    assert read(0) == [(1, kept.key)]


def test_a_key_is_told_once_and_a_position_never_twice(engine: Engine) -> None:
    fact = tell()
    other = tell()
    deal_positions(SYSTEM)
    for change in ({"key": fact.key}, {"position": 1}, {"position": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Fact.objects.filter(pk=other.pk).update(**change)


def test_a_cursor_moves_only_from_where_it_stands(engine: Engine) -> None:
    advance(SYSTEM, consumer="lake", since=0, to=5)
    with pytest.raises(CursorMoved):
        advance(SYSTEM, consumer="lake", since=0, to=9)
    assert cursor_of(SYSTEM, consumer="lake") == 5


def test_a_lease_has_one_holder_until_it_ends(engine: Engine) -> None:
    from datetime import timedelta

    def take(holder: str, *, after: int = 0) -> bool:
        return take_lease(SYSTEM, name="relay", holder=holder, now=NOON + timedelta(seconds=after), seconds=30)

    assert take("a") and take("a", after=5) and not take("b", after=20)
    assert take("b", after=36) and not take("a", after=40)
    give_back(SYSTEM, name="relay", holder="a")
    assert not take("a", after=41)
    give_back(SYSTEM, name="relay", holder="b")
    assert take("a", after=42)


def test_nobody_without_the_right_reads_facts(engine: Engine) -> None:
    stranger = Actor(name="m", role=Role.MANAGER, stores=frozenset({"滨江店"}))
    with pytest.raises(NotAllowed):
        facts_after(stranger, position=0, limit=1)
    with pytest.raises(NotAllowed):
        deal_positions(stranger)
