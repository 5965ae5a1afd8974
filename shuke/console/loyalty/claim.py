"""Claiming an order that carried no member number, from the member's own card."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from shuke.console.loyalty import show_card
from shuke.console.loyalty.card import HOLDER, by_link
from shuke.kernel.clock import utc_now
from shuke.loyalty import queries
from shuke.loyalty.rules.refusals import Refusal
from shuke.procedures.claim_order import claim_order


@require_http_methods(["GET", "POST"])
@by_link
def card_claim(request: HttpRequest, *, token: str, account_id: int) -> HttpResponse:
    """Asks for the points of an order that carried no member number; a form of its own, for it needs its origin."""
    told: dict[str, Any] = {}
    if request.method == "POST":
        told = _claimed(request, account_id)
    context = {"token": token, "given": request.POST, **told}
    answer = render(request, "loyalty/card_claim.html", context, status=200 if told.get("good", True) else 409)
    # The form protection compares where a form came from, so this page tells it to this very site.
    answer["Referrer-Policy"] = "same-origin"
    return answer


def _claimed(request: HttpRequest, account_id: int) -> dict[str, Any]:
    amount = show_card.minor(request.POST.get("amount", ""), currency=settings.WORKSPACE.currency)
    order_no, now = request.POST.get("order_no", "").replace("\x00", "").strip()[:80], utc_now()
    if amount is None or not order_no:
        return {"good": False, **show_card.claim_words("incomplete", points=0)}
    view = queries.account(HOLDER, account_id=account_id, now=now)
    try:
        answer = claim_order(
            HOLDER, workspace=settings.WORKSPACE, member=view.member_no, order_no=order_no, amount_minor=amount, now=now
        )
    except Refusal as refusal:
        return {"good": False, **show_card.claim_words(refusal.code, points=0)}
    return {"good": True, **show_card.claim_words("granted", points=answer.points)}
