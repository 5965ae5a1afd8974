"""Work on one account: benefits, coupons, the member's card, and adjustments with their approval."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_variables

from shuke.access.rules import Permission, may
from shuke.console.frame import formats
from shuke.console.frame.drawings import qr
from shuke.console.frame.page import PageRequest, page
from shuke.console.loyalty import show_member as show
from shuke.console.loyalty.member import seen, shown
from shuke.kernel.clock import utc_now
from shuke.loyalty.actions.cards import close_card, give_card
from shuke.loyalty.queries import programme as programme_of
from shuke.loyalty.queries.adjustments import AdjustmentRow, adjustments
from shuke.loyalty.rules.refusals import NoReason
from shuke.procedures import adjust_points, counter_work


@page(Permission.WORK_LOYALTY, method="POST")
def benefit_take(request: PageRequest, member_no: str) -> HttpResponse:
    """Books or uses a benefit, uses a booking, or cancels it."""
    view = seen(request, member_no, now=utc_now())
    asked, once = request.POST, _once(request)
    given = asked.get("booking", "")
    booking = int(given) if given.isdecimal() and len(given) < 19 else None
    number, benefit = view.member_no, asked.get("benefit", "")[:60]
    birthday = counter_work.birthday_of(request.workspace, customer_id=view.customer_id)
    remark, deed = asked.get("remark", "").strip()[:200], asked.get("deed", "")
    if deed == "book":
        counter_work.book_benefit(
            request.actor, member=number, benefit=benefit, birthday=birthday, remark=remark, once=once
        )
        messages.success(request, _("Booked. It counts against the quota of this period."))
    elif deed == "use":
        counter_work.use_benefit(
            request.actor, member=number, benefit=benefit, booking=booking, birthday=birthday, remark=remark, once=once
        )
        messages.success(request, _("Recorded: the benefit was used."))
    elif deed == "cancel" and booking is not None:
        counter_work.cancel_benefit(request.actor, member=number, booking=booking, once=once)
        messages.success(request, _("Cancelled. The quota is free again."))
    else:
        raise Http404
    return redirect(reverse("member", kwargs={"member_no": number}) + "#benefits")


@page(Permission.WORK_LOYALTY, method="POST")
def coupon_issue(request: PageRequest, member_no: str) -> HttpResponse:
    """Gives the member one coupon of a campaign."""
    view = seen(request, member_no, now=utc_now())
    campaign = request.POST.get("campaign", "")[:60]
    counter_work.give_coupon(request.actor, member=view.member_no, campaign=campaign, once=_once(request))
    messages.success(request, _("The coupon is on the account."))
    return redirect(reverse("member", kwargs={"member_no": view.member_no}) + "#coupons")


@page(Permission.WORK_LOYALTY, method="POST")
@sensitive_variables()
def card_give(request: PageRequest, member_no: str) -> HttpResponse:
    """Makes a link to the member's card, shown in this very answer and kept nowhere."""
    now = utc_now()
    view = seen(request, member_no, now=now)
    token, until = give_card(request.actor, account_id=view.account_id, now=now)
    address = request.build_absolute_uri(reverse("card", kwargs={"token": token}))
    link = {"address": address, "until": until.date(), "code": qr(address, label=_("QR code of the link"))}
    return shown(request, view, now=now, card_link=link)


@page(Permission.WORK_LOYALTY, method="POST")
def card_close(request: PageRequest, member_no: str) -> HttpResponse:
    """Shuts the link; it stops at once."""
    view = seen(request, member_no, now=utc_now())
    close_card(request.actor, account_id=view.account_id)
    messages.success(request, _("The link is shut."))
    return redirect("member", member_no=view.member_no)


@page(Permission.ADJUST_POINTS, method="POST")
def adjustment_ask(request: PageRequest, member_no: str) -> HttpResponse:
    """Asks for an adjustment; nothing moves before another person agrees."""
    view = seen(request, member_no, now=utc_now())
    text = request.POST.get("points", "").strip().replace("−", "-").replace(",", "").replace("，", "")
    if not text.lstrip("+-").isdecimal() or len(text) > 9:
        raise NoReason("A whole number of points is needed.", hint="Write 120 or -80.")
    adjust_points.ask(request.actor, member=view.member_no, points=int(text), reason=request.POST.get("reason", ""))
    messages.success(request, _("Asked. It moves as soon as another person approves it."))
    return redirect("member", member_no=view.member_no)


@page(Permission.ADJUST_POINTS)
def adjustment_list(request: PageRequest) -> HttpResponse:
    """What waits for a decision, and what was decided lately."""
    asked = adjustments(request.actor, state="asked")
    decided = [one for one in adjustments(request.actor, limit=60) if one.state != "asked"]
    mine = sum(one.own for one in asked)
    waiting = len(asked) - mine
    may_approve = may(request.actor, Permission.APPROVE_POINTS)
    if waiting and may_approve:
        headline = ngettext(
            "%(n)s adjustment waits for you", "%(n)s adjustments wait for you", waiting
        ) % {"n": waiting}  # fmt: skip
    elif asked:
        headline = ngettext(
            "%(n)s adjustment waits for another person", "%(n)s adjustments wait for another person", len(asked)
        ) % {"n": len(asked)}  # fmt: skip
    else:
        headline = _("No adjustment waits")
    context = {
        "headline": headline,
        "waiting": [_shown(request, one) for one in asked],
        "decided": [_shown(request, one) for one in decided],
        "may_approve": may_approve,
        "may_open": may(request.actor, Permission.SEE_MEMBERS),
    }
    return render(request, "loyalty/adjustments.html", context)


def _shown(request: PageRequest, one: AdjustmentRow) -> dict[str, Any]:
    programme = programme_of(request.actor, workspace=request.workspace)
    minor = abs(one.points) * programme.point_cost_thousandths // 1000
    after = _("worth about %(money)s") % {"money": formats.money(minor, programme.currency)}
    return {**show.adjustment(one), "after": after}


@page(Permission.APPROVE_POINTS, method="POST")
def adjustment_decide(request: PageRequest, adjustment_id: int) -> HttpResponse:
    """Approves or refuses an adjustment that somebody else asked for."""
    deed = request.POST.get("deed", "")
    if deed == "approve":
        answer = adjust_points.approve(request.actor, adjustment=adjustment_id)
        facts = {"no": answer.member, "points": show.signed(answer.points)}
        messages.success(request, _("Approved: %(points)s points on the account %(no)s.") % facts)
    elif deed == "reject":
        adjust_points.reject(request.actor, adjustment=adjustment_id)
        messages.success(request, _("Refused. Nothing has moved."))
    else:
        raise Http404
    return redirect("adjustments")


def _once(request: PageRequest) -> str:
    return request.POST.get("once", "")[:40] or uuid4().hex
