"""Webhooks: who is told of the shop's facts, what reached them, and what to send again."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from shuke.access.rules import Permission
from shuke.console.frame.page import PageRequest, page
from shuke.kernel.errors import ShukeError
from shuke.outbox.queries import deliveries, endpoints
from shuke.procedures import webhooks as procedures

# Kinds that the form offers; the API takes any.
_KINDS = (
    "loyalty.*", "loyalty.enrol", "loyalty.earn", "loyalty.burn", "loyalty.refund", "loyalty.adjust", "loyalty.expire",
    "loyalty.merge",
)  # fmt: skip
_SHOWN = 50


@page(Permission.MANAGE_WEBHOOKS)
def webhooks(request: PageRequest) -> HttpResponse:
    """Every endpoint with what reached it, and the form for one more."""
    return _webhooks(request)


@page(Permission.MANAGE_WEBHOOKS, method="POST")
@sensitive_variables()
def webhook_new(request: PageRequest) -> HttpResponse:
    """Adds an endpoint; its secret is shown in this very answer and never again."""
    url, kinds = request.POST.get("url", "").strip(), request.POST.getlist("kinds")
    if not url or not kinds:
        return _webhooks(request, trouble=_("An address and at least one kind are needed."), status=400)
    try:
        number, secret = procedures.add_endpoint(request.actor, workspace=request.workspace, url=url, kinds=kinds)
    except ShukeError as error:
        return _webhooks(request, trouble=_trouble(error), status=409)
    return _webhooks(request, made={"number": number, "secret": secret})


@page(Permission.MANAGE_WEBHOOKS, method="POST")
@sensitive_variables()
def webhook_change(request: PageRequest, endpoint: int) -> HttpResponse:
    """Switches an endpoint off or on, or gives it a new secret."""
    deed = request.POST.get("deed", "")
    if deed == "off":
        procedures.disable_endpoint(request.actor, endpoint=endpoint)
    elif deed == "on":
        procedures.enable_endpoint(request.actor, endpoint=endpoint)
    elif deed == "secret":
        secret = procedures.renew_secret(request.actor, endpoint=endpoint)
        return _webhooks(request, made={"number": endpoint, "secret": secret})
    else:
        raise Http404
    return redirect("webhooks")


@page(Permission.MANAGE_WEBHOOKS)
def webhook(request: PageRequest, endpoint: int) -> HttpResponse:
    """One endpoint: its latest messages, each with its tries and what was answered."""
    found = next((one for one in endpoints(request.actor) if one.id == endpoint), None)
    if found is None:
        raise Http404
    context = {"one": found, "messages_sent": deliveries(request.actor, endpoint=endpoint, limit=_SHOWN)}
    return render(request, "settings/webhook.html", context)


@page(Permission.MANAGE_WEBHOOKS, method="POST")
def webhook_replay(request: PageRequest, endpoint: int) -> HttpResponse:
    """Sends one message again, under its id."""
    given = request.POST.get("delivery", "")
    if not given.isdecimal() or len(given) > 18:
        raise Http404
    procedures.replay(request.actor, delivery=int(given))
    return redirect("webhook", endpoint=endpoint)


def _webhooks(
    request: PageRequest, *, made: dict[str, Any] | None = None, trouble: str = "", status: int = 200
) -> HttpResponse:
    context = {"endpoints": endpoints(request.actor), "kinds": _KINDS, "made": made, "trouble": trouble}
    return render(request, "settings/webhooks.html", context, status=status)


def _trouble(error: ShukeError) -> str:
    told = {
        "PrivateAddress": _("This address is inside your own network. Name its host in shuke.toml if that is meant."),
        "BadAddress": _("This is no address that can be reached: it begins with https:// and has no password in it."),
        "TooManyEndpoints": _("There are as many webhooks as there may be. Switch one off first."),
    }
    return told.get(type(error).__name__, f"{error} {error.hint}")
