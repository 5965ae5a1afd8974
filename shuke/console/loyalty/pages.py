"""会员, the first screen: what to do, how members and their points stand, what they cost."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shuke.access.rules import Permission, may
from shuke.console.frame import formats
from shuke.console.frame.context import language_code
from shuke.console.frame.drawings import bar
from shuke.console.frame.page import PageRequest, page
from shuke.console.loyalty import show_finance, show_overview, show_rules
from shuke.kernel.clock import today
from shuke.loyalty.queries import programme as programme_of
from shuke.loyalty.queries.adjustments import waiting
from shuke.loyalty.queries.finance import day_closes
from shuke.loyalty.queries.members import frozen_accounts
from shuke.loyalty.queries.overview import TierCount, tier_counts, waves


@page(Permission.SEE_LOYALTY)
def loyalty(request: PageRequest) -> HttpResponse:
    """The headline, things to do, members by tier, the next points to end; money only for those who may see it."""
    actor, language = request.actor, language_code()
    programme = programme_of(request.actor, workspace=request.workspace)
    counts = tier_counts(actor, lake=request.lake)
    todo = _todo(request)
    ending = waves(actor, lake=request.lake)
    context = {
        "tab": "loyalty",
        "as_of": max((one.as_of for one in counts), default=None),
        "headline": show_overview.headline(counts, todo=todo, language=language),
        "todo": todo,
        "placeholder": _("Member number, phone tail, name, card or order number")
        if may(actor, Permission.SEE_CUSTOMERS)
        else _("Member number"),
        "may_members": may(actor, Permission.SEE_MEMBERS),
        "may_work": may(actor, Permission.WORK_LOYALTY),
        "tiers": _tiers(counts, programme=programme, language=language),
        "tiers_sentence": show_overview.tiers_sentence(counts, ladder=programme.perks.ladder, language=language),
        "waves": [
            {
                "day": formats.day(one.ends_on, language, near=today(programme.zone)),
                "points": formats.points(one.points, language),
                "people": _("%(n)s members") % {"n": formats.count(one.members)},
                "picture": bar(one.points, most=max(wave.points for wave in ending), label=formats.count(one.points)),
            }
            for one in ending
        ],
        "waves_sentence": show_overview.waves_sentence(counts, language=language),
        "rules": show_rules.rules(programme, language=language)[:3],
        "may_finance": may(actor, Permission.SEE_FINANCE),
        "month": show_finance.month(day_closes(actor, limit=31), language=language)
        if may(actor, Permission.SEE_FINANCE)
        else None,
    }
    return render(request, "loyalty/overview.html", context)


def _todo(request: PageRequest) -> list[dict[str, Any]]:
    """What waits for this person, the gravest first."""
    actor, todo = request.actor, list[dict[str, Any]]()
    if may(actor, Permission.SEE_FINANCE):
        todo += show_overview.drifts(len(frozen_accounts(actor, limit=100)))
        differing = [one for one in day_closes(actor, limit=31) if one.differences]
        todo += show_overview.differences(len(differing), rows=sum(len(one.differences) for one in differing))
    if may(actor, Permission.APPROVE_POINTS):
        count, points = waiting(actor)
        if count:
            todo.append(
                show_overview.approvals(count, points=points, address=reverse("adjustments"), language=language_code())
            )
    return todo


def _tiers(counts: Sequence[TierCount], *, programme: Any, language: str) -> list[dict[str, Any]]:
    by_code = {one.tier: one for one in counts}
    people = sum(one.members for one in counts)
    most = max((one.members for one in counts), default=1)
    shown = []
    for tier in programme.perks.ladder.tiers if people else ():
        one = by_code.get(tier.code)
        number = one.members if one else 0
        shown.append(
            {
                "code": tier.code,
                "name": show_rules.name(tier, language=language),
                "people": number,
                "share": number / people,
                "points": formats.points(one.available if one else 0, language),
                "picture": bar(number, most=most, colour="done", label=formats.count(number)),
            }
        )
    return shown
