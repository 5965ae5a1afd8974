"""Addresses of the back office: adjustments that another one approves, claims of orders, days that are closed."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from shuke.api.loyalty.answers import AdjustmentOut, NumberOut, WriteOut
from shuke.api.loyalty.bodies import AskAdjustment
from shuke.api.loyalty.describing import REFUSALS, described
from shuke.api.loyalty.writes import actor_of, body_of
from shuke.api.loyalty.writing import MOST_BYTES, answer_document, check_writer, read_body
from shuke.loyalty.queries.adjustments import adjustments as read_adjustments
from shuke.procedures import adjust_points

router = Router(tags=["loyalty: office"])


@router.get("/adjustments", url_name="loyalty-adjustments", response={200: list[AdjustmentOut], **REFUSALS})
def adjustments(request: HttpRequest, state: str = "", limit: int = 50) -> Any:
    """Adjustments, the newest first; `state` asked are those that wait."""
    found = read_adjustments(actor_of(request), state=state, limit=max(1, min(limit, 500)))
    shown = AdjustmentOut.model_fields
    return [{name: getattr(one, "member_no" if name == "member" else name) for name in shown} for one in found]


@router.post(
    "/adjustments",
    url_name="loyalty-adjust",
    response={200: NumberOut, **REFUSALS},
    openapi_extra=described("adjustments", AskAdjustment, needs_key=False),
)
def ask(request: HttpRequest) -> Any:
    """Asks for points to be added or taken; nothing moves until somebody else approves."""
    check_writer(actor_of(request))
    asked = read_body(AskAdjustment, body_of(request, most=MOST_BYTES))
    number = adjust_points.ask(actor_of(request), member=asked.member, points=asked.points, reason=asked.reason)
    return {"id": number}


@router.post("/adjustments/{int:adjustment}/approve", url_name="loyalty-approve", response={200: WriteOut, **REFUSALS})
def approve(request: HttpRequest, adjustment: int) -> Any:
    """Moves the points of an adjustment that somebody else asked for; one's own is refused."""
    check_writer(actor_of(request))
    return answer_document(adjust_points.approve(actor_of(request), adjustment=adjustment))


@router.post("/adjustments/{int:adjustment}/reject", url_name="loyalty-reject", response={200: NumberOut, **REFUSALS})
def reject(request: HttpRequest, adjustment: int) -> Any:
    """Closes an adjustment without moving anything."""
    check_writer(actor_of(request))
    adjust_points.reject(actor_of(request), adjustment=adjustment)
    return {"id": adjustment}
