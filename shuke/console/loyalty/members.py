"""Members: the list by tier, the search, opening an account."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuke.access.rules import Permission, may
from shuke.console.frame import formats
from shuke.console.frame.context import language_code
from shuke.console.frame.errors import words_of
from shuke.console.frame.page import PageRequest, page
from shuke.console.loyalty import show_rules
from shuke.customers.queries import search
from shuke.kernel.errors import ShukeError
from shuke.loyalty.queries import programme as programme_of
from shuke.loyalty.queries.members import account_id_of, may_see, members
from shuke.loyalty.queries.overview import tier_counts
from shuke.loyalty.rules.refusals import UnknownMember
from shuke.procedures.counter_work import enrol

_PAGE = 50


@page(Permission.SEE_MEMBERS)
def member_list(request: PageRequest) -> HttpResponse:
    """The members of the actor's stores, by tier or by points that end soon; or those that a text finds."""
    query = request.GET.get("q", "").strip()[:80]
    if query and (found := _by_number(request, query)):
        return redirect("member", member_no=found)
    return _members(request, query=query)


def _by_number(request: PageRequest, query: str) -> str:
    try:
        account = account_id_of(request.actor, member_no=query)
    except UnknownMember:
        return ""
    seen = may_see(request.actor, lake=request.lake, account_id=account)
    return query if seen else ""


def _members(
    request: PageRequest, *, query: str = "", trouble: str = "", given: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    actor, lake, language = request.actor, request.lake, language_code()
    names = show_rules.tier_names(programme_of(request.actor, workspace=request.workspace).perks, language=language)
    counts = tier_counts(actor, lake=lake)
    tier = request.GET.get("tier", "") if request.GET.get("tier") in names else ""
    expiring = request.GET.get("expiring") == "yes"
    place = int(given_page) if (given_page := request.GET.get("page", "0")).isdecimal() and len(given_page) < 6 else 0
    ids = _customers(request, query) if query else None
    people = members(
        actor, lake=lake, tier=tier, expiring=expiring, order="expiring" if expiring else "points",
        customer_ids=ids, limit=_PAGE + 1, skip=place * _PAGE,
    )  # fmt: skip
    if query and len(people) == 1:
        return redirect("member", member_no=people[0].member_no)
    everyone = sum(one.members for one in counts)
    context = {
        "tab": "members",
        "headline": _headline(query, found=len(people), everyone=everyone, tier=names.get(tier, ""), expiring=expiring),
        "told": _told(counts, expiring=expiring, language=language),
        "query": query,
        "placeholder": _placeholder(request),
        "people": [{**vars(one), "tier_name": names.get(one.tier, one.tier)} for one in people[:_PAGE]],
        "tiers": [
            {"code": code, "name": name, "people": sum(one.members for one in counts if one.tier == code)}
            for code, name in names.items()
        ],
        "everyone": everyone,
        "expiring_people": sum(one.expiring_members for one in counts),
        "tier": tier,
        "expiring": expiring,
        "keep": f"tier={tier}&" if tier else "expiring=yes&" if expiring else "",
        "earlier": place - 1 if place else None,
        "later": place + 1 if len(people) > _PAGE else None,
        "nothing": _("No member here yet: the list is filled with the next computation of the week."),
        "may_work": may(actor, Permission.WORK_LOYALTY),
        "once": uuid4().hex,
        "trouble": trouble,
        "given": given or {},
    }
    return render(request, "loyalty/members.html", context, status=status)


def _customers(request: PageRequest, query: str) -> list[int]:
    if not may(request.actor, Permission.SEE_CUSTOMERS):
        return []
    return search(request.actor, lake=request.lake, text=query, limit=_PAGE)


def _placeholder(request: PageRequest) -> str:
    if may(request.actor, Permission.SEE_CUSTOMERS):
        return _("Member number, phone tail, name, card or order number")
    return _("Member number")


def _headline(query: str, *, found: int, everyone: int, tier: str, expiring: bool) -> str:
    if query:
        return ngettext(
            "%(n)s member found for “%(query)s”", "%(n)s members found for “%(query)s”", found
        ) % {"n": formats.count(found), "query": query}  # fmt: skip
    if tier:
        return _("Members of %(tier)s") % {"tier": tier}
    if expiring:
        return _("Members whose points end within 30 days")
    return _("%(n)s members") % {"n": formats.count(everyone)}


def _told(counts: Any, *, expiring: bool, language: str) -> str:
    if not expiring:
        return ""
    facts = {
        "points": formats.points(sum(one.expiring for one in counts), language),
        "people": formats.count(sum(one.expiring_members for one in counts)),
    }
    return _("%(points)s of %(people)s members, the earliest first.") % facts


@page(Permission.WORK_LOYALTY, method="POST")
def member_enrol(request: PageRequest) -> HttpResponse:
    """Opens an account; a number that is taken, or a customer that is not found, is told beside the form."""
    given = {key: request.POST.get(key, "").strip()[:80] for key in ("member_no", "customer")}
    ids = _customers(request, given["customer"]) if given["customer"] else []
    if given["customer"] and len(ids) != 1:
        trouble = _("No customer, or more than one, has this. Leave it empty, or give the whole phone or card number.")
        return _members(request, trouble=trouble, given=given, status=409)
    try:
        enrol(
            request.actor, member=given["member_no"], customer_id=ids[0] if ids else None,
            once=request.POST.get("once", "")[:40] or uuid4().hex,
        )  # fmt: skip
    except ShukeError as error:
        told = words_of(error)
        return _members(request, trouble=f"{told.title}. {told.hint}", given=given, status=409)
    return redirect("member", member_no=given["member_no"])
