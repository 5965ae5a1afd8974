"""Addresses of the back office: adjustments that another one approves, claims of orders, days that are closed."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router

from shuke.api.loyalty.answers import AdjustmentOut, ClosedDayOut, NumberOut, WriteOut
from shuke.api.loyalty.bodies import AskAdjustment, ClaimOrder
from shuke.api.loyalty.describing import REFUSALS, described
from shuke.api.loyalty.writes import actor_of, body_of
from shuke.api.loyalty.writing import MOST_BYTES, answer_document, check_writer, read_body
from shuke.kernel.clock import utc_now
from shuke.loyalty.queries.adjustments import adjustments as read_adjustments
from shuke.loyalty.queries.finance import day_closes
from shuke.procedures import adjust_points
from shuke.procedures.claim_order import claim_order
from shuke.procedures.close_day import close_days

router = Router(tags=["loyalty: office"])


@router.get("/adjustments", url_name="loyalty-adjustments", response={200: list[AdjustmentOut], **REFUSALS})
def adjustments(request: HttpRequest, *, state: str = "", limit: int = 50) -> Any:
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


@router.post(
    "/claim",
    url_name="loyalty-claim",
    response={200: WriteOut, **REFUSALS},
    openapi_extra=described("claim", ClaimOrder, needs_key=False),
)
def claim(request: HttpRequest) -> Any:
    """Gives a member the points of an order that has no member (delivery, marketplace); tries are limited.

    Every reason against it is refused alike, so that nobody learns which numbers exist. A claim counts once anyway.
    """
    check_writer(actor_of(request))
    asked = read_body(ClaimOrder, body_of(request, most=MOST_BYTES))
    answer = claim_order(
        actor_of(request),
        workspace=settings.WORKSPACE,
        member=asked.member,
        order_no=asked.order_no,
        amount_minor=asked.amount_minor,
        now=utc_now(),
    )
    return answer_document(answer)


@router.get("/days", url_name="loyalty-days", response={200: list[ClosedDayOut], **REFUSALS})
def days(request: HttpRequest, *, since: date | None = None, limit: int = 60) -> Any:
    """Closed business days, the latest first: points by kind of movement, and what differs from the day's sales."""
    return day_closes(actor_of(request), since=since, limit=max(1, min(limit, 400)))


@router.post("/days", url_name="loyalty-close-days", response={200: list[ClosedDayOut], **REFUSALS})
def close(request: HttpRequest) -> Any:
    """Closes every day that is over and not closed yet; gives those that were."""
    check_writer(actor_of(request))
    return close_days(actor_of(request), now=utc_now(), workspace=settings.WORKSPACE)


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
