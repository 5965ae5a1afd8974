"""This week: what to do, why, and can the number be trusted."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from shuke.access.rules import Permission, may
from shuke.checkup.queries import report
from shuke.console.frame.context import as_of_day
from shuke.console.frame.page import PageRequest, page
from shuke.console.home import show
from shuke.console.proposals import show as proposals
from shuke.proposals.queries import this_week
from shuke.segments.queries import stage_counts
from shuke.touches.queries import by_store


@page(Permission.SEE_WEEK)
def home(request: PageRequest) -> HttpResponse:
    """The week on one page: proposals, the dearest data problem, stages, tasks left by store."""
    actor, lake, language = request.actor, request.lake, get_language() or "zh-hans"
    as_of = as_of_day()
    if as_of is None or not lake.has("findings"):
        return render(request, "frame/nothing.html")
    view = this_week(actor, language=language)
    rows, axis = proposals.rows(view.cards, language=language)
    sees_checkup = may(actor, Permission.SEE_CHECKUP)
    found = report(actor, lake=lake, as_of=as_of, language=language) if sees_checkup else None
    context = {
        "view": view,
        "rows": rows,
        "axis": axis,
        "newer": as_of if view.as_of and as_of > view.as_of else None,
        "waiting": sum(card.state == "proposed" for card in view.cards),
        "sums": proposals.headline(view, currency=request.workspace.currency, language=language),
        "report": found,
        "currency": request.workspace.currency,
        "worst": show.worst(found) if found else None,
        "stages": show.stages(stage_counts(actor, lake=lake, language=language)),
        "tasks": show.tasks(by_store(actor)),
        "may_review": may(actor, Permission.REVIEW_PROPOSALS),
        "may_export": may(actor, Permission.EXPORT_TASKS),
    }
    return render(request, "home/week.html", context)
