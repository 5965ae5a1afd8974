"""Deliveries: facts are spread to the endpoints that hear of them, sent, tried again, replayed by hand."""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.outbox.actions.positions import advance
from shuke.outbox.adapters import post
from shuke.outbox.models import Delivery, Endpoint
from shuke.outbox.queries import cursor_of, facts_after
from shuke.outbox.rules import is_told, judge, message_id, payload_text, sign
from shuke.outbox.values import Reply, Sent, Verdict

_WEBHOOKS = "webhooks"
# Of one endpoint in one round; a round ends at its first failure, so a dead address costs one time-out.
_A_ROUND = 20
_AT_ONCE = 8


class NoSuchDelivery(ShukeError):
    """No delivery has this number."""

    code = "unknown_delivery"


@transaction.atomic
def spread_facts(actor: Actor, *, now: datetime, limit: int = 5_000) -> int:
    """Makes a delivery of each new fact for each endpoint that hears of it; returns how many facts were looked at.

    The cursor moves in the same transaction: a fact is spread once, whatever is killed when.
    """
    require(actor, Permission.EDIT_SETTINGS)
    since = cursor_of(actor, consumer=_WEBHOOKS)
    open_ones = list(Endpoint.objects.filter(disabled_at__isnull=True))
    if not open_ones:
        last = cursor_of(actor, consumer="relay")
        if last > since:
            advance(actor, consumer=_WEBHOOKS, since=since, to=last)
        return 0
    facts = facts_after(actor, position=since, limit=limit)
    if not facts:
        return 0
    Delivery.objects.bulk_create(
        Delivery(
            endpoint=endpoint,
            fact_id=fact.id,
            message=message_id(fact.id, key=fact.key, recorded_at=fact.recorded_at),
            next_at=now,
        )
        for fact in facts
        for endpoint in open_ones
        if is_told(endpoint.kinds, fact.kind) and fact.recorded_at >= endpoint.created_at
    )
    advance(actor, consumer=_WEBHOOKS, since=since, to=facts[-1].position)
    return len(facts)


@dataclass(frozen=True)
class _Attempt:
    delivery: int
    reply: Reply
    at: datetime


def send_due(
    actor: Actor, *, clock: Callable[[], datetime], chance: Callable[[], float], private_hosts: Collection[str]
) -> Sent:
    """Sends what is due, endpoints side by side, each one's messages in order until one fails.

    The network is used outside of any transaction and by threads that touch no database. Who is killed between an
    answer and its note sends that message again, under the same id.
    """
    require(actor, Permission.EDIT_SETTINGS)
    now = clock()
    due = [
        list(
            Delivery.objects.filter(endpoint=endpoint, state="waiting", next_at__lte=now)
            .select_related("fact", "endpoint")
            .order_by("id")[:_A_ROUND]
        )
        for endpoint in Endpoint.objects.filter(disabled_at__isnull=True).order_by("id")
    ]
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        rounds = pool.map(lambda ones: _send(ones, clock=clock, private_hosts=private_hosts), [d for d in due if d])
        attempts = [attempt for one in rounds for attempt in one]
    noted = [_note(attempt, spread=chance()) for attempt in attempts]
    states = [verdict.state for verdict, _ in noted]
    return Sent(
        delivered=states.count("delivered"),
        postponed=states.count("waiting"),
        failed=states.count("failed"),
        disabled=tuple(shut for _, shut in noted if shut is not None),
    )


def _send(
    deliveries: Sequence[Delivery], *, clock: Callable[[], datetime], private_hosts: Collection[str]
) -> list[_Attempt]:
    attempts = []
    for delivery in deliveries:
        at = clock()
        reply = post(
            delivery.endpoint.url,
            headers=_headers(delivery, at=at),
            body=_body(delivery),
            private_hosts=private_hosts,
        )
        attempts.append(_Attempt(delivery.pk, reply, at))
        if reply.status is None or not 200 <= reply.status < 300:
            break
    return attempts


def _body(delivery: Delivery) -> bytes:
    """The exact bytes of a message: type, time of the fact, data."""
    fact = delivery.fact
    document = {"type": fact.kind, "timestamp": fact.at.isoformat().replace("+00:00", "Z"), "data": fact.payload}
    return payload_text(document).encode()


def _headers(delivery: Delivery, *, at: datetime) -> dict[str, str]:
    timestamp, body = int(at.timestamp()), _body(delivery)
    secrets = [one for one in (delivery.endpoint.secret, delivery.endpoint.old_secret) if one]
    signed = " ".join(sign(one, message=delivery.message, timestamp=timestamp, body=body) for one in secrets)
    return {
        "content-type": "application/json",
        "user-agent": "Shuke-Webhooks/1",
        "webhook-id": delivery.message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signed,
    }


@transaction.atomic
def _note(attempt: _Attempt, *, spread: float) -> tuple[Verdict, tuple[int, str] | None]:
    """Writes down what an attempt came to, and shuts an endpoint that is gone or has failed to the end."""
    delivery = Delivery.objects.select_for_update().get(pk=attempt.delivery)
    endpoint = Endpoint.objects.select_for_update().get(pk=delivery.endpoint_id)
    delivery.attempts += 1
    verdict = judge(attempt.reply, attempts=delivery.attempts, now=attempt.at, spread=spread)
    delivery.state, delivery.next_at, delivery.last_at = verdict.state, verdict.next_at, attempt.at
    delivery.last_status, delivery.last_trouble = attempt.reply.status, attempt.reply.trouble
    delivery.save()
    is_ok = verdict.state == "delivered"
    endpoint.failing_since = None if is_ok else (endpoint.failing_since or attempt.at)
    shut = None
    if endpoint.disabled_at is None and verdict.state == "failed":
        endpoint.disabled_at, endpoint.disabled_reason = attempt.at, "gone" if verdict.is_gone else "failing"
        shut = (int(endpoint.pk), endpoint.disabled_reason)
    endpoint.save()
    return verdict, shut


@transaction.atomic
def replay(actor: Actor, *, delivery: int, now: datetime) -> None:
    """Sends a message again by hand, delivered or not, under the same id; its schedule begins anew."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    changed = Delivery.objects.filter(pk=delivery).update(state="waiting", attempts=0, next_at=now, last_trouble="")
    if not changed:
        raise NoSuchDelivery(f"There is no delivery {delivery}.", hint="The list of deliveries has their numbers.")
