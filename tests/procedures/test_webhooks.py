"""Webhooks against a real HTTP server: signed, tried again, shut, replayed; never sent inside."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from standardwebhooks import Webhook

from shuke.journal.models import Entry
from shuke.kernel.actor import SYSTEM
from shuke.kernel.clock import utc_now
from shuke.outbox.actions import ReplayedWebhook, deal_positions, take_in
from shuke.outbox.actions.deliveries import NoSuchDelivery
from shuke.outbox.models import Delivery, Endpoint, Received
from shuke.outbox.queries import deliveries, endpoints
from shuke.outbox.rules import BadSignature
from shuke.outbox.values import Sent
from shuke.procedures import webhooks
from tests.engines import Engine
from tests.outbox.facts import tell


@dataclass
class Receiver:
    """Somebody else's server: answers with the next of `answers` (then 200) and keeps what it was sent."""

    url: str
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            held.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status, headers = held.answers.pop(0) if held.answers else (200, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *told: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held = Receiver(f"http://127.0.0.1:{server.server_address[1]}/hooks?shop=1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield held
    server.shutdown()
    thread.join()
    server.server_close()


def send(engine: Engine, *, after: int = 0, private: bool = True) -> Sent:
    """One round of the worker, some seconds from now."""
    deal_positions(SYSTEM)
    hosts = frozenset({"127.0.0.1"}) if private else frozenset()

    def clock() -> datetime:
        return utc_now() + timedelta(seconds=after)

    shop = replace(engine.workspace, webhook_hosts=hosts)
    return webhooks.send_webhooks(SYSTEM, workspace=shop, clock=clock, chance=lambda: 0.5)


def add(engine: Engine, url: str, *kinds: str) -> tuple[int, str]:
    """An endpoint for these kinds, made some time ago so that the tests' facts are news to it."""
    shop = replace(engine.workspace, webhook_hosts=frozenset({"127.0.0.1"}))
    number, secret = webhooks.add_endpoint(SYSTEM, workspace=shop, url=url, kinds=kinds)
    Endpoint.objects.update(created_at=datetime.fromisoformat("2026-01-01T00:00:00Z"))
    return number, secret


def test_a_message_arrives_signed_and_once(engine: Engine, receiver: Receiver) -> None:
    number, secret = add(engine, receiver.url, "loyalty.earn")
    fact = tell(order_no="单 1")
    tell("loyalty.burn")
    assert send(engine) == Sent(delivered=1)
    assert send(engine, after=90_000) == Sent()
    [(headers, body)] = receiver.got
    document = Webhook(secret).verify(body.decode(), headers)
    assert document["type"] == "loyalty.earn" and document["data"]["order_no"] == "单 1"
    assert datetime.fromisoformat(document["timestamp"]) == fact.at
    assert headers["content-type"] == "application/json"
    [view] = endpoints(SYSTEM)
    assert (view.id, view.delivered, view.waiting) == (number, 1, 0) and secret not in repr(view)
    assert not any(secret in str(entry.details) for entry in Entry.objects.all())


def test_a_failure_is_tried_again_under_the_same_id(engine: Engine, receiver: Receiver) -> None:
    add(engine, receiver.url, "*")
    receiver.answers = [(500, {}), (302, {"location": "http://127.0.0.1/inside"}), (429, {"retry-after": "1000"})]
    tell()
    assert send(engine) == Sent(postponed=1)
    assert send(engine) == Sent()  # not due yet
    assert send(engine, after=6) == Sent(postponed=1)
    assert send(engine, after=400) == Sent(postponed=1)
    assert send(engine, after=1100) == Sent()  # the schedule says 330 s, Retry-After more
    assert send(engine, after=4000) == Sent(delivered=1)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    stamps = [int(headers["webhook-timestamp"]) for headers, _ in receiver.got]
    assert stamps == sorted(set(stamps)) and len(stamps) == 4
    [view] = deliveries(SYSTEM, endpoint=Endpoint.objects.get().pk)
    assert (view.state, view.attempts, view.last_status) == ("delivered", 4, 200)


def test_an_address_that_is_gone_is_shut_and_opened_by_hand(engine: Engine, receiver: Receiver) -> None:
    number, _ = add(engine, receiver.url, "*")
    receiver.answers = [(410, {})]
    tell()
    assert send(engine) == Sent(failed=1, disabled=((number, "gone"),))
    tell()
    assert send(engine, after=60) == Sent()
    assert endpoints(SYSTEM)[0].disabled_reason == "gone"
    webhooks.enable_endpoint(SYSTEM, endpoint=number)
    tell()
    assert send(engine) == Sent(delivered=1)
    assert [entry.verb for entry in Entry.objects.order_by("pk")] == [
        "webhook_added", "webhook_disabled", "webhook_enabled",
    ]  # fmt: skip


def test_ten_failures_shut_it_too(engine: Engine, receiver: Receiver) -> None:
    number, _ = add(engine, receiver.url, "*")
    receiver.answers = [(500, {})] * 10
    tell()
    rounds = [send(engine, after=100_000 * n) for n in range(10)]
    assert rounds[:9] == [Sent(postponed=1)] * 9
    assert rounds[9] == Sent(failed=1, disabled=((number, "failing"),))


def test_a_replay_by_hand_is_the_same_message(engine: Engine, receiver: Receiver) -> None:
    add(engine, receiver.url, "*")
    tell()
    send(engine)
    webhooks.replay(SYSTEM, delivery=Delivery.objects.get().pk)
    assert send(engine) == Sent(delivered=1)
    (first, body), (second, again) = receiver.got
    assert body == again and first["webhook-id"] == second["webhook-id"]
    with pytest.raises(NoSuchDelivery):
        webhooks.replay(SYSTEM, delivery=10**9)


def test_a_renewed_secret_signs_beside_the_old(engine: Engine, receiver: Receiver) -> None:
    number, old = add(engine, receiver.url, "*")
    new = webhooks.renew_secret(SYSTEM, endpoint=number)
    tell()
    send(engine)
    [(headers, body)] = receiver.got
    for secret in (old, new):
        assert Webhook(secret).verify(body.decode(), headers)


def test_an_address_inside_is_not_reached(engine: Engine, receiver: Receiver) -> None:
    number, _ = add(engine, receiver.url, "*")
    tell()
    assert send(engine, private=False) == Sent(postponed=1)
    Endpoint.objects.filter(pk=number).update(url=receiver.url.replace("http:", "https:"))
    assert send(engine, private=False, after=60) == Sent(postponed=1)
    assert receiver.got == []
    assert deliveries(SYSTEM, endpoint=number)[0].last_trouble == "private_address"


def test_one_dead_address_does_not_keep_the_others(engine: Engine, receiver: Receiver) -> None:
    add(engine, "http://127.0.0.1:1/", "*")
    add(engine, receiver.url, "*")
    for _ in range(3):
        tell()
    assert send(engine) == Sent(delivered=3, postponed=1)
    assert len(receiver.got) == 3


def test_a_webhook_taken_in_is_refused_when_it_comes_again(engine: Engine) -> None:
    secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    now = utc_now()
    body = '{"order":"1"}'
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", now, body),
    }

    def come(*, late: int = 0, text: str = body) -> dict[str, object]:
        when = now + timedelta(seconds=late)
        return take_in(SYSTEM, source="erp", secrets=[secret], headers=headers, body=text.encode(), now=when)

    assert come() == {"order": "1"}
    with pytest.raises(ReplayedWebhook):
        come()
    for late, text in ((0, '{"order":"2"}'), (400, body)):
        with pytest.raises(BadSignature):
            come(late=late, text=text)
    assert Received.objects.count() == 1
