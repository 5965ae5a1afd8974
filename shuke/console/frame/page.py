"""The page decorator: who may see an address, how, and what happens on an expected error."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django_htmx.middleware import HtmxDetails

from shuke.access.models import User
from shuke.access.queries import actor_of
from shuke.access.rules import Permission, require
from shuke.console.frame.errors import error_page
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError, WrongUse
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import Reader, open_reader


class PageRequest(HttpRequest):
    """A request as pages receive it: with its actor, the shop's workspace and an open reader."""

    actor: Actor
    workspace: Workspace
    lake: Reader
    htmx: HtmxDetails


View = Callable[..., HttpResponseBase]
_PERMISSIONS: dict[View, Permission] = {}


def permission_of(view: View) -> Permission | None:
    """The permission that a declared page needs; None for an address that is not a page."""
    return _PERMISSIONS.get(view)


def page(permission: Permission, *, method: str = "GET") -> Callable[[View], View]:
    """Declares an address: its one method and the permission it needs.

    The view gets `request.actor`, `request.workspace` and `request.lake` (a reader pinned to the current
    generation, closed when the response is made). `NotAllowed` becomes a 403 page, any other `ShukeError` an
    error page with its hint.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **parts: Any) -> HttpResponseBase:
            allowed = ("GET", "HEAD") if method == "GET" else (method,)
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            asked = cast(PageRequest, request)
            try:
                asked.actor = actor_of(cast(User, request.user))
                asked.workspace = settings.WORKSPACE
                require(asked.actor, permission)
                _refuse_nul(asked, parts=parts)
                with open_reader(asked.actor, asked.workspace) as lake:
                    asked.lake = lake
                    return view(asked, **parts)
            except ShukeError as error:
                return error_page(request, error)

        _PERMISSIONS[answer] = permission
        return answer

    return wrap


def _refuse_nul(request: HttpRequest, *, parts: dict[str, Any]) -> None:
    """Raises `WrongUse` for NUL characters in address or form: no keyboard sends them, no database keeps them."""
    said = [*parts.values(), *(text for _, texts in (*request.GET.lists(), *request.POST.lists()) for text in texts)]
    if any(isinstance(text, str) and "\x00" in text for text in said):
        raise WrongUse("A text holds a character that no text has.", hint="Type it anew.")
