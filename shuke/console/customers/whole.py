"""Who this customer is, over time: how certain, the life of the id, and with whom they live."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuke.access.rules import Permission, may
from shuke.console.customers import show_history
from shuke.console.customers.sides import visible
from shuke.console.frame import formats, words
from shuke.console.frame.page import PageRequest
from shuke.customers.queries import Profile, certainty, history, household, review_queue

_CHANGES = 8
_MEMBERS = 6
# From here on nothing is said: a customer whose records all share a number is not in doubt.
_SURE = 0.995


@dataclass(frozen=True)
class Home:
    """The others of a household and why they are thought to live together; `hidden` are not of the reader's stores."""

    why: str
    people: tuple[Profile, ...]
    hidden: int


def identity_over_time(request: PageRequest, customer_id: int) -> dict[str, Any]:
    """What the identity card shows beside its records."""
    language = get_language() or "zh-hans"
    events = history(request.actor, lake=request.lake, customer_id=customer_id)
    changes = show_history.changes(events, customer_id=customer_id, language=language)
    return {
        "life": changes[:_CHANGES],
        "life_more": max(len(changes) - _CHANGES, 0),
        "certain": _certain(certainty(request.actor, lake=request.lake, customer_id=customer_id), language),
        "household": _household(request, customer_id),
        "may_decide": may(request.actor, Permission.MERGE_CUSTOMERS),
    }


def pairs_waiting(request: PageRequest) -> int:
    """How many pairs wait to be checked; 0 for those who do not see them."""
    if not may(request.actor, Permission.SEE_PAIRS):
        return 0
    return review_queue(request.actor, lake=request.lake, limit=0).total


def _certain(share: float | None, language: str) -> str:
    if share is None or share >= _SURE:
        return ""
    return _("of such customers %(chance)s are wholly one person") % {"chance": formats.in_hundred(share, language)}


def _household(request: PageRequest, customer_id: int) -> Home | None:
    found = household(request.actor, lake=request.lake, customer_id=customer_id)
    if found is None:
        return None
    others = [one for one in found.customers if one != customer_id]
    shown = visible(request, others[:_MEMBERS])
    why = words.word(words.HOUSEHOLD_REASONS, found.reason)
    return Home(why, tuple(shown), hidden=len(others) - len(shown)) if others else None
