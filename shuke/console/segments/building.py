"""The builder of own segments: sentences with a live count, saving in versions, removing."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuke.access.rules import Permission
from shuke.console.frame.page import PageRequest, page
from shuke.console.segments import editor, translate
from shuke.console.segments.translate import NotYet
from shuke.console.segments.tree import Branch, Leaf, changed, nodes, read
from shuke.kernel.errors import ShukeError
from shuke.procedures.rebuild_segments import rebuild_segments
from shuke.segments import actions
from shuke.segments.adapters import catalogue, own_id
from shuke.segments.queries import fields, own_segment, preview, rule_sentence
from shuke.segments.rules import BadRule
from shuke.segments.values import Field

_NAME = 60


@page(Permission.REVIEW_PROPOSALS)
def segment_new(request: PageRequest) -> HttpResponse:
    """A new segment begins with one condition to fill in."""
    if not request.lake.has("segment_facts"):
        return render(request, "frame/nothing.html")
    return _builder(request, tree=Branch(1, "all", (Leaf(2),)), checked=False)


@page(Permission.REVIEW_PROPOSALS)
def segment_edit(request: PageRequest, code: str) -> HttpResponse:
    """An own segment with its rule, to be changed."""
    saved = own_segment(request.actor, code=code)
    known = fields(request.actor, lake=request.lake, language=_language())
    tree = translate.from_rule(saved.rule, kinds=_kinds(), currency=request.workspace.currency)
    return _builder(request, tree=tree, known=known, code=code, name=saved.name, version=saved.version)


@page(Permission.REVIEW_PROPOSALS, method="POST")
def segment_build(request: PageRequest) -> HttpResponse:
    """The builder after a button or a newly chosen field; as a part of the page where the page asks for it."""
    before = read(request.POST)
    tree = changed(before, request.POST.get("do", ""))
    known_before = {number for number, _parent, _node in nodes(before)}
    new = [number for number, _parent, node in nodes(tree) if isinstance(node, Leaf) and number not in known_before]
    return _builder(request, tree=tree, checked=False, focus=new[0] if new else 0, **_told(request))


@page(Permission.REVIEW_PROPOSALS, method="POST")
def segment_count(request: PageRequest) -> HttpResponse:
    """What the rule gives now: head count, value and the sentence; or what is still missing."""
    return render(request, "segments/count.html", _counted(request, tree=read(request.POST), checked=True))


@page(Permission.REVIEW_PROPOSALS, method="POST")
def segment_save(request: PageRequest) -> HttpResponse:
    """Saves the rule under its name; what cannot be saved comes back with everything that was typed."""
    told = _told(request)
    known = fields(request.actor, lake=request.lake, language=_language())
    tree = editor.settled(read(request.POST), fields={one.code: one for one in known})
    if not told["name"]:
        return _builder(request, tree=tree, known=known, **told, refused=_("Give the segment a name first."))
    try:
        rule = translate.rule_of(tree, kinds=_kinds(), currency=request.workspace.currency)
        preview(request.actor, lake=request.lake, rule=rule)
        code = actions.save_own(
            request.actor, name=told["name"], rule=rule, code=told["code"] or None, version=told["version"]
        )
    except NotYet:
        return _builder(request, tree=tree, known=known, **told, refused=_("One condition is not filled in yet."))
    except ShukeError as error:
        return _kept(request, tree=tree, known=known, error=error, told=told)
    if rebuild_segments(request.actor, workspace=request.workspace):
        messages.success(request, _("Saved and counted: it stands in the list, in every overlap and in the exports."))
    else:
        messages.success(request, _("Saved. Another job is writing just now: the lists take it in with the next week."))
    return redirect("segment", code=code)


@page(Permission.REVIEW_PROPOSALS)
def segment_remove(request: PageRequest, code: str) -> HttpResponse:
    """Asks once more before an own segment goes."""
    return render(request, "segments/remove.html", {"own": own_segment(request.actor, code=code)})


@page(Permission.REVIEW_PROPOSALS, method="POST")
def segment_removed(request: PageRequest, code: str) -> HttpResponse:
    """Removes an own segment; its versions stay in the journal."""
    name = own_segment(request.actor, code=code).name
    actions.remove_own(request.actor, code=code)
    rebuild_segments(request.actor, workspace=request.workspace)
    messages.success(request, _("“%(name)s” is removed.") % {"name": name})
    return redirect("segments")


def _kept(
    request: PageRequest, *, tree: Branch, known: Sequence[Field], error: ShukeError, told: dict[str, Any]
) -> HttpResponse:
    """The builder with what was typed and why it was not saved; after another's change it can be saved over it."""
    if type(error).__name__ != "Stale":
        words = error.words(_language()) if isinstance(error, BadRule) else f"{error} {error.hint}"
        if isinstance(error, actions.NameTaken):
            words = _("Another segment has this name already, or it is empty. Choose another name.")
        return _builder(request, tree=tree, known=known, **told, refused=words, status=409)
    now = own_segment(request.actor, code=told["code"])
    words = _(
        "%(who)s changed this segment while you did. Yours is still here and not saved; save again to replace theirs."
    ) % {"who": now.changed_by}
    theirs = rule_sentence(request.actor, rule=now.rule, language=_language())
    told = {**told, "version": now.version}
    return _builder(request, tree=tree, known=known, **told, refused=words, theirs=theirs, status=409)


def _builder(
    request: PageRequest,
    *,
    tree: Branch,
    known: Sequence[Field] | None = None,
    checked: bool = True,
    code: str = "",
    name: str = "",
    version: int | None = None,
    refused: str = "",
    theirs: str = "",
    focus: int = 0,
    status: int = 200,
) -> HttpResponse:
    known = fields(request.actor, lake=request.lake, language=_language()) if known is None else known
    tree = editor.settled(tree, fields={one.code: one for one in known})
    currency = request.workspace.currency
    context = {
        "tree": editor.view(tree, fields=known, currency=currency, checked=checked, focus=focus),
        "code": code,
        "name": name,
        "version": version,
        "refused": refused,
        "theirs": theirs,
        **_counted(request, tree=tree, known=known, checked=checked),
    }
    part = "segments/parts.html" if request.htmx else "segments/builder.html"
    return render(request, part, context, status=status if not refused or status != 200 else 409)


def _counted(
    request: PageRequest, *, tree: Branch, checked: bool, known: Sequence[Field] | None = None
) -> dict[str, Any]:
    """The count of a whole rule, or the words for what is missing.

    Asks the fields with their choices only where something is missing: a whole rule must be counted at once.
    """
    currency = request.workspace.currency
    empty: dict[str, Any] = {"count": None, "sentence": "", "missing": "", "currency": currency}
    try:
        rule = translate.rule_of(tree, kinds=_kinds(), currency=currency)
        found = preview(request.actor, lake=request.lake, rule=rule)
        sentence = rule_sentence(request.actor, rule=rule, language=_language())
    except NotYet:
        if known is None:
            known = fields(request.actor, lake=request.lake, language=_language())
        shown = editor.view(tree, fields=known, currency=currency, checked=True)
        return {**empty, "missing": editor.first_trouble(shown) if checked else ""}
    except BadRule as error:
        return {**empty, "missing": error.words(_language())}
    return {**empty, "count": found, "sentence": sentence}


def _kinds() -> dict[str, str]:
    return {code: spec.kind for code, spec in catalogue().items() if not spec.is_shop}


def _told(request: PageRequest) -> dict[str, Any]:
    version, code = request.POST.get("version", ""), request.POST.get("code", "")
    if code and own_id(code) < 0:
        raise Http404
    return {
        "code": code,
        "name": request.POST.get("name", "").strip()[:_NAME],
        "version": int(version) if version.isdecimal() and len(version) < 9 else None,
    }


def _language() -> str:
    return get_language() or "zh-hans"
