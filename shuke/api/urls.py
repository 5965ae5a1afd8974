"""The API: its routers, who may ask, and how an expected error looks."""

from django.contrib.auth.decorators import login_not_required
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from shuke.api.access import asker
from shuke.api.loyalty.router import router as loyalty
from shuke.api.metrics.router import router as metrics
from shuke.api.refusals import NOBODY, document_of, headers_of, status_of
from shuke.kernel.errors import ShukeError

# No page with the documentation: its scripts would come from elsewhere. The description itself is at openapi.json.
api = NinjaAPI(title="Shuke", version="1", docs_url=None, auth=asker, urls_namespace="api")
app_name = "api"
api.add_router("/metrics", metrics)
api.add_router("/loyalty", loyalty)


@api.exception_handler(ShukeError)
def told(request: HttpRequest, error: ShukeError | type[ShukeError]) -> HttpResponse:
    """An expected error as JSON: what happened, a code, what to do next."""
    one = error if isinstance(error, ShukeError) else error("")
    answer = api.create_response(request, document_of(one), status=status_of(one))
    for name, value in headers_of(one).items():
        answer[name] = value
    return answer


@api.exception_handler(ValidationError)
def misread(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    """Parameters of an address that are not as described: 422 with the first of them."""
    first = error.errors[0] if isinstance(error, ValidationError) else {}
    place = ".".join(str(part) for part in first.get("loc", ())[1:])
    document = {
        "error": f"{place}: {first.get('msg', '')}.",
        "code": "bad_parameter",
        "hint": "See /api/v1/openapi.json.",
    }
    return api.create_response(request, document, status=422)


@api.exception_handler(DataError)
def unstorable(request: HttpRequest, error: DataError | type[DataError]) -> HttpResponse:
    """A value in an address that no row can have, such as a NUL character: 422, whichever database stands behind."""
    del error
    document = {
        "error": "A value in the address cannot be.",
        "code": "bad_parameter",
        "hint": "Send plain texts and numbers.",
    }
    return api.create_response(request, document, status=422)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError | type[AuthenticationError]) -> HttpResponse:
    """Nobody we know: 401."""
    del error
    return api.create_response(request, NOBODY, status=401)


urlpatterns: list[URLPattern] = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern)]
for pattern in urlpatterns:
    # The console's sign-in page is no answer to a program: `asker` refuses with 401 instead.
    pattern.callback = login_not_required(pattern.callback)
