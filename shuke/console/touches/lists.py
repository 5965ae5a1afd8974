"""The tasks of a store or associate as a list, and giving some of them to somebody else."""

from collections.abc import Mapping
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
from shuke.console.frame.page import PageRequest, page
from shuke.kernel.errors import ShukeError
from shuke.procedures.reassign_tasks import reassign_tasks, teams
from shuke.touches import queries
from shuke.touches.actions import BoundToOwner, NotYours, OverCapacity

_PAGE = 50
_MOST_TICKED = 500
# One-to-one WeCom goes through the associate whom the customer added.
_BOUND = "wecom"
_OPEN = ("planned", "exported")
_STATES = {"": (*_OPEN, "done"), "open": _OPEN, "done": ("done",), "expired": ("expired",)}


@page(Permission.SEE_TASKS)
def task_list(request: PageRequest) -> HttpResponse:
    """The tasks of one store or associate, by day; those still open can be given to somebody else."""
    return _list(request, asked=request.GET)


@page(Permission.EXPORT_TASKS, method="POST")
def reassign(request: PageRequest) -> HttpResponse:
    """Gives the ticked tasks to an associate; where that is not possible the ticks stay and it says why."""
    asked = request.POST
    ticked = tuple(int(t) for t in asked.getlist("task")[:_MOST_TICKED] if t.isdecimal() and len(t) < 19)
    store, _bar, associate = asked.get("to", "").partition("|")
    if not ticked or not associate:
        words = _("Tick at least one task and choose who takes them.")
        return _list(request, asked=asked, ticked=ticked, to=asked.get("to", ""), refused=words, status=400)
    try:
        moved = reassign_tasks(
            request.actor,
            workspace=request.workspace,
            task_ids=ticked,
            store=store,
            associate=associate,
            allow_over=asked.get("over") == "yes",
        )
    except (OverCapacity, BoundToOwner, NotYours) as error:
        return _list(
            request,
            asked=asked,
            ticked=ticked,
            to=asked.get("to", ""),
            refused=_words(error),
            may_go_over=isinstance(error, OverCapacity),
            status=409,
        )
    told = ngettext("%(n)s task now belongs to %(who)s.", "%(n)s tasks now belong to %(who)s.", moved)
    messages.success(request, told % {"n": formats.count(moved), "who": associate})
    return redirect(_address(asked))


def _list(
    request: PageRequest,
    *,
    asked: Mapping[str, str],
    ticked: tuple[int, ...] = (),
    to: str = "",
    refused: str = "",
    may_go_over: bool = False,
    status: int = 200,
) -> HttpResponse:
    store, associate = asked.get("store"), asked.get("associate")
    state = asked.get("state", "") if asked.get("state", "") in _STATES else ""
    text = asked.get("page", "")
    number = int(text) if text.isdecimal() and len(text) < 6 else 0
    found = queries.tasks(
        request.actor,
        lake=request.lake,
        language=get_language() or "zh-hans",
        store=store,
        associate=associate,
        states=_STATES[state],
        limit=_PAGE + 1,
        skip=number * _PAGE,
    )
    may_move = may(request.actor, Permission.EXPORT_TASKS)
    context = {
        "tasks": found[:_PAGE],
        "store": store,
        "associate": associate,
        "state": state,
        "page": number,
        "total": queries.count(request.actor, states=_STATES[state], store=store, associate=associate),
        "filters": [(_address(asked, state=code, page=""), words, code == state) for code, words in _filters()],
        "before": _address(asked, page=str(number - 1)) if number else "",
        "after": _address(asked, page=str(number + 1)) if len(found) > _PAGE else "",
        "may_move": may_move and any(one.state in _OPEN and one.channel_code != _BOUND for one in found),
        "teams": _teams(request, chosen=to) if may_move else [],
        "ticked": ticked,
        "refused": refused,
        "may_go_over": may_go_over,
    }
    return render(request, "touches/list.html", context, status=status)


def _teams(request: PageRequest, *, chosen: str) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Everybody who can take tasks, by store, each with what lies before them already."""
    load = {(one.store, one.associate): one.open for one in queries.by_associate(request.actor)}
    made = []
    for store, team in teams(request.actor, workspace=request.workspace).items():
        options = []
        for name in team:
            words = _("%(name)s, %(n)s open") % {"name": name, "n": formats.count(load.get((store, name), 0))}
            options.append((f"{store}|{name}", words, f"{store}|{name}" == chosen))
        if options:
            made.append((store, options))
    return made


def _words(error: ShukeError) -> str:
    if isinstance(error, BoundToOwner):
        words = _(
            "%(n)s of these are one-to-one WeCom messages: they stay with the associate whom the customer added"
            " (clause %(clause)s). Leave them out."
        )
        return words % {"n": error.count, "clause": error.clause}
    if isinstance(error, OverCapacity):
        words = _("%(who)s would have %(n)s tasks on %(day)s; the brand policy allows %(most)s a day.")
        day = formats.day(error.day, get_language() or "zh-hans", weekday=True)
        return words % {"who": error.associate, "n": error.tasks, "day": day, "most": error.per_day}
    return _("Some of these tasks are done by now, or belong to another store. Look at the list again.")


def _filters() -> list[tuple[str, str]]:
    return [("", _("All")), ("open", _("Open")), ("done", _("Done")), ("expired", _("Expired"))]


def _address(asked: Mapping[str, str], **changed: Any) -> str:
    kept = {name: asked[name] for name in ("store", "associate", "state", "page") if asked.get(name) is not None}
    given = {name: value for name, value in {**kept, **changed}.items() if value or name in ("store", "associate")}
    return f"{reverse('task_list')}?{urlencode(given)}"
