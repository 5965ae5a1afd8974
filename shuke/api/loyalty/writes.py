"""Addresses of writes, one a deed, and of batches; the bare machine door answers some of them before Django."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import Router

from shuke.access.rules import Permission, require
from shuke.api.access import bearer, ring
from shuke.api.loyalty.answers import BatchOut, WriteOut
from shuke.api.loyalty.batch import Batch, carry_out_batch
from shuke.api.loyalty.bodies import DEEDS
from shuke.api.loyalty.describing import REFUSALS, described
from shuke.api.loyalty.desk import desk
from shuke.api.loyalty.writing import MOST_BATCH_BYTES, MOST_BYTES, TooLong, answer_document, read_command
from shuke.kernel.actor import Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import ShukeError
from shuke.loyalty.values.commands import Command
from shuke.loyalty.values.ledger import Answer

router = Router(tags=["loyalty: writes"])


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = vars(request)["auth"]
    return actor


def body_of(request: HttpRequest, *, most: int) -> bytes:
    """The request's body. Raises `TooLong`."""
    if int(request.headers.get("Content-Length") or 0) > most:
        raise TooLong(f"A request may have {most} bytes.", hint="Send less at once.")
    return request.body


def carry_out(request: HttpRequest, *, deed: str) -> JsonResponse:
    """One write of a request."""
    actor, now = actor_of(request), utc_now()
    require(actor, Permission.WORK_LOYALTY)
    key = request.headers.get("Idempotency-Key")
    body = body_of(request, most=MOST_BYTES)
    answer = desk.submit(actor, read_command(actor, deed=deed, key=key, body=body, now=now))
    return JsonResponse(answer_document(answer), json_dumps_params={"ensure_ascii": False})


@router.post(
    "/batch",
    url_name="loyalty-batch",
    response={200: BatchOut, **REFUSALS},
    openapi_extra=described("batch", Batch, needs_key=False),
)
def batch(request: HttpRequest) -> JsonResponse:
    """Up to 1,000 writes, each with its own key and its own answer or refusal; all that succeed are one commit."""
    actor, now = actor_of(request), utc_now()
    require(actor, Permission.WORK_LOYALTY)

    def submit(commands: Sequence[Command]) -> Sequence[Answer | ShukeError]:
        return desk.submit_all(actor, commands)

    def allow(items: int) -> None:
        key = bearer(request.headers.get("Authorization", ""))
        holder = ring.holder(key) if key else None
        if holder is not None:
            ring.spend(holder, tokens=items)

    document = carry_out_batch(actor, body=body_of(request, most=MOST_BATCH_BYTES), now=now, submit=submit, allow=allow)
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False})


def _address(deed: str) -> Callable[[HttpRequest], Any]:
    def view(request: HttpRequest) -> JsonResponse:
        return carry_out(request, deed=deed)

    view.__name__ = f"loyalty_{deed.replace('/', '_')}"
    view.__doc__ = DEEDS[deed].__doc__
    return view


for _deed in DEEDS:
    router.post(
        f"/{_deed}",
        url_name=f"loyalty-{_deed.replace('/', '-')}",
        response={200: WriteOut, **REFUSALS},
        openapi_extra=described(_deed, DEEDS[_deed]),
    )(_address(_deed))
