"""Programs that read with a key: the list, a new key shown once, closing one."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shuke.access.queries import clients
from shuke.access.rules import SCOPES, Permission
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
        key = add_client(request.actor, name=name, scopes=scopes, stores=chosen)
    except ShukeError as error:
        taken = type(error).__name__ == "UserExists"
        told = _("This name is taken. Choose another one.") if taken else f"{error} {error.hint}"
        return _programs(request, trouble=told, status=409)
    return _programs(request, made={"name": name, "key": key})


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
        "scopes": sorted(SCOPES),
        "stores": [one.store for one in stores(request.actor, lake=request.lake)],
        "made": made,
        "trouble": trouble,
    }
    return render(request, "settings/programs.html", context, status=status)
