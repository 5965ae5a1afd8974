"""Cohorts by month of first purchase, sources of new customers, past campaigns: three pages and a file."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from shuke.access.rules import Permission
from shuke.console.frame import words
from shuke.console.frame.context import as_of_day
from shuke.console.frame.page import PageRequest, page
from shuke.console.metrics import files, show_cohorts
from shuke.metrics import queries
from shuke.metrics.queries.cohorts import SPANS, Cohort


@page(Permission.SEE_WEEK)
def cohorts(request: PageRequest) -> HttpResponse:
    """Who came back, month by month after the first purchase, and what they brought; of all or of one channel."""
    if not request.lake.has("metric_cohorts"):
        return render(request, "frame/nothing.html")
    measure, channel = _measure(request), request.GET.get("channel", "")
    found = _cohorts(request)
    write = {"currency": request.workspace.currency, "language": _language()}
    context = {
        "rows": show_cohorts.rows(found, measure=measure, **write),
        "ages": show_cohorts.ages(found),
        "chart": show_cohorts.curves(
            found, **write, download=show_cohorts.file_address(measure=measure, channel=channel)
        ),
        "measure": measure,
        "channel": channel,
        "channels": [
            (one.channel, words.source_word(one.channel))
            for one in queries.sources(request.actor, lake=request.lake)
        ],
    }  # fmt: skip
    return render(request, "metrics/cohorts.html", context)


@page(Permission.SEE_WEEK)
def cohorts_file(request: PageRequest) -> HttpResponse:
    """All cells as CSV: one row a cohort and month since; money in minor units a head."""
    rows = [
        [one.month_on.isoformat(), one.people, cell.age, cell.buyers, f"{cell.share:.6f}", f"{cell.per_head_minor:.2f}"]
        for one in _cohorts(request)
        for cell in one.cells
    ]
    head = ["cohort_on", "people", "months_since", "buyers", "share", "per_head_minor"]
    return files.table("cohorts", head=head, rows=rows)


@page(Permission.SEE_WEEK)
def sources(request: PageRequest) -> HttpResponse:
    """What new customers brought by the channel of their first purchase, against what they cost."""
    if not request.lake.has("metric_cohorts"):
        return render(request, "frame/nothing.html")
    found = queries.sources(request.actor, lake=request.lake)
    context = {
        "rows": show_cohorts.source_rows(
            found, payback=_payback(request), currency=request.workspace.currency, language=_language()
        ),
        "spans": SPANS,
        "has_costs": any(one.cost_minor is not None for one in found),
    }
    return render(request, "metrics/sources.html", context)


@page(Permission.SEE_WEEK)
def campaigns(request: PageRequest) -> HttpResponse:
    """The shop's own coupon campaigns, before and after."""
    found = queries.campaigns(request.actor, lake=request.lake)
    context = {
        "rows": show_cohorts.campaign_rows(
            found, currency=request.workspace.currency, language=_language(), near=as_of_day()
        )
    }
    return render(request, "metrics/campaigns.html", context)


def _cohorts(request: PageRequest) -> tuple[Cohort, ...]:
    return queries.cohorts(request.actor, lake=request.lake, channel=request.GET.get("channel") or None)


def _payback(request: PageRequest) -> dict[str, float | None]:
    """Days until margin covers the cost, by channel, of the last quarter that stands."""
    told = queries.definition(request.actor, code="payback_days", language=_language())
    if told.missing or request.actor.stores is not None:
        return {}
    period = queries.latest_period(request.actor, lake=request.lake, metric=told.code, grain="quarter")
    if period is None:
        return {}
    found = queries.breakdown(
        request.actor, lake=request.lake, metric=told.code, grain="quarter", period_start=period.start_on,
        dimension="channel",
    )  # fmt: skip
    return {member: point.value for member, _name, point in found}


def _measure(request: PageRequest) -> str:
    return "value" if request.GET.get("measure") == "value" else "share"


def _language() -> str:
    return get_language() or "zh-hans"
