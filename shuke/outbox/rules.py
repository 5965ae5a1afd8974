"""Standard Webhooks: message ids, signatures, who is told of what, when to try again, which addresses are refused.

Source: the specification of Standard Webhooks (github.com/standard-webhooks), its example schedule included.
"""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from shuke.kernel.errors import ShukeError, WrongUse
from shuke.outbox.values import Reply, Verdict

PREFIX = "whsec_"
# Waits before the second, third ... attempt; ten attempts in all, about 75 hours.
_WAITS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
_SLOW_DOWN = 60
_LONGEST_WAIT = 86_400
# Each wait grows by up to a fifth, so that those who failed together do not come back together.
_SPREAD_SHARE = 0.2
TOLERANCE = timedelta(minutes=5)
# Assigned by IETF protocols, a cloud's metadata among them; Python's own list has but parts of it.
_PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class BadSecret(WrongUse):
    """A signing secret is not `whsec_` and at least 24 bytes in base64."""


class BadSignature(ShukeError):
    """A message was not signed with the secret, or its time is too far from now."""

    code = "bad_signature"


class PrivateAddress(ShukeError):
    """A webhook would reach an address inside: this machine, its network, or a cloud's metadata."""

    code = "private_address"


def message_id(fact_id: int, *, key: str, recorded_at: datetime) -> str:
    """The id of a fact's message: the same for ever, and no other fact's, after a restored backup neither."""
    digest = hashlib.sha256(f"{fact_id}|{key}|{recorded_at.timestamp():.6f}".encode()).digest()
    return "msg_" + base64.b32encode(digest[:20]).decode().lower()


def payload_text(payload: object) -> str:
    """A fact's payload as its one text: keys sorted, no blanks, so that equal payloads are equal bytes."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def secret_bytes(secret: str) -> bytes:
    """The key of a secret `whsec_<base64>`, padded or not. Raises `BadSecret`."""
    text = secret.removeprefix(PREFIX)
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSecret("The secret is no base64.", hint="Copy it whole, from whsec_ on.") from error
    if len(key) < 24:
        raise BadSecret("The secret is too short.", hint="It needs 24 bytes or more.")
    return key


def sign(secret: str, *, message: str, timestamp: int, body: bytes) -> str:
    """`v1,<base64>` over `message.timestamp.body`, HMAC-SHA256; `timestamp` in whole seconds of the attempt."""
    content = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret_bytes(secret), content, "sha256")).decode()


def verify(
    secrets: Sequence[str], *, message: str, timestamp: str, signatures: str, body: bytes, now: datetime
) -> None:
    """Passes where any signature is that of any secret and the time is within five minutes; else `BadSignature`."""
    if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
        raise BadSignature("The message carries no time.", hint="Send webhook-timestamp in whole seconds.")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise BadSignature("The message is too old or from the future.", hint="Mend the sender's clock.")
    given = [one.encode() for one in signatures.split()]
    for secret in secrets:
        right = sign(secret, message=message, timestamp=int(timestamp), body=body).encode()
        if any(hmac.compare_digest(right, one) for one in given):
            return
    raise BadSignature("No signature fits the message.", hint="Use the secret that was shown, over the exact bytes.")


def is_told(kinds: Sequence[str], kind: str) -> bool:
    """Whether an endpoint with these kinds hears of a fact: its name, `room.*`, or `*`."""
    return any(one in ("*", kind) or (one.endswith(".*") and kind.startswith(one[:-1])) for one in kinds)


def judge(reply: Reply, *, attempts: int, now: datetime, spread: float) -> Verdict:
    """What follows from the answer to attempt number `attempts` (from 1); `spread` in [0, 1) is chance from outside.

    Delivered by 2xx only, a redirect is a failure. 410 ends it and the endpoint. Everything else waits as the schedule
    says, at least as long as Retry-After, a minute where the other side is overrun; after the last attempt it failed.
    """
    if reply.status is not None and 200 <= reply.status < 300:
        return Verdict("delivered", now)
    if reply.status == 410:
        return Verdict("failed", now, is_gone=True)
    if attempts > len(_WAITS):
        return Verdict("failed", now)
    wait = max(_WAITS[attempts - 1], min(reply.wait or 0, _LONGEST_WAIT))
    if reply.status in (429, 502, 504):
        wait = max(wait, _SLOW_DOWN)
    return Verdict("waiting", now + timedelta(seconds=wait * (1 + _SPREAD_SHARE * spread)))


def is_public(address: str) -> bool:
    """Whether an IP address lies in the open internet: not private, loopback, link-local, shared, metadata, multicast.

    An IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64) counts as what it is.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _NAT64:
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF))
        if any(one is not None and not is_public(str(one)) for one in inner):
            return False
        if ip.ipv4_mapped is not None:
            return True
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in _PROTOCOLS
