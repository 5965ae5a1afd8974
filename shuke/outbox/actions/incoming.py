"""Messages of somebody else's webhook: signed, in time, and each taken in once."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError, WrongUse
from shuke.outbox.models import Received
from shuke.outbox.rules import verify

# Senders try for three days; longer than that nothing can come again with a time that is accepted.
_KEPT = timedelta(days=7)


class ReplayedWebhook(ShukeError):
    """A message that was taken in already came again."""

    code = "replayed_webhook"


class BadMessage(WrongUse):
    """A signed message is no JSON object, or carries no id."""

    code = "bad_message"


def take_in(
    actor: Actor, *, source: str, secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime
) -> dict[str, Any]:
    """The document of a webhook whose signature, time and newness hold; call it in the transaction of its effect.

    `headers` by their lower-case names: webhook-id, webhook-timestamp, webhook-signature. Raises `BadSignature`,
    `ReplayedWebhook` (answer it with 200: the sender only wants to know that it arrived), `BadMessage`.
    """
    require(actor, Permission.EDIT_SETTINGS)
    message = headers.get("webhook-id", "")
    if not 0 < len(message) <= 120:
        raise BadMessage("The message carries no id.", hint="Send webhook-id.")
    timestamp, signatures = headers.get("webhook-timestamp", ""), headers.get("webhook-signature", "")
    verify(secrets, message=message, timestamp=timestamp, signatures=signatures, body=body, now=now)
    try:
        document = json.loads(body)
    except ValueError as error:
        raise BadMessage("The message is no JSON.", hint="Send a JSON object in UTF-8.") from error
    if not isinstance(document, dict):
        raise BadMessage("The message is no JSON object.", hint="Send a JSON object in UTF-8.")
    Received.objects.filter(received_at__lt=now - _KEPT).delete()
    try:
        with transaction.atomic():
            Received.objects.create(source=source, message=message, received_at=now)
    except IntegrityError as error:
        raise ReplayedWebhook(f"Message {message} was taken in before.", hint="Nothing was done again.") from error
    return document
