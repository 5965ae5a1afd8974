"""This week: what to do, why, and can the number be trusted."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from shuke.access.rules import Permission, may
from shuke.checkup.queries import report
from shuke.console.customers.whole import pairs_waiting
from shuke.console.frame.context import as_of_day
from shuke.console.frame.page import PageRequest, page
from shuke.console.home import show
from shuke.console.home.numbers import Numbers, numbers
from shuke.console.home.results import results
from shuke.console.proposals import show as proposals
from shuke.metrics.queries import home_cards
from shuke.metrics.queries.definitions import metric_of
from shuke.metrics.queries.points import read
from shuke.outcomes.queries import last_week
from shuke.proposals.queries import coverage, this_week
from shuke.proposals.values import WeekView
from shuke.segments.queries import lapsing_trend
from shuke.touches.queries import by_store

# A week has three to seven things to decide; what goes beyond stands on the page of proposals.
_MOST = 7


@page(Permission.SEE_PROPOSALS)
def home(request: PageRequest) -> HttpResponse:
    """The week on one page: what waits for a decision, what last week changed, the numbers, data, tasks."""
    actor, lake, language = request.actor, request.lake, get_language() or "zh-hans"
    as_of = as_of_day()
    if as_of is None or not lake.has("findings"):
        return render(request, "frame/nothing.html")
    view = this_week(actor, language=language)
    found = report(actor, lake=lake, as_of=as_of, language=language) if may(actor, Permission.SEE_CHECKUP) else None
    context = {
        "view": view,
        "newer": as_of if view.as_of and as_of > view.as_of else None,
        "sums": proposals.headline(view, currency=request.workspace.currency, language=language),
        "results": results(last_week(actor, lake=lake, language=language), language=language),
        "numbers": _numbers(request, language=language),
        "report": found,
        "currency": request.workspace.currency,
        "worst": show.worst(found) if found else None,
        "tasks": show.tasks(by_store(actor)),
        "pairs_waiting": pairs_waiting(request) if may(actor, Permission.MERGE_CUSTOMERS) else 0,
        "coverage": show.covered(coverage(actor, lake=lake, language=language)),
        "may_review": may(actor, Permission.REVIEW_PROPOSALS),
        "may_export": may(actor, Permission.EXPORT_TASKS),
        **_waiting(view, by_play=actor.stores is None or len(actor.stores) > 1, language=language),
    }
    return render(request, "home/week.html", context)


def _waiting(view: WeekView, *, by_play: bool, language: str) -> dict[str, Any]:
    """The things to decide: by play with their stores inside, or for one store its own."""
    if by_play:
        groups, axis = proposals.groups(view.groups[:_MOST], language=language)
        waiting = sum(bool(group.states.get("proposed")) for group in view.groups)
        return {"groups": groups, "axis": axis, "every": view.groups, "waiting": waiting, "most": _MOST}
    rows, axis = proposals.rows(view.cards[:_MOST], language=language)
    waiting = sum(card.state == "proposed" for card in view.cards)
    return {"rows": rows, "axis": axis, "every": view.cards, "waiting": waiting, "most": _MOST}


def _numbers(request: PageRequest, *, language: str) -> Numbers | None:
    """The four numbers; None before they were counted."""
    actor, lake = request.actor, request.lake
    if not lake.has("metric_cells"):
        return None

    cards = home_cards(actor, lake=lake, language=language)
    return numbers(
        cards,
        lapsing=lapsing_trend(actor, lake=lake),
        longer=read(
            actor, lake=lake, metrics=[metric_of(actor, code=card.definition.code) for card in cards], grain="week"
        ),
        currency=request.workspace.currency,
        language=language,
    )
