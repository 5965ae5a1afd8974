"""Language and content policy of every response; redirects of parts of a page; the largest body of a request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from shuke.access.models import User
from shuke.access.queries import actor_of
from shuke.access.rules import may
from shuke.console.frame.page import permission_of

# No inline script or style, nothing from elsewhere; data: is for the small pictures in Tabler's style sheet.
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)

# Forms are small; only these addresses take files, and only from people who may use them. None: as large as it comes.
_LARGEST_FORM = 2_500_000
_LARGEST_FILES = {"import_new": None, "results": 60_000_000}

Handler = Callable[[HttpRequest], HttpResponse]


def language(get_response: Handler) -> Handler:
    """The reader's language: their cookie, else the shop's (a browser's wish is not asked)."""
    known = {code for code, _ in settings.LANGUAGES}

    def answer(request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = wanted if wanted in known else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
            response["Content-Language"] = code
        return response

    return answer


def content_policy(get_response: Handler) -> Handler:
    """Adds the strict content policy, and keeps pages with personal data out of shared caches."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response.setdefault("Cache-Control", "no-store")
        return response

    return answer


def whole_page_redirects(get_response: Handler) -> Handler:
    """A redirect asked for by a part of a page (the session ran out, say) moves the whole page, not the part."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "HX-Request" not in request.headers or response.status_code not in (301, 302):
            return response
        moved = HttpResponse(status=204)
        moved["HX-Redirect"] = response["Location"]
        return moved

    return answer


def body_limit(get_response: Handler) -> Handler:
    """Refuses a body that is too large before a byte of it is read, so that nobody fills the disk without a right."""

    def answer(request: HttpRequest) -> HttpResponse:
        size = request.META.get("CONTENT_LENGTH") or "0"
        if size.isdecimal() and int(size) <= _LARGEST_FORM:
            return get_response(request)
        largest = _largest(request)
        if size.isdecimal() and (largest is None or int(size) <= largest):
            return get_response(request)
        words = {"title": _("This did not work"), "hint": _("The file is too large for this page.")}
        return render(request, "frame/error.html", words, status=413)

    return answer


def _largest(request: HttpRequest) -> int | None:
    """The most bytes that the sender may send to this address."""
    try:
        found = resolve(request.path_info)
    except Resolver404:
        return _LARGEST_FORM
    right = permission_of(found.func)
    user = request.user
    if right is None or not isinstance(user, User) or not may(actor_of(user), right):
        return _LARGEST_FORM
    return _LARGEST_FILES.get(found.url_name or "", _LARGEST_FORM)
