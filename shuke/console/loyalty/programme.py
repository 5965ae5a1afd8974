"""The rules of points, tiers and benefits in sentences, with where each is changed."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuke.access.rules import Permission, may
from shuke.console.frame import formats, words
from shuke.console.frame.context import language_code
from shuke.console.frame.drawings import bar
from shuke.console.frame.page import PageRequest, page
from shuke.console.loyalty import show_rules as show
from shuke.loyalty.queries import programme as programme_of
from shuke.loyalty.queries.overview import tier_counts
from shuke.loyalty.rules.amounts import earned
from shuke.loyalty.rules.growth import earned_growth
from shuke.loyalty.values.perks import Perks
from shuke.loyalty.values.tiers import Behaviour, Tier

# The purchase that is reckoned as an example, in minor units.
_EXAMPLE = 39_850


@page(Permission.SEE_LOYALTY)
def loyalty_rules(request: PageRequest) -> HttpResponse:
    """The rules of points as answers to a manager's questions, and one purchase reckoned through."""
    language, programme = language_code(), programme_of(request.actor, workspace=request.workspace)
    own = request.workspace.root / "loyalty" / "programme.yaml"
    example = formats.money(_EXAMPLE, programme.currency)
    context = {
        "headline": _("%(earn)s, and lasts %(span)s")
        % {"earn": show.rate(programme), "span": show.span(programme, language=language)},
        "rules": show.rules(programme, language=language),
        "own": own.read_text("utf-8") if own.is_file() and may(request.actor, Permission.MANAGE_PROGRAMME) else "",
        "example": _("A member pays %(amount)s, all of it eligible:") % {"amount": example},
        "examples": [
            (
                show.name(tier, language=language),
                earned(_EXAMPLE, programme=programme, multiplier_thousandths=tier.multiplier_thousandths),
                earned_growth(_EXAMPLE, currency=programme.currency),
            )
            for tier in programme.perks.ladder.tiers
        ],
    }
    return render(request, "loyalty/rules.html", context)


@page(Permission.SEE_LOYALTY)
def loyalty_tiers(request: PageRequest) -> HttpResponse:
    """Tiers with what reaches and keeps them, how many members stand on each, and what earns growth."""
    language, perks = language_code(), programme_of(request.actor, workspace=request.workspace).perks
    counts = {one.tier: one.members for one in tier_counts(request.actor, lake=request.lake)}
    people = sum(counts.values())
    higher = people - counts.get(perks.ladder.tiers[0].code, 0)
    facts = {"n": len(perks.ladder.tiers), "months": perks.ladder.months}
    context = {
        "headline": _("%(n)s tiers, counted over rolling %(months)s months") % facts,
        "told": (
            _("%(higher)s of %(all)s members stand above the first tier.")
            % {"higher": formats.count(higher), "all": formats.count(people)}
            if people
            else _("A purchase gives growth value, 1 a whole unit of money. Spending points never lowers it.")
        ),
        "people": people,
        "may_open": may(request.actor, Permission.SEE_MEMBERS),
        "tiers": [_tier(tier, counts=counts, perks=perks, language=language) for tier in perks.ladder.tiers],
        "behaviours": [_behaviour(one, language=language) for one in perks.behaviours.values()],
        "moves": show.moves(perks),
    }
    return render(request, "loyalty/tiers.html", context)


def _tier(tier: Tier, *, counts: Mapping[str, int], perks: Perks, language: str) -> dict[str, Any]:
    people, number = sum(counts.values()), counts.get(tier.code, 0)
    return {
        "code": tier.code,
        "name": show.name(tier, language=language),
        "reach": tier.reach,
        "keep": tier.keep,
        "times": show.times(tier),
        "people": number,
        "share": number / people if people else 0,
        "picture": bar(number, most=max(counts.values(), default=1), colour="done", label=formats.count(number)),
        "benefits": sum(bool(one.quota.get(tier.code)) for one in perks.benefits.values()),
    }


def _behaviour(found: Behaviour, *, language: str) -> dict[str, Any]:
    cap = _("no limit")
    if found.times:
        span = words.word(words.SPANS, found.span.value)
        cap = ngettext("%(n)s time %(span)s", "%(n)s times %(span)s", found.times) % {"n": found.times, "span": span}
    return {"name": show.name(found, language=language), "points": found.points, "cap": cap}


@page(Permission.SEE_LOYALTY)
def loyalty_benefits(request: PageRequest) -> HttpResponse:
    """Benefits by scene with each tier's quota, badges and cost."""
    language, perks = language_code(), programme_of(request.actor, workspace=request.workspace).perks
    tiers = [show.name(tier, language=language) for tier in perks.ladder.tiers]
    scenes = show.benefits(perks, language=language)
    context = {
        "headline": _("%(n)s benefits before, during and after the sale") % {"n": len(perks.benefits)},
        "tiers": tiers,
        "scenes": [(name, [_with_tiers(row, tiers) for row in rows]) for name, rows in scenes],
        "badges": badges(perks, language=language),
        "currency": request.workspace.currency,
    }
    return render(request, "loyalty/benefits.html", context)


def _with_tiers(row: show.BenefitRow, tiers: list[str]) -> dict[str, Any]:
    return {**vars(row), "by_tier": list(zip(tiers, row.cells, strict=True))}


def badges(perks: Perks, *, language: str) -> list[tuple[str, str]]:
    """Badges with how to get them."""
    shown = []
    for badge in perks.badges.values():
        does = [show.name(perks.behaviours[code], language=language) for code in badge.behaviours]
        facts = {"n": badge.times, "what": _(" or ").join(does)}
        told = ngettext("%(what)s, %(n)s time", "%(what)s, %(n)s times", badge.times) % facts
        shown.append((show.name(badge, language=language), told))
    return shown
