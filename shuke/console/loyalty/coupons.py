"""Coupons: campaigns with what became of their coupons, budgets, and why coupons were refused."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuke.access.rules import Permission
from shuke.console.frame import formats, words
from shuke.console.frame.context import language_code
from shuke.console.frame.drawings import bar, progress
from shuke.console.frame.page import PageRequest, page
from shuke.console.loyalty import show_rules
from shuke.kernel.clock import today, utc_now
from shuke.loyalty.queries import budgets, campaign_counts, refusals
from shuke.loyalty.queries import programme as programme_of
from shuke.loyalty.values.coupons import BudgetView, Campaign
from shuke.loyalty.values.ledger import Programme
from shuke.loyalty.values.perk_views import CampaignCount

_SHOWN = 50


@page(Permission.SEE_LOYALTY)
def loyalty_coupons(request: PageRequest) -> HttpResponse:
    """Every campaign: issued, held, used, refused with the commonest reason; budgets; what goes together."""
    actor, language = request.actor, language_code()
    programme = programme_of(actor, workspace=request.workspace)
    counts = campaign_counts(actor, now=utc_now())
    rows = [
        _campaign(one, programme=programme, count=counts.get(code), language=language)
        for code, one in programme.perks.campaigns.items()
    ]
    context = {
        "headline": _headline(rows),
        "campaigns": sorted(rows, key=lambda row: bool(row["over"])),
        "budgets": [_budget(one, programme=programme, language=language) for one in budgets(actor).values()],
        "groups": _groups(programme, language=language),
    }
    return render(request, "loyalty/coupons.html", context)


def _headline(rows: Sequence[Mapping[str, Any]]) -> str:
    running = [row for row in rows if not row["over"]]
    facts = {
        "n": len(running),
        "open": formats.count(sum(row["issued"] for row in running)),
        "used": formats.count(sum(row["used"] for row in rows)),
    }
    if not any(row["issued"] or row["used"] for row in rows):
        return (
            ngettext("%(n)s campaign, no coupon given yet", "%(n)s campaigns, no coupon given yet", len(running))
            % facts
        )
    return _("%(open)s coupons are in members' hands, %(used)s have been used") % facts


def _campaign(found: Campaign, *, programme: Programme, count: CampaignCount | None, language: str) -> dict[str, Any]:
    count = count or CampaignCount()
    refused = sum(count.refused.values())
    most = max(count.refused, key=lambda reason: (count.refused[reason], reason), default="")
    given = count.issued + count.held + count.used
    day = today(programme.zone)
    over = ""
    if found.until is not None and found.until < day:
        over = _("over since %(day)s") % {"day": formats.day(found.until, language, near=day)}
    elif found.since is not None and found.since > day:
        over = _("begins on %(day)s") % {"day": formats.day(found.since, language, near=day)}
    return {
        "code": found.code,
        "name": show_rules.name(found, language=language),
        "rule": show_rules.campaign_rule(found, perks=programme.perks, language=language),
        "issued": count.issued,
        "held": count.held,
        "used": count.used,
        "used_share": count.used / given if given else 0,
        "refused": refused,
        "mostly": words.word(words.COUPON_REFUSALS, most),
        "over": over,
    }


def _budget(found: BudgetView, *, programme: Programme, language: str) -> dict[str, Any]:
    spent, currency = found.used_minor + found.reserved_minor, programme.currency
    names = [
        show_rules.name(one, language=language)
        for one in programme.perks.campaigns.values()
        if one.budget == found.code
    ]
    facts = {
        "spent": formats.money_short(spent, currency, language=language),
        "limit": formats.money_short(found.limit_minor, currency, language=language),
        "left": formats.money_short(found.left_minor, currency, language=language),
        "held": formats.money_short(found.reserved_minor, currency, language=language),
    }
    note = (
        _("%(left)s left, %(held)s of the spent is held by open checkouts")
        if found.reserved_minor
        else _("%(left)s left")
    )
    return {
        "name": formats.listed(names, language) or found.code,
        "told": _("%(spent)s of %(limit)s") % facts,
        "picture": progress(spent, total=found.limit_minor or 1, label=_("%(spent)s of %(limit)s") % facts),
        "note": note % facts,
    }


def _groups(programme: Programme, *, language: str) -> list[tuple[str, str]]:
    """Groups of coupons by their campaigns, and how many of each may stand in one checkout."""
    shown = []
    for group in programme.perks.groups.values():
        names = [
            show_rules.name(one, language=language)
            for one in programme.perks.campaigns.values()
            if one.group == group.code
        ]
        if not names:
            continue
        rule = ngettext(
            "at most %(n)s of these in one checkout", "at most %(n)s of these in one checkout", group.at_most
        ) % {"n": group.at_most}  # fmt: skip
        shown.append((formats.listed(names, language), rule))
    return shown


@page(Permission.SEE_MEMBERS)
def loyalty_campaign(request: PageRequest, code: str) -> HttpResponse:
    """Why coupons of a campaign were refused: reasons of 30 days, and the latest cases."""
    language = language_code()
    programme = programme_of(request.actor, workspace=request.workspace)
    found = programme.perks.campaigns.get(code)
    if found is None:
        raise Http404
    count = campaign_counts(request.actor, now=utc_now()).get(code) or CampaignCount()
    reasons = sorted(count.refused.items(), key=lambda one: (-one[1], one[0]))
    total = sum(count.refused.values())
    facts = {"name": show_rules.name(found, language=language), "n": formats.count(total)}
    context = {
        "tab": "loyalty_coupons",
        "name": facts["name"],
        "headline": _("%(name)s was refused %(n)s times in 30 days") % facts,
        "rule": show_rules.campaign_rule(found, perks=programme.perks, language=language),
        "reasons": [
            {
                "name": words.word(words.COUPON_REFUSALS, reason),
                "n": n,
                "picture": bar(n, most=reasons[0][1], label=str(n)),
            }
            for reason, n in reasons
        ],
        "rows": [
            {**vars(one), "why": words.word(words.COUPON_REFUSALS, one.reason)}
            for one in refusals(request.actor, campaign=code, limit=_SHOWN)
        ],
    }
    return render(request, "loyalty/campaign.html", context)
