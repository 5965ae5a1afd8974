"""Webhooks, as people set them up and as the worker sends them: each change with its line in the journal."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.workspace import Workspace
from shuke.outbox import actions as outbox
from shuke.outbox.values import Sent

_OBJECT = "webhook"
_LUCK = random.SystemRandom()


@transaction.atomic
def add_endpoint(actor: Actor, *, workspace: Workspace, url: str, kinds: Sequence[str]) -> tuple[int, str]:
    """Adds an endpoint; gives its number and its secret (whsec_...), which is shown once."""
    number, secret = outbox.add_endpoint(
        actor, url=url, kinds=kinds, private_hosts=workspace.webhook_hosts, now=utc_now()
    )
    note(actor, "webhook_added", object_type=_OBJECT, object_id=number, kinds=sorted(kinds))
    return number, secret


@transaction.atomic
def disable_endpoint(actor: Actor, *, endpoint: int) -> None:
    """Tells an endpoint nothing more."""
    outbox.disable_endpoint(actor, endpoint=endpoint, now=utc_now())
    note(actor, "webhook_disabled", object_type=_OBJECT, object_id=endpoint, reason="by_hand")


@transaction.atomic
def enable_endpoint(actor: Actor, *, endpoint: int) -> None:
    """Tells an endpoint again."""
    outbox.enable_endpoint(actor, endpoint=endpoint, now=utc_now())
    note(actor, "webhook_enabled", object_type=_OBJECT, object_id=endpoint)


@transaction.atomic
def renew_secret(actor: Actor, *, endpoint: int) -> str:
    """Gives an endpoint a new secret, shown once; the old one signs beside it."""
    secret = outbox.renew_secret(actor, endpoint=endpoint)
    note(actor, "webhook_secret_renewed", object_type=_OBJECT, object_id=endpoint)
    return secret


@transaction.atomic
def replay(actor: Actor, *, delivery: int) -> None:
    """Sends a message again, under its id."""
    outbox.replay(actor, delivery=delivery, now=utc_now())
    note(actor, "webhook_replayed", object_type="delivery", object_id=delivery)


def send_webhooks(
    actor: Actor,
    *,
    workspace: Workspace,
    clock: Callable[[], datetime] = utc_now,
    chance: Callable[[], float] = _LUCK.random,
) -> Sent:
    """Spreads new facts to the endpoints that hear of them and sends what is due; an endpoint shut is journaled."""
    while outbox.spread_facts(actor, now=clock()):
        continue
    sent = outbox.send_due(actor, clock=clock, chance=chance, private_hosts=workspace.webhook_hosts)
    for endpoint, reason in sent.disabled:
        note(actor, "webhook_disabled", object_type=_OBJECT, object_id=endpoint, reason=reason)
    return sent
