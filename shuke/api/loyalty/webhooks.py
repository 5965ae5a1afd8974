"""Addresses for webhooks: who is told, deliveries, replay by hand."""

from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from shuke.api.loyalty.answers import DeliveryOut, EndpointOut, NumberOut, SecretOut
from shuke.api.loyalty.describing import REFUSALS, described
from shuke.api.loyalty.fields import Strict
from shuke.api.loyalty.writes import actor_of
from shuke.api.loyalty.writing import check_writer, read_body
from shuke.outbox import queries
from shuke.procedures import webhooks

router = Router(tags=["loyalty: webhooks"])


class Endpoint(Strict):
    """An address and what it hears of: kinds such as loyalty.earn, `loyalty.*` or `*`."""

    url: Annotated[str, Field(min_length=1, max_length=500)]
    kinds: Annotated[list[str], Field(min_length=1, max_length=50)]


@router.get("", url_name="webhooks", response={200: list[EndpointOut], **REFUSALS})
def endpoints(request: HttpRequest) -> Any:
    """All endpoints, the newest first."""
    return queries.endpoints(actor_of(request))


@router.post(
    "",
    url_name="webhook-add",
    response={200: SecretOut, **REFUSALS},
    openapi_extra=described("webhooks", Endpoint, needs_key=False),
)
def add(request: HttpRequest) -> Any:
    """Adds an endpoint; its secret is in this answer only."""
    check_writer(actor_of(request))
    asked = read_body(Endpoint, request.body)
    number, secret = webhooks.add_endpoint(
        actor_of(request), workspace=settings.WORKSPACE, url=asked.url, kinds=asked.kinds
    )
    return {"id": number, "secret": secret}


@router.post("/{int:endpoint}/disable", url_name="webhook-disable", response={200: NumberOut, **REFUSALS})
def disable(request: HttpRequest, endpoint: int) -> Any:
    """Tells an endpoint nothing more."""
    check_writer(actor_of(request))
    webhooks.disable_endpoint(actor_of(request), endpoint=endpoint)
    return {"id": endpoint}


@router.post("/{int:endpoint}/enable", url_name="webhook-enable", response={200: NumberOut, **REFUSALS})
def enable(request: HttpRequest, endpoint: int) -> Any:
    """Tells an endpoint again, first what waits for it."""
    check_writer(actor_of(request))
    webhooks.enable_endpoint(actor_of(request), endpoint=endpoint)
    return {"id": endpoint}


@router.post("/{int:endpoint}/secret", url_name="webhook-secret", response={200: SecretOut, **REFUSALS})
def renew(request: HttpRequest, endpoint: int) -> Any:
    """Gives a new secret; the one before signs beside it until the next renewal."""
    check_writer(actor_of(request))
    return {"id": endpoint, "secret": webhooks.renew_secret(actor_of(request), endpoint=endpoint)}


@router.get("/{int:endpoint}/deliveries", url_name="webhook-deliveries", response={200: list[DeliveryOut], **REFUSALS})
def deliveries(request: HttpRequest, *, endpoint: int, limit: int = 100) -> Any:
    """The newest deliveries of an endpoint."""
    return queries.deliveries(actor_of(request), endpoint=endpoint, limit=max(1, min(limit, 1000)))


@router.post("/deliveries/{int:delivery}/replay", url_name="webhook-replay", response={200: NumberOut, **REFUSALS})
def replay(request: HttpRequest, delivery: int) -> Any:
    """Sends a message again under its id."""
    check_writer(actor_of(request))
    webhooks.replay(actor_of(request), delivery=delivery)
    return {"id": delivery}
