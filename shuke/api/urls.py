"""The API: its routers, who may ask, and how an expected error looks."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import AuthenticationError

from shuke.api.access import asker
from shuke.api.metrics.router import router as metrics
from shuke.kernel.errors import NotAllowed, ShukeError, WrongUse
from shuke.metrics.queries import UnknownMetric

# No page with the documentation: its scripts would come from elsewhere. The description itself is at openapi.json.
api = NinjaAPI(title="Shuke", version="1", docs_url=None, auth=asker, urls_namespace="api")
app_name = "api"
api.add_router("/metrics", metrics)


@api.exception_handler(ShukeError)
def told(request: HttpRequest, error: ShukeError | type[ShukeError]) -> HttpResponse:
    """An expected error as JSON: what happened and what to do next."""
    status = 404 if isinstance(error, UnknownMetric) else 403 if isinstance(error, NotAllowed) else 409
    if status == 409 and isinstance(error, WrongUse):
        status = 400
    hint = error.hint if isinstance(error, ShukeError) else ""
    return api.create_response(request, {"error": str(error), "hint": hint}, status=status)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError | type[AuthenticationError]) -> HttpResponse:
    """Nobody we know: 401."""
    del error
    document = {
        "error": "Who are you?",
        "hint": "Send a key: Authorization: Bearer KEY ('shuke client add' makes one).",
    }
    return api.create_response(request, document, status=401)


urlpatterns: list[URLPattern] = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern)]
for pattern in urlpatterns:
    # The console's sign-in page is no answer to a program: `asker` refuses with 401 instead.
    pattern.callback = login_not_required(pattern.callback)
