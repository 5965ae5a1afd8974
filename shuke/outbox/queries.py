"""Reads of the outbox: facts by position, cursors, endpoints and deliveries."""

from collections.abc import Sequence

from django.db.models import Count

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.outbox.models import Consumer, Delivery, Endpoint, Fact
from shuke.outbox.values import DeliveryView, EndpointView, PlacedFact


def cursor_of(actor: Actor, *, consumer: str) -> int:
    """The position up to which a consumer has read; 0 for one that never did."""
    require(actor, Permission.SEE_JOURNAL)
    found = Consumer.objects.filter(name=consumer).first()
    return found.position if found else 0


def facts_after(actor: Actor, *, position: int, limit: int) -> Sequence[PlacedFact]:
    """The next facts after a position, in order, without a gap."""
    require(actor, Permission.SEE_JOURNAL)
    found = Fact.objects.filter(position__gt=position).order_by("position")[:limit]
    return [
        PlacedFact(
            position=fact.position or 0,
            id=fact.pk,
            kind=fact.kind,
            key=fact.key,
            object_id=fact.object_id,
            payload=fact.payload,
            at=fact.at,
            recorded_at=fact.recorded_at,
        )
        for fact in found
    ]


def endpoints(actor: Actor) -> Sequence[EndpointView]:
    """All endpoints, the newest first, without their secrets."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    counted = Delivery.objects.values_list("endpoint_id", "state").annotate(number=Count("pk")).order_by()
    counts = {(endpoint, state): number for endpoint, state, number in counted}
    return [
        EndpointView(
            id=one.pk,
            url=one.url,
            kinds=tuple(one.kinds),
            created_at=one.created_at,
            disabled_at=one.disabled_at,
            disabled_reason=one.disabled_reason,
            failing_since=one.failing_since,
            waiting=counts.get((one.pk, "waiting"), 0),
            delivered=counts.get((one.pk, "delivered"), 0),
            failed=counts.get((one.pk, "failed"), 0),
        )
        for one in Endpoint.objects.order_by("-id")
    ]


def deliveries(actor: Actor, *, endpoint: int, limit: int = 100) -> Sequence[DeliveryView]:
    """The newest deliveries of an endpoint."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    found = Delivery.objects.filter(endpoint_id=endpoint).select_related("fact").order_by("-id")[:limit]
    return [
        DeliveryView(
            id=one.pk,
            message=one.message,
            kind=one.fact.kind,
            state=one.state,
            attempts=one.attempts,
            next_at=one.next_at,
            last_at=one.last_at,
            last_status=one.last_status,
            last_trouble=one.last_trouble,
        )
        for one in found
    ]
