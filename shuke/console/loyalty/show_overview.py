"""The first screen in words: the headline, what to do, tiers, the next points to end."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuke.console.frame import formats
from shuke.console.loyalty import show_rules
from shuke.loyalty.queries.overview import TierCount
from shuke.loyalty.values.tiers import Ladder


def headline(counts: Sequence[TierCount], *, todo: Sequence[Mapping[str, Any]], language: str) -> dict[str, str]:
    """What is most worth knowing: something wrong first, then points about to end, then that all is well."""
    people = sum(one.members for one in counts)
    expiring, holders = sum(one.expiring for one in counts), sum(one.expiring_members for one in counts)
    facts = {
        "people": formats.count(people),
        "points": formats.points(expiring, language),
        "holders": formats.count(holders),
        "available": formats.points(sum(one.available for one in counts), language),
        "n": len(todo),
    }
    lead = _("%(people)s members hold %(available)s that can be spent.") % facts if people else ""
    if todo and todo[0]["grave"]:
        return {"text": str(todo[0]["text"]), "lead": str(todo[0]["why"])}
    if expiring:
        text = _("%(points)s of %(holders)s members end within 30 days") % facts
        address = reverse("members") + "?expiring=yes"
        return {"text": text, "lead": lead, "address": address, "action": _("See these members")}
    if people:
        return {"text": lead.rstrip("。."), "lead": _("None of them ends within 30 days.")}
    return {"text": _("One account for points and benefits, over every channel"), "lead": ""}


def tiers_sentence(counts: Sequence[TierCount], *, ladder: Ladder, language: str) -> str:
    """How many stand above the first tier."""
    people = sum(one.members for one in counts)
    higher = sum(one.members for one in counts if one.tier != ladder.tiers[0].code)
    first = show_rules.name(ladder.tiers[0], language=language)
    facts = {
        "people": formats.count(people),
        "higher": formats.count(higher),
        "first": first,
        "share": formats.share(higher / people if people else 0, places=0),
    }
    return _("%(people)s members, %(share)s of them above %(first)s") % facts


def waves_sentence(counts: Sequence[TierCount], *, language: str) -> str:
    """How much ends within 30 days."""
    points = sum(one.expiring for one in counts)
    return _("%(points)s end within 30 days") % {"points": formats.points(points, language)}


def approvals(count: int, *, points: int, address: str, language: str) -> dict[str, Any]:
    """Adjustments that wait for this person."""
    facts = {"n": formats.count(count), "points": formats.points(points, language)}
    return {
        "text": ngettext("%(n)s adjustment waits for you", "%(n)s adjustments wait for you", count) % facts,
        "why": _("%(points)s in all, added and taken; nothing moves before.") % facts,
        "address": address,
        "action": _("Decide"),
        "grave": False,
    }


def drifts(drifted: int) -> list[dict[str, Any]]:
    """Accounts whose entries do not add up."""
    if not drifted:
        return []
    facts = {"n": formats.count(drifted)}
    return [
        {
            "text": ngettext("%(n)s account does not add up", "%(n)s accounts do not add up", drifted) % facts,
            "why": _("They are frozen until finance has looked at them; nothing is earned or spent there."),
            "address": reverse("loyalty_finance") + "#reconciliation",
            "action": _("See them"),
            "grave": True,
        }
    ]


def differences(days: int, *, rows: int) -> list[dict[str, Any]]:
    """Days whose points do not fit the sales of the day."""
    if not rows:
        return []
    facts = {"n": formats.count(rows), "days": formats.count(days)}
    text = ngettext("%(n)s order has no points or too many", "%(n)s orders have no points or too many", rows) % facts
    return [
        {
            "text": text,
            "why": ngettext(
                "Found when %(days)s day was closed against its sales.",
                "Found when %(days)s days were closed against their sales.",
                days,
            )
            % facts,
            "address": reverse("loyalty_finance") + "#days",
            "action": _("See them"),
            "grave": False,
        }
    ]
