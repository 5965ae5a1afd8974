"""Programs with a key: the list, a new key shown once, its last day and allowance, closing one."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shuke.access.queries import clients
from shuke.access.rules import PER_MINUTE, SCOPES, Permission
from shuke.console.frame.page import PageRequest, page
from shuke.kernel.errors import ShukeError
from shuke.procedures.manage_people import add_client, close_client
from shuke.reference.queries import stores


@page(Permission.MANAGE_USERS)
def programs(request: PageRequest) -> HttpResponse:
    """Every program with its scopes and stores, and the form for one more."""
    return _programs(request)


@page(Permission.MANAGE_USERS, method="POST")
def program_new(request: PageRequest) -> HttpResponse:
    """Gives a program a key; it is shown in this very answer and stored nowhere."""
    asked = request.POST
    name, scopes = asked.get("name", "").strip()[:60], asked.getlist("scopes")
    chosen = asked.getlist("stores") or None
    if not name or not scopes:
        return _programs(request, trouble=_("A name and at least one scope are needed."), status=400)
    try:
        last, allowance = _last_day(asked.get("expires_on", "")), _allowance(asked.get("per_minute", ""))
    except ValueError:
        return _programs(request, trouble=_("The last day or the allowance cannot be read."), status=400)
    try:
        key = add_client(request.actor, name=name, scopes=scopes, stores=chosen, expires_on=last, per_minute=allowance)
    except ShukeError as error:
        taken = type(error).__name__ == "UserExists"
        told = _("This name is taken. Choose another one.") if taken else f"{error} {error.hint}"
        return _programs(request, trouble=told, status=409)
    return _programs(request, made={"name": name, "key": key})


def _last_day(text: str) -> date | None:
    return date.fromisoformat(text.strip()) if text.strip() else None


def _allowance(text: str) -> int | None:
    return int(text.strip().replace(",", "")) if text.strip() else None


@page(Permission.MANAGE_USERS, method="POST")
def program_close(request: PageRequest) -> HttpResponse:
    """Shuts a program's access; its key stops at once."""
    close_client(request.actor, name=request.POST.get("name", ""))
    return redirect("programs")


def _programs(
    request: PageRequest, *, made: dict[str, str] | None = None, trouble: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "programs": clients(request.actor),
        "scopes": list(SCOPES),
        "usual": PER_MINUTE,
        "stores": [one.store for one in stores(request.actor, lake=request.lake)],
        "made": made,
        "trouble": trouble,
    }
    return render(request, "settings/programs.html", context, status=status)
