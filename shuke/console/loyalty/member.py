"""One member's account: the balance with what explains it, lots, statement, tier, benefits, coupons, holds."""

from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shuke.access.rules import Permission, may
from shuke.console.frame.context import language_code
from shuke.console.frame.page import PageRequest, page
from shuke.console.loyalty import show_member as show
from shuke.console.loyalty import show_rules
from shuke.kernel.clock import today, utc_now
from shuke.loyalty import queries
from shuke.loyalty.queries import papers
from shuke.loyalty.queries.accounts import AccountView
from shuke.loyalty.queries.adjustments import adjustments
from shuke.loyalty.queries.cards import has_card
from shuke.loyalty.queries.members import account_id_of, may_see, person
from shuke.loyalty.rules.refusals import UnknownMember
from shuke.procedures.counter_work import birthday_of

_LINES = 50


def seen(request: PageRequest, member_no: str, *, now: datetime) -> AccountView:
    """The account of a member number where the actor may see it; raises `UnknownMember`."""
    account_id = account_id_of(request.actor, member_no=member_no)
    if not may_see(request.actor, lake=request.lake, account_id=account_id):
        raise UnknownMember(f"Nobody of your stores has the number {member_no}.", hint="Check the number on the card.")
    return queries.account(request.actor, member=member_no, now=now)


@page(Permission.SEE_MEMBERS)
def member(request: PageRequest, member_no: str) -> HttpResponse:
    """Everything of one account on one page."""
    now = utc_now()
    view = seen(request, member_no, now=now)
    if view.member_no != member_no:
        return redirect("member", member_no=view.member_no)
    return shown(request, view, now=now)


def shown(
    request: PageRequest, view: AccountView, *, now: datetime, card_link: dict[str, Any] | None = None
) -> HttpResponse:
    """The page of an account; `card_link` is a link that was just made and is shown this once."""
    actor, accounts = request.actor, view.accounts
    programme = queries.programme(actor, workspace=request.workspace)
    context = {
        "tab": "members",
        "view": view,
        "balance": view.balance,
        "person": person(actor, lake=request.lake, customer_id=view.customer_id),
        "opened_on": view.opened_at.astimezone(ZoneInfo(programme.zone)).date(),
        "frozen": view.frozen_reason,
        "card_link": card_link,
        "has_card": has_card(actor, account_id=view.account_id),
        "once": uuid4().hex,
        "adjustments": [show.adjustment(one) for one in adjustments(actor, account_id=view.account_id, limit=10)],
        "joined": [show.joined(one) for one in papers.joinings(actor, accounts=accounts)],
        "holds": [
            {"points": one.points, "until": one.until, "order": one.order_no}
            for one in papers.open_holds(actor, accounts=accounts, now=now)
        ],
        "may_customer": may(actor, Permission.SEE_CUSTOMERS),
        "may_finance": may(actor, Permission.SEE_FINANCE),
        "may_work": may(actor, Permission.WORK_LOYALTY) and not view.frozen_reason,
        "may_adjust": may(actor, Permission.ADJUST_POINTS),
        **_points(request, view, accounts=accounts, now=now),
        **_perks(request, view, accounts=accounts, now=now),
        **_statement(request, view, before=None),
    }
    return render(request, "loyalty/member.html", context)


def _points(request: PageRequest, view: AccountView, *, accounts: tuple[int, ...], now: datetime) -> dict[str, Any]:
    """The balance in a sentence, as a sum, and by its lots."""
    actor, language = request.actor, language_code()
    programme = queries.programme(actor, workspace=request.workspace)
    near = today(programme.zone)
    found = queries.lots(actor, account=view.account_id, now=now)
    ends = [
        lot for lot in found if lot.free and lot.expires_at is not None and lot.available_at <= now < lot.expires_at
    ]
    first = min((lot.expires_at for lot in ends if lot.expires_at is not None), default=None)
    next_on = show.last_day(first, zone=programme.zone) if first else None
    rows, more = show.lots(found, now=now, zone=programme.zone, near=near, language=language)
    return {
        "sentence": show.sentence(
            view.balance,
            next_points=sum(lot.free for lot in ends if lot.expires_at == first),
            next_on=next_on,
            near=near,
            language=language,
        ),
        "flows": show.flows(papers.book_sums(actor, accounts=accounts), view.balance),
        "lots": rows,
        "lots_more": more,
    }


def _perks(request: PageRequest, view: AccountView, *, accounts: tuple[int, ...], now: datetime) -> dict[str, Any]:
    """Tier, benefits and coupons."""
    actor, language = request.actor, language_code()
    programme = queries.programme(actor, workspace=request.workspace)
    perks, near = programme.perks, today(programme.zone)
    birthday = birthday_of(request.workspace, customer_id=view.customer_id)
    booked = papers.bookings(actor, accounts=accounts)
    held = [
        show.coupon(one, near=near, zone=programme.zone, language=language)
        for one in queries.coupons(actor, account=view, now=now)
    ]
    held.sort(key=lambda one: not one["open"])
    return {
        "tier": show.tier(
            queries.tier_progress(actor, account=view, now=now), perks=perks, near=near, language=language
        ),
        "badges": [
            show_rules.name(one, language=language) for one in queries.badges(actor, account=view) if one.is_earned
        ],
        "benefits": [
            show.benefit(one, perks=perks, booked=booked, near=near, language=language)
            for one in queries.benefits(actor, account=view, now=now, birthday=birthday)
        ],
        "coupons": held[:12],
        "open_coupons": sum(one["open"] for one in held),
        "campaigns": [(one.code, show_rules.name(one, language=language)) for one in perks.campaigns.values()],
    }


def _statement(request: PageRequest, view: AccountView, *, before: int | None) -> dict[str, Any]:
    found = queries.statement(request.actor, account=view.account_id, before=before, limit=_LINES, now=utc_now())
    return {
        "lines": [show.line(one) for one in found],
        "earlier": found[-1].txn if len(found) == _LINES else None,
        "is_later": before is not None,
    }


@page(Permission.SEE_MEMBERS)
def member_statement(request: PageRequest, member_no: str) -> HttpResponse:
    """One page of the statement further back; alone for a part of the page, else with its frame."""
    view = seen(request, member_no, now=utc_now())
    given = request.GET.get("before", "")
    before = int(given) if given.isdecimal() and len(given) < 19 else None
    context = {"view": view, **_statement(request, view, before=before)}
    return render(request, "loyalty/statement.html" if request.htmx else "loyalty/statement_page.html", context)
