"""Reviewing a proposal closely: its people one by one, and the editor with effects at once."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from shuke.access.rules import Permission, may
from shuke.console.frame import formats
from shuke.console.frame.gains import gain_pictures, gain_words
from shuke.console.frame.page import PageRequest, page
from shuke.console.proposals import forms
from shuke.console.proposals.forms import BadField, Typed
from shuke.kernel.errors import ShukeError
from shuke.plays.queries import policy
from shuke.procedures import review_proposal
from shuke.proposals.queries import detail, examples_with, people, preview_edit
from shuke.proposals.values import Detail, Edit, Editor

_PAGE = 50
_ARMS = ("treated", "holdout", "removed")
_CHANGE_MOST = 200


@page(Permission.SEE_PROPOSALS)
def proposal_people(request: PageRequest, proposal_id: int) -> HttpResponse:
    """Everybody who was drawn, with arm and words; search, take out, put back."""
    found = _detail(request, proposal_id)
    search = request.GET.get("q", "").strip()[:80]
    arm = request.GET.get("arm") if request.GET.get("arm") in _ARMS else None
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 7 else 0
    listed = people(
        request.actor,
        lake=request.lake,
        proposal_id=proposal_id,
        language=request.workspace.language,
        arm=arm,
        search=search,
        limit=_PAGE,
        skip=number * _PAGE,
    )
    context = {
        "card": found.card,
        "listed": listed,
        "query": "",
        "search": search,
        "arm": arm or "",
        "filters": _filters(found, chosen=arm or "", search=search),
        **_paging(proposal_id, number=number, total=listed.total, shown=len(listed.rows), arm=arm or "", q=search),
        "may_edit": found.editor is not None and may(request.actor, Permission.REVIEW_PROPOSALS),
    }
    return render(request, "proposals/people.html", context)


@page(Permission.REVIEW_PROPOSALS, method="POST")
def proposal_change_people(request: PageRequest, proposal_id: int) -> HttpResponse:
    """Takes the ticked people out of a proposal, or puts them back."""
    ticked = frozenset(int(t) for t in request.POST.getlist("customer")[:_CHANGE_MOST] if t.isdecimal() and len(t) < 19)
    verb = request.POST.get("do", "")
    if not ticked or verb not in ("remove", "restore"):
        messages.warning(request, _("Nobody was ticked; nothing changed."))
        return redirect("proposal_people", proposal_id=proposal_id)
    out, back = (ticked, frozenset()) if verb == "remove" else (frozenset(), ticked)
    edit = Edit(remove=out, restore=back, language=request.workspace.language)
    review_proposal.edit(
        request.actor, workspace=request.workspace, proposal=proposal_id, version=_version(request), edit=edit
    )
    if verb == "remove":
        told = ngettext("%(n)s person is taken out.", "%(n)s people are taken out.", len(ticked))
    else:
        told = ngettext("%(n)s person is back in.", "%(n)s people are back in.", len(ticked))
    messages.success(request, told % {"n": len(ticked)})
    return redirect("proposal_people", proposal_id=proposal_id)


@page(Permission.REVIEW_PROPOSALS)
def proposal_edit(request: PageRequest, proposal_id: int) -> HttpResponse:
    """The editor: words, offer, time and holdout, with what each change would do."""
    found = _detail(request, proposal_id)
    if found.editor is None:
        messages.warning(request, _("This proposal can no longer be changed; it was decided or handed out."))
        return redirect("proposal", proposal_id=proposal_id)
    typed = forms.of_editor(found.editor, version=found.card.version)
    return _editor(request, found, typed=typed)


@page(Permission.REVIEW_PROPOSALS, method="POST")
def proposal_effects(request: PageRequest, proposal_id: int) -> HttpResponse:
    """What the typed change would do, for the panel beside the form."""
    found = _detail(request, proposal_id)
    if found.editor is None:
        return redirect("proposal", proposal_id=proposal_id)
    typed = forms.of_form(request.POST, editor=found.editor)
    return render(request, "proposals/effects.html", _effects(request, found, typed=typed))


@page(Permission.REVIEW_PROPOSALS, method="POST")
def proposal_save(request: PageRequest, proposal_id: int) -> HttpResponse:
    """Saves the change as a new version; what cannot be saved comes back as it was typed."""
    found = _detail(request, proposal_id)
    if found.editor is None:
        return redirect("proposal", proposal_id=proposal_id)
    typed = forms.of_form(request.POST, editor=found.editor)
    try:
        edit = forms.edit_of(typed, editor=found.editor, language=request.workspace.language)
    except BadField as error:
        return _editor(request, found, typed=typed, refused=str(error), status=400)
    if forms.is_empty(edit):
        messages.warning(request, _("Nothing was changed."))
        return redirect("proposal", proposal_id=proposal_id)
    try:
        review_proposal.edit(
            request.actor, workspace=request.workspace, proposal=proposal_id, version=typed.version, edit=edit
        )
    except ShukeError as error:
        return _kept(request, found, typed=typed, error=error)
    messages.success(request, _("Changed. The version before is kept below."))
    return redirect("proposal", proposal_id=proposal_id)


def _kept(request: PageRequest, found: Detail, *, typed: Typed, error: ShukeError) -> HttpResponse:
    """The editor again with everything typed: another's change is named and can be replaced by saving once more."""
    name = type(error).__name__
    if name == "Stale":
        last = found.versions[0] if found.versions else {}
        refused = _(
            "%(who)s changed this proposal while you did. What you typed is still here and not saved; compare it with"
            " theirs, then save again to replace it."
        ) % {"who": last.get("actor", "")}
        again = Typed(**{**vars(typed), "version": found.card.version})
        return _editor(request, found, typed=again, refused=refused, theirs=found.editor, status=409)
    if name in ("BadEdit", "NotNow"):
        return _editor(request, found, typed=typed, refused=_("Not saved: see what stands against it."), status=409)
    raise error


def _editor(
    request: PageRequest,
    found: Detail,
    *,
    typed: Typed,
    refused: str = "",
    theirs: Editor | None = None,
    status: int = 200,
) -> HttpResponse:
    editor = found.editor
    context = {
        "card": found.card,
        "editor": editor,
        "typed": typed,
        "scripts": [(tone, words) for tone, words in typed.scripts.items()],
        "theirs": theirs,
        "refused": refused,
        "least": round((editor.holdout_least if editor else 0) * 100),
        "most": round((editor.holdout_most if editor else 1) * 100),
        "weekdays": _weekdays(typed),
        **_effects(request, found, typed=typed),
    }
    return render(request, "proposals/edit.html", context, status=status)


def _effects(request: PageRequest, found: Detail, *, typed: Typed) -> dict[str, Any]:
    """The proposal as it would be, beside what it is now."""
    language = get_language() or "zh-hans"
    if found.editor is None:
        return {"card": found.card, "effects": None, "bad_field": ""}
    try:
        edit = forms.edit_of(typed, editor=found.editor, language=request.workspace.language)
    except BadField as error:
        return {"card": found.card, "effects": None, "bad_field": str(error)}
    held = policy(request.actor, workspace=request.workspace)
    effects = preview_edit(
        request.actor, lake=request.lake, proposal_id=found.card.id, edit=edit, policy=held, language=language
    )
    shown = examples_with(
        request.actor, lake=request.lake, proposal_id=found.card.id, edit=edit, language=request.workspace.language
    )
    channels = {one.customer_id: one.channel for one in found.examples}
    pictures, axis = gain_pictures([found.card, effects], language=language)
    return {
        "card": found.card,
        "effects": effects,
        "bad_field": "",
        "gain": gain_words(effects, language=language),
        "gain_before": gain_words(found.card, language=language),
        "picture": pictures[1],
        "axis": axis,
        "unchanged": forms.is_empty(edit),
        "examples": [replace(one, channel=channels.get(one.customer_id, one.channel)) for one in shown],
    }


def _weekdays(typed: Typed) -> list[tuple[int, str, bool]]:
    words = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return [(day, words[day - 1], day in typed.weekdays) for day in range(1, 8)]


def _filters(found: Detail, *, chosen: str, search: str) -> list[tuple[str, str, bool]]:
    """All, those contacted, those held out, those taken out: each with its address."""
    card = found.card
    removed = found.editor.removed if found.editor else 0
    words = [
        ("", _("All %(n)s") % {"n": formats.count(card.people + removed)}),
        ("treated", _("Contact %(n)s") % {"n": formats.count(card.treated)}),
        ("holdout", _("Held out %(n)s") % {"n": formats.count(card.holdout)}),
    ]
    if removed:
        words.append(("removed", _("Taken out %(n)s") % {"n": formats.count(removed)}))
    return [(_address(card.id, arm=arm, q=search), text, arm == chosen) for arm, text in words]


def _address(proposal_id: int, **asked: str) -> str:
    path = reverse("proposal_people", args=[proposal_id])
    given = {key: value for key, value in asked.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def _paging(proposal_id: int, *, number: int, total: int, shown: int, **asked: str) -> dict[str, str]:
    first = number * _PAGE + 1
    last = first + shown - 1
    words = _("%(first)s to %(last)s of %(all)s") % {
        "first": formats.count(first),
        "last": formats.count(last),
        "all": formats.count(total),
    }
    return {
        "before": _address(proposal_id, page=str(number - 1), **asked) if number else "",
        "after": _address(proposal_id, page=str(number + 1), **asked) if last < total else "",
        "shown": words if shown else "",
    }


def _detail(request: PageRequest, proposal_id: int) -> Detail:
    """The proposal in the reader's language; what is edited is in the shop's, which people get."""
    held = policy(request.actor, workspace=request.workspace)
    reader, shop = get_language() or "zh-hans", request.workspace.language
    found = detail(request.actor, lake=request.lake, proposal_id=proposal_id, policy=held, language=reader)
    if reader == shop:
        return found
    spoken = detail(request.actor, lake=request.lake, proposal_id=proposal_id, policy=held, language=shop)
    return replace(found, editor=spoken.editor)


def _version(request: PageRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 9 else 0
