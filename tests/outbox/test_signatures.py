"""Signatures against the package `standardwebhooks` and the written vector; addresses; the schedule of attempts."""

import base64
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from shuke.outbox.adapters import BadAddress, check_url, post, resolve
from shuke.outbox.rules import (
    BadSecret,
    BadSignature,
    PrivateAddress,
    is_public,
    is_told,
    judge,
    message_id,
    secret_bytes,
    sign,
    verify,
)
from shuke.outbox.values import Reply

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
MESSAGE = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_written_vector() -> None:
    signed = sign(SECRET, message=MESSAGE, timestamp=1767225600, body=b'{"test":1}')
    assert signed == "v1,m35kx4hsw6yQ/7+AbjL9kmPE8S52LK/46AZSDF4kGyU="


@given(
    key=st.binary(min_size=24, max_size=64),
    body=st.text(),
    message=st.text("abcxyz0189_", min_size=1, max_size=36),
)
def test_signs_as_the_reference_library(key: bytes, body: str, message: str) -> None:
    secret = "whsec_" + base64.b64encode(key).decode()
    mine = sign(secret, message=message, timestamp=1767225600, body=body.encode())
    assert mine == Webhook(secret).sign(message, NEW_YEAR, body)
    verify(
        [secret],
        message=message,
        timestamp="1767225600",
        signatures=f"v1,AAAA {mine}",
        body=body.encode(),
        now=NEW_YEAR,
    )


@pytest.mark.parametrize(
    ("change", "late"),
    [({"body": b"{}"}, 0), ({"message": "msg_x"}, 0), ({"signatures": "v1,"}, 0), ({"signatures": ""}, 0),
     ({"timestamp": "soon"}, 0), ({"timestamp": "1" * 40}, 0), ({}, 301), ({}, -301), ({"signatures": "v1,é"}, 0)],
)  # fmt: skip
def test_what_does_not_fit_is_refused(change: dict[str, Any], late: int) -> None:
    right: dict[str, Any] = {
        "message": MESSAGE,
        "timestamp": "1767225600",
        "body": b'{"test":1}',
        "signatures": "v1,m35kx4hsw6yQ/7+AbjL9kmPE8S52LK/46AZSDF4kGyU=",
    }
    verify([SECRET], **right, now=NEW_YEAR + timedelta(seconds=299))
    with pytest.raises(BadSignature):
        verify([SECRET], **right | change, now=NEW_YEAR + timedelta(seconds=late))


def test_secrets_that_are_none() -> None:
    assert secret_bytes(SECRET.rstrip("=")) == b"0123456789abcdef0123456789abcdef"
    for bad in ("", "whsec_", "whsec_AAAA", "whsec_!!!!", "whsec_" + "é" * 40):
        with pytest.raises(BadSecret):
            secret_bytes(bad)


def test_the_library_refuses_what_we_would() -> None:
    signed = sign(SECRET, message=MESSAGE, timestamp=1, body=b"{}")
    headers = {"webhook-id": MESSAGE, "webhook-timestamp": "1", "webhook-signature": signed}
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify("{}", headers)


def test_a_message_has_one_id_for_ever() -> None:
    first = message_id(1, key="txn:1", recorded_at=NEW_YEAR)
    assert first == message_id(1, key="txn:1", recorded_at=NEW_YEAR) and len(first) <= 60
    # After a restored backup numbers come again, but not at the same microsecond.
    assert first != message_id(1, key="txn:1", recorded_at=NEW_YEAR + timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("::ffff:8.8.8.8", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False), ("0.0.0.0", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("100.100.100.200", False), ("224.0.0.1", False),
        ("255.255.255.255", False), ("240.0.0.1", False), ("::1", False), ("::", False), ("fe80::1", False),
        ("fe80::1%eth0", False), ("fd00:ec2::254", False), ("ff02::1", False), ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False), ("64:ff9b::7f00:1", False), ("64:ff9b::a9fe:a9fe", False),
        ("2002:7f00:1::", False), ("2002:a9fe:a9fe::", False), ("198.18.0.1", False), ("192.0.0.192", False),
    ],
)  # fmt: skip
def test_only_the_open_internet_is_reached(address: str, is_open: bool) -> None:
    assert is_public(address) is is_open


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/", "https://", "https://u:p@a.example/", "http://a.example/", "https://a.example:99999/",
     "https://a b/", "javascript:alert(1)", "//a.example", "https://a.example/\r\nX: y", "https://[::1"],
)  # fmt: skip
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(BadAddress):
        check_url(url, private_hosts=())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "0x7f000001", "2130706433", "127.1", "0177.0.0.1"])
def test_names_of_this_machine_are_refused_in_every_spelling(host: str) -> None:
    with pytest.raises((PrivateAddress, OSError)):
        resolve(host, port=443, private_hosts=())


def test_who_hears_of_what() -> None:
    assert is_told(["*"], "loyalty.earn") and is_told(["loyalty.*"], "loyalty.earn")
    assert is_told(["a", "loyalty.earn"], "loyalty.earn")
    assert not is_told(["loyalty"], "loyalty.earn") and not is_told(["loy.*"], "loyalty.earn") and not is_told([], "x")


def test_the_schedule_spans_three_days_and_ends() -> None:
    now, waits = NEW_YEAR, []
    for attempt in range(1, 11):
        verdict = judge(Reply(status=500), attempts=attempt, now=now, spread=0.0)
        waits.append(int((verdict.next_at - now).total_seconds()))
    assert waits == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400, 0]
    assert verdict.state == "failed"
    assert 75 * 3600 < sum(waits) < 77 * 3600


@given(
    st.integers(1, 9), st.one_of(st.none(), st.sampled_from([301, 302, 400, 404, 429, 500, 503])), st.floats(0, 0.999)
)
def test_whatever_is_no_2xx_waits(attempt: int, status: int | None, spread: float) -> None:
    plain = judge(Reply(status=None), attempts=attempt, now=NEW_YEAR, spread=0.0)
    verdict = judge(Reply(status=status, wait=120), attempts=attempt, now=NEW_YEAR, spread=spread)
    assert verdict.state == "waiting" and not verdict.is_gone
    wait = (verdict.next_at - NEW_YEAR).total_seconds()
    least = max(120, (plain.next_at - NEW_YEAR).total_seconds())
    assert least <= wait <= least * 1.2


def test_an_address_that_is_gone_and_one_that_answers() -> None:
    gone = judge(Reply(status=410), attempts=1, now=NEW_YEAR, spread=random.Random(1).random())
    assert gone.is_gone and gone.state == "failed"
    for status in (200, 204, 299):
        assert judge(Reply(status=status), attempts=1, now=NEW_YEAR, spread=0.5).state == "delivered"


@pytest.mark.parametrize("host", [".com", "a" * 70 + ".com", "a..b"])
def test_a_host_that_no_name_can_have_is_refused_and_stops_no_round(host: str) -> None:
    with pytest.raises(BadAddress):
        check_url(f"https://{host}/", private_hosts=())
    assert post(f"https://{host}/", headers={}, body=b"", private_hosts=()).trouble == "bad_address"


def test_letters_of_other_scripts_in_a_path_are_sent_escaped() -> None:
    host, port, path, is_secure = check_url("https://shop.example/挂钩?店=1&a=%20", private_hosts=())
    assert (host, port, is_secure) == ("shop.example", 443, True)
    assert path == "/%E6%8C%82%E9%92%A9?%E5%BA%97=1&a=%20"
