"""Endpoints: addresses that are told of facts, each with a secret of its own."""

import base64
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError, WrongUse
from shuke.outbox.adapters import check_url
from shuke.outbox.models import Delivery, Endpoint
from shuke.outbox.rules import PREFIX

_MOST = 50


class NoSuchEndpoint(ShukeError):
    """No endpoint has this number."""

    code = "unknown_endpoint"


class BadKinds(WrongUse):
    """An endpoint names no kind of fact, or one that cannot be."""

    code = "bad_kinds"


class TooManyEndpoints(ShukeError):
    """Each endpoint costs a request a fact; there is an end to it."""

    code = "too_many_endpoints"


def _secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


@transaction.atomic
def add_endpoint(
    actor: Actor, *, url: str, kinds: Sequence[str], private_hosts: Collection[str], now: datetime
) -> tuple[int, str]:
    """Adds an address that hears of these kinds from now on; gives its number and its secret, which is shown once.

    `kinds` are names (loyalty.earn), `loyalty.*` or `*`. Raises `BadAddress`, `BadKinds`, `TooManyEndpoints`.
    """
    require(actor, Permission.MANAGE_WEBHOOKS)
    check_url(url, private_hosts=private_hosts)
    if len(url) > 500 or not kinds or any(not _is_kind(kind) for kind in kinds):
        raise BadKinds("Which facts shall it hear of?", hint="Name kinds such as loyalty.earn, loyalty.* or *.")
    if Endpoint.objects.filter(disabled_at__isnull=True).count() >= _MOST:
        raise TooManyEndpoints(f"There are {_MOST} endpoints already.", hint="Disable one that nobody needs.")
    made = Endpoint.objects.create(url=url, kinds=sorted(set(kinds)), secret=_secret(), created_at=now)
    return int(made.pk), made.secret


@transaction.atomic
def disable_endpoint(actor: Actor, *, endpoint: int, now: datetime, reason: str = "by_hand") -> None:
    """Tells an address nothing more; what waits for it stays waiting. Raises `NoSuchEndpoint`."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    found = _endpoint(endpoint)
    if found.disabled_at is None:
        found.disabled_at, found.disabled_reason = now, reason
        found.save()


@transaction.atomic
def enable_endpoint(actor: Actor, *, endpoint: int, now: datetime) -> None:
    """Tells an address again, first what waits for it; facts of the time between are not made up for."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    found = _endpoint(endpoint)
    found.disabled_at, found.disabled_reason, found.failing_since = None, "", None
    found.save()
    Delivery.objects.filter(endpoint=found, state="waiting").update(next_at=now)


@transaction.atomic
def renew_secret(actor: Actor, *, endpoint: int) -> str:
    """Gives a new secret; the one before signs beside it until the next renewal, so that nothing is lost meanwhile."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    found = _endpoint(endpoint)
    found.old_secret, found.secret = found.secret, _secret()
    found.save()
    return found.secret


def _endpoint(number: int) -> Endpoint:
    found = Endpoint.objects.select_for_update().filter(pk=number).first()
    if found is None:
        raise NoSuchEndpoint(f"There is no endpoint {number}.", hint="The list of endpoints has their numbers.")
    return found


def _is_kind(kind: str) -> bool:
    name = kind.removesuffix(".*")
    return kind == "*" or (
        0 < len(kind) <= 60 and all(part.isidentifier() and part.isascii() for part in name.split("."))
    )
