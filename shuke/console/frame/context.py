"""What every page's frame shows: navigation, scope, as-of day, language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuke.access.queries import actor_of
from shuke.access.rules import Permission, may
from shuke.kernel.actor import Actor
from shuke.kernel.clock import today
from shuke.lake.queries import current_generation

# Pages that settings open, at addresses of their own.
_PARTS_OF_SETTINGS = ("/people/", "/journal/")
# As many entries as a thumb can tell apart at the foot of a phone; the others stand behind the last one.
_AT_THE_FOOT = 4


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation. `section` groups entries under a word."""

    section: str
    label: str
    icon: str
    address: str
    active: bool


def frame(request: HttpRequest) -> Mapping[str, Any]:
    """Context processor: `shop`, `language`, and for a signed-in person `actor`, `nav` and `scope`."""
    shop = {"shop": settings.WORKSPACE.shop, "zone": settings.WORKSPACE.timezone, "language": request.LANGUAGE_CODE}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return shop
    actor = getattr(request, "actor", None) or actor_of(user)
    as_of = as_of_day()
    nav = navigation(actor, path=request.path)
    at_foot = len(nav) if len(nav) <= _AT_THE_FOOT + 1 else _AT_THE_FOOT
    return {
        **shop,
        "actor": actor,
        "nav": nav,
        "foot": nav[:at_foot],
        "behind": nav[at_foot:],
        "scope": scope_words(actor),
        "may_search": may(actor, Permission.SEE_CUSTOMERS),
        "today": today(settings.WORKSPACE.timezone),
        "known_until": as_of - timedelta(days=1) if as_of else None,
    }


def language_code() -> str:
    """The reader's language; Chinese where none is active."""
    return get_language() or "zh-hans"


def as_of_day() -> date | None:
    """The day on which everything shown stands: what happened before it counts. None before the first computation."""
    generation = current_generation()
    told = generation.details.get("as_of") if generation else None
    return date.fromisoformat(told) if told else None


def navigation(actor: Actor, *, path: str) -> list[NavItem]:
    """The pages that exist and that this actor may open."""
    week, shopper, data, office = _("Every week"), _("Customers"), _("Data"), _("Settings")
    every = [
        (week, _("This week"), "week", "home", Permission.SEE_PROPOSALS),
        (week, _("Proposals"), "proposals", "proposals", Permission.SEE_PROPOSALS),
        (week, _("Tasks"), "tasks", "tasks", Permission.SEE_TASKS),
        (shopper, _("Customers"), "customers", "customers", Permission.SEE_CUSTOMERS),
        (shopper, _("To be checked"), "pairs", "review", Permission.SEE_PAIRS),
        (shopper, _("Segments"), "segments", "segments", Permission.SEE_CUSTOMERS),
        (shopper, _("Loyalty"), "loyalty", "loyalty", Permission.SEE_LOYALTY),
        (data, _("Metrics"), "metrics", "metrics", Permission.SEE_WEEK),
        (data, _("Predictions"), "predictions", "predictions", Permission.SEE_WEEK),
        (data, _("Check-up"), "checkup", "checkup", Permission.SEE_CHECKUP),
        (data, _("Import files"), "import", "import_files", Permission.IMPORT_FILES),
        (office, _("Settings"), "settings", "settings", Permission.EDIT_SETTINGS),
    ]
    if not may(actor, Permission.EDIT_SETTINGS):
        every.append((office, _("Journal"), "settings", "journal", Permission.SEE_JOURNAL))
    allowed = [
        (section, label, sign, reverse(name)) for section, label, sign, name, right in every if may(actor, right)
    ]
    # The longest address that begins the path is where the reader is: /checkup/import/ is not the check-up itself.
    inside = path.startswith(_PARTS_OF_SETTINGS) and may(actor, Permission.EDIT_SETTINGS)
    shown = reverse("settings") if inside else path
    here = max((address for *_rest, address in allowed if shown.startswith(address)), key=len, default="")
    return [NavItem(section, label, sign, address, address == here) for section, label, sign, address in allowed]


def scope_words(actor: Actor) -> str:
    """The stores that this person sees, in words."""
    if actor.stores is None:
        return _("All stores")
    if len(actor.stores) == 1:
        return next(iter(actor.stores))
    return _("%(count)s stores") % {"count": len(actor.stores)}
