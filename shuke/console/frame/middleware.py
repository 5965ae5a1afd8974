"""Language and content policy of every response; redirects of parts of a page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

# No inline script or style, nothing from elsewhere; data: is for the small pictures in Tabler's style sheet.
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)

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
