"""Why did it change: the page and its file."""

from datetime import date
from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from shuke.access.rules import Permission
from shuke.console.frame.page import PageRequest, page
from shuke.console.metrics import files, show, show_why
from shuke.metrics import queries
from shuke.metrics.queries.why import Why
from shuke.metrics.rules import before


@page(Permission.SEE_WEEK)
def why(request: PageRequest) -> HttpResponse:
    """The change in sales between two periods: by factor, and by the members of one cause."""
    if not request.lake.has("metric_cells"):
        return render(request, "frame/nothing.html")
    told = _told(request)
    language = get_language() or "zh-hans"
    write = show_why.Words(currency=request.workspace.currency, language=language)
    named = partial(show.period_words, grain=told.grain, language=language)
    context = {
        "told": told,
        "headline": show_why.headline(told, write=write),
        "factors": show_why.factors(told, write=write),
        "members": show_why.members(told, write=write),
        "total": show_why.total(told, write=write),
        "causes": show_why.cause_choices(told.causes),
        "grains": show.grain_choices(("week", "month")),
        "then": named(told.compared),
        "now": named(told.period),
        "earlier": show_why.address(told, period=before(told.period, grain=told.grain).start_on.isoformat()),
        "download": show_why.address(told).replace("?", "file/?", 1),
    }
    return render(request, "metrics/why.html", context)


@page(Permission.SEE_WEEK)
def why_file(request: PageRequest) -> HttpResponse:
    """The members of the cause as CSV; money in minor units."""
    told = _told(request)
    head = ["member", "now_minor", "then_minor", "change_minor", "volume_minor", "mix_minor", "rate_minor"]
    rows = [
        [
            show_why.member_name(move.member, cause=told.cause, left_out=told.left_out),
            move.now.sales_minor,
            move.then.sales_minor,
            move.total_minor,
            move.volume_minor,
            move.mix_minor,
            move.rate_minor,
            move.other_minor,
        ]
        for move in told.moves
    ]
    return files.table(f"why-{told.cause}-{told.period.start_on}", head=[*head, "other_minor"], rows=rows)


def _told(request: PageRequest) -> Why:
    asked = request.GET
    try:
        start = date.fromisoformat(asked.get("period", ""))
    except ValueError:
        start = None
    return queries.why(
        request.actor,
        lake=request.lake,
        grain="month" if asked.get("grain") == "month" else "week",
        against="before" if asked.get("against") == "before" else "year",
        cause=asked.get("cause", "store"),
        period_start=start,
    )
