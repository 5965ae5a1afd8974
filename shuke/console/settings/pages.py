"""Settings: stores, the brand policy, scripts, the metrics that are shown."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuke.access.rules import Permission
from shuke.console.frame.page import PageRequest, page
from shuke.console.settings import show
from shuke.console.settings.troubles import said
from shuke.kernel.errors import ShukeError
from shuke.metrics.actions import set_simple
from shuke.metrics.queries import definitions, is_simple
from shuke.plays.adapters import BadPlay, BadPolicy
from shuke.plays.queries import library
from shuke.plays.rules import PlayAgainstPolicy
from shuke.procedures import edit_definitions
from shuke.procedures.edit_definitions import StaleText
from shuke.reference.queries import associates, stores, written_names

_LONGEST_SCRIPT = 1_000


@page(Permission.EDIT_SETTINGS)
def settings(request: PageRequest) -> HttpResponse:
    """What can be set, each with how it stands now."""
    actor, lake = request.actor, request.lake
    held = stores(actor, lake=lake)
    context = {
        "stores": [one for one in held if one.channel == "store"],
        "online": [one for one in held if one.channel != "store"],
        "policy": show.policy_or_trouble(actor, workspace=request.workspace),
        "plays": show.plays_or_none(actor, workspace=request.workspace),
        "day_starts": show.day_starts(request.workspace),
        "simple": is_simple(actor),
        "numbers": len(definitions(actor, language=get_language() or "zh-hans")),
    }
    return render(request, "settings/all.html", context)


@page(Permission.EDIT_SETTINGS, method="POST")
def set_numbers(request: PageRequest) -> HttpResponse:
    """Shows the three numbers of a small shop only, or all metrics."""
    set_simple(request.actor, simple=request.POST.get("simple") == "yes")
    return redirect("settings")


@page(Permission.EDIT_SETTINGS)
def store_list(request: PageRequest) -> HttpResponse:
    """Every store with its kind, its zone and day, and all the ways in which files write it."""
    actor, lake = request.actor, request.lake
    rows = show.stores(
        stores(actor, lake=lake),
        names=written_names(actor, lake=lake),
        staff=lambda store: len(associates(actor, lake=lake, store=store)),
    )
    return render(
        request,
        "settings/stores.html",
        {"rows": rows, "workspace": request.workspace, "day_starts": show.day_starts(request.workspace)},
    )


@page(Permission.EDIT_SETTINGS)
def policy_page(request: PageRequest) -> HttpResponse:
    """The brand policy: its clauses as sentences, and the file itself to edit."""
    return _policy(request)


@page(Permission.EDIT_SETTINGS, method="POST")
def save_policy(request: PageRequest) -> HttpResponse:
    """Saves the policy; a mistake is shown at its line and the text stays in the form."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        edit_definitions.save_policy(
            request.actor, workspace=request.workspace, text=text, stamp=request.POST.get("stamp", "")
        )
    except (BadPolicy, BadPlay, PlayAgainstPolicy, StaleText) as error:
        return _policy(request, text=text, error=error)
    messages.success(request, _("Saved. The next week is computed by it; what is approved already stays."))
    return redirect("policy")


def _policy(request: PageRequest, *, text: str | None = None, error: ShukeError | None = None) -> HttpResponse:
    language = get_language() or "zh-hans"
    opened = edit_definitions.policy_text(request.actor, workspace=request.workspace)
    context = {
        "chapters": show.chapters(request.actor, workspace=request.workspace, language=language),
        "form": show.form(opened, text=text, error=error),
    }
    return render(request, "settings/policy.html", context, status=409 if error else 200)


@page(Permission.EDIT_SETTINGS)
def scripts(request: PageRequest) -> HttpResponse:
    """Every play with its words; where a file cannot be used, what is wrong, and all files."""
    language = get_language() or "zh-hans"
    trouble: ShukeError | None = None
    try:
        found = library(request.actor, workspace=request.workspace)
    except ShukeError as error:
        found, trouble = (), error
    codes = edit_definitions.play_codes(request.actor, workspace=request.workspace) if trouble else []
    context = {
        "plays": show.plays(found, language=language),
        "trouble": said(trouble, language=language) if trouble else None,
        "codes": codes,
    }
    return render(request, "settings/scripts.html", context)


@page(Permission.EDIT_SETTINGS)
def script(request: PageRequest, play: str) -> HttpResponse:
    """One play: its words in both tones and languages, and its whole file."""
    return _script(request, play)


@page(Permission.EDIT_SETTINGS, method="POST")
def save_script(request: PageRequest, play: str) -> HttpResponse:
    """Saves a play's words, or its whole file; a mistake is named and what was typed stays in the form."""
    asked = request.POST
    words = {key: asked.get(f"{key[0]}-{key[1]}", "")[:_LONGEST_SCRIPT] for key in show.TONES_AND_LANGUAGES}
    text = asked.get("text", "").replace("\r\n", "\n") if "text" in asked else None
    try:
        if text is not None:
            edit_definitions.save_play(
                request.actor, workspace=request.workspace, play=play, text=text, stamp=asked.get("stamp", "")
            )
        else:
            edit_definitions.save_words(
                request.actor, workspace=request.workspace, play=play, scripts=words, stamp=asked.get("stamp", "")
            )
    except (BadPlay, PlayAgainstPolicy, StaleText) as error:
        return _script(request, play, text=text, words=None if text is not None else words, error=error)
    messages.success(request, _("Saved. The next week is computed by it; what is approved already stays."))
    return redirect("script", play=play)


def _script(
    request: PageRequest,
    play: str,
    *,
    text: str | None = None,
    words: show.Words | None = None,
    error: ShukeError | None = None,
) -> HttpResponse:
    language = get_language() or "zh-hans"
    opened = edit_definitions.play_text(request.actor, workspace=request.workspace, play=play)
    plays = show.plays_or_none(request.actor, workspace=request.workspace)
    found = next((one for one in plays if one.code == play), None)
    held = show.policy_or_trouble(request.actor, workspace=request.workspace)
    context = {
        "code": play,
        "play": show.play(found, language=language) if found else None,
        "fields": show.script_fields(found, words=words) if found else [],
        "variables": show.variables(),
        "policy": held,
        "banned_clause": "" if isinstance(held, str) else held.clause("banned_words"),
        "form": show.form(opened, text=text, error=error),
    }
    return render(request, "settings/script.html", context, status=409 if error else 200)
