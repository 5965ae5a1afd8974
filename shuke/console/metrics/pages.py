"""Metrics: the cards, one metric in full, the rows behind a number, and the page for the weekly meeting."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from shuke.access.rules import Permission, may
from shuke.console.frame.context import as_of_day
from shuke.console.frame.page import PageRequest, page
from shuke.console.metrics import detail, files, show
from shuke.console.metrics.detail import Asked
from shuke.console.metrics.meeting import sheet
from shuke.kernel.period import Period
from shuke.metrics import queries
from shuke.metrics.queries.rows import Part
from shuke.metrics.rules import period_of
from shuke.metrics.values import Definition, Grain, Point
from shuke.reference.queries import festivals, stores
from shuke.reference.values import Festival

_PAGE = 50
_LAST = {"week": 26, "month": 24, "quarter": 12, "year": 8}


@page(Permission.SEE_WEEK)
def metrics(request: PageRequest) -> HttpResponse:
    """Every metric of the last whole week or month, against the period before and the year before."""
    actor, lake, language = request.actor, request.lake, _language()
    if not lake.has("metric_cells"):
        return render(request, "frame/nothing.html")
    grain, store, currency = _grain(request), _store(request), request.workspace.currency
    cards = queries.cards(actor, lake=lake, language=language, grain=grain, store=store)
    simple = queries.is_simple(actor)
    told = [] if simple else queries.definitions(actor, language=language)
    context = {
        "groups": show.groups(cards, grain=grain, currency=currency, language=language),
        "others": show.others(told, cards=cards),
        "count": len(told) or len(cards),
        "grain": grain,
        "grains": show.grain_choices(("week", "month")),
        "period": show.period_of(cards, grain=grain, language=language),
        "store": store or "",
        "stores": _stores(request),
        "simple": simple,
        "may_set": may(actor, Permission.EDIT_SETTINGS),
        "sees_campaigns": actor.stores is None,
    }
    return render(request, "metrics/all.html", context)


@page(Permission.SEE_WEEK)
def metric(request: PageRequest, code: str) -> HttpResponse:
    """One metric: what it means, its trend beside the year before, its parts in one period."""
    told = queries.definition(request.actor, code=code, language=_language())
    if told.missing or not request.lake.has("metric_cells"):
        return render(request, "metrics/one.html", {"told": told, "as_of": as_of_day()})
    context = _opened(request, told=told)
    return render(request, "metrics/one.html", context)


def _opened(request: PageRequest, *, told: Definition) -> dict[str, Any]:
    actor, lake, asked = request.actor, request.lake, _asked(request, told=told)
    choose = {"metric": told.code, "grain": asked.grain}
    spans = queries.periods(actor, lake=lake, **choose, last=_LAST[asked.grain])
    asked = replace(asked, period=asked.period or detail.newest(spans))
    parts = _parts(request, asked=asked)
    return {
        "told": told,
        "asked": asked,
        "parts": detail.parts(parts, told=told, asked=asked),
        "periods": detail.period_choices(spans, asked=asked),
        "grains": show.grain_choices(told.grains),
        "dimensions": detail.dimension_choices(told),
        "member_name": _member_name(request, asked=asked),
        "as_of": as_of_day(),
        **_trend(request, told=told, asked=asked, parts=parts),
    }


def _parts(request: PageRequest, *, asked: Asked) -> Sequence[tuple[str, str, Point]]:
    if not asked.dimension or asked.period is None:
        return ()
    return queries.breakdown(
        request.actor, lake=request.lake, metric=asked.code, grain=asked.grain, period_start=asked.period,
        dimension=asked.dimension, language=asked.language,
    )  # fmt: skip


def _trend(
    request: PageRequest, *, told: Definition, asked: Asked, parts: Sequence[tuple[str, str, Point]]
) -> dict[str, Any]:
    """The newest value and the chart: of all or of one member, else a line a member."""
    read = partial(queries.series, request.actor, lake=request.lake, metric=told.code, grain=asked.grain)
    last = _LAST[asked.grain]
    if not asked.has_whole and not asked.member:
        lines = [(member, name, read(dimension=asked.dimension, member=member, last=last)) for member, name, _ in parts]
        return {"now": None, "chart": detail.chart_of_members(lines, told=told, asked=asked)}
    read = partial(read, dimension=asked.within, member=asked.member)
    longer = read(last=last + detail.YEAR[asked.grain])
    points = longer[-last:]
    then = detail.year_before(points, longer=longer, grain=asked.grain)
    return {
        "now": detail.now(points, told=told, then=then, asked=asked),
        "chart": detail.chart(points, told=told, then=then, asked=asked, festivals=_festivals(request, points))
        if points
        else None,
    }


def _festivals(request: PageRequest, points: Sequence[Point]) -> Sequence[Festival]:
    span = Period(points[0].period.start_on, points[-1].period.end_on)
    return festivals(request.actor, workspace=request.workspace, span=span)


@page(Permission.SEE_WEEK)
def metric_rows(request: PageRequest, code: str) -> HttpResponse:
    """The rows whose sum is a number of a page, and that sum."""
    told = queries.definition(request.actor, code=code, language=_language())
    asked = _asked(request, told=told)
    if asked.period is None:
        raise Http404
    part: Part = "denominator" if request.GET.get("part") == "denominator" else "numerator"
    place = _page(request)
    found = queries.rows(
        request.actor, lake=request.lake, metric=code, grain=asked.grain, period_start=asked.period,
        dimension=asked.within, member=asked.member, part=part, limit=_PAGE, skip=place * _PAGE,
        language=asked.language,
    )  # fmt: skip
    context = {
        "told": told,
        "part": part,
        "rows": detail.rows(found, told=told, asked=asked, part=part),
        "asked": asked,
        "period": show.period_words(
            period_of(asked.period, grain=asked.grain), grain=asked.grain, language=asked.language
        ),
        "member_name": _member_name(request, asked=asked),
        "pages": detail.pages(found, place=place, size=_PAGE, asked=asked, part=part),
    }
    return render(request, "metrics/rows.html", context)


@page(Permission.SEE_WEEK)
def metric_file(request: PageRequest, code: str) -> HttpResponse:
    """The series of a metric as a CSV file: the numbers of the chart and its table."""
    told = queries.definition(request.actor, code=code, language=_language())
    asked = _asked(request, told=told)
    points = queries.series(
        request.actor, lake=request.lake, metric=code, grain=asked.grain, dimension=asked.within,
        member=asked.member, last=_LAST[asked.grain],
    )  # fmt: skip
    return files.series(points, told=told, grain=asked.grain, member=asked.member, currency=request.workspace.currency)


@page(Permission.SEE_WEEK)
def meeting(request: PageRequest) -> HttpResponse:
    """One page for the weekly meeting, made to be printed."""
    actor, lake, language = request.actor, request.lake, _language()
    if not lake.has("metric_cells"):
        return render(request, "frame/nothing.html")
    store = _store(request)
    pack = queries.meeting_pack(actor, lake=lake, language=language, store=store)
    definitions = queries.definitions(actor, language=language)
    context = {
        "sheet": sheet(pack, definitions=definitions, currency=request.workspace.currency, language=language),
        "store": store or "",
        "stores": _stores(request),
    }
    return render(request, "metrics/meeting.html", context)


def _member_name(request: PageRequest, *, asked: Asked) -> str:
    if not asked.member:
        return ""
    return queries.member_label(
        request.actor, metric=asked.code, dimension=asked.within, member=asked.member, language=asked.language
    )


def _asked(request: PageRequest, *, told: Definition) -> Asked:
    return detail.asked(told, given=request.GET, language=_language(), currency=request.workspace.currency)


def _grain(request: PageRequest) -> Grain:
    return "month" if request.GET.get("grain") == "month" else "week"


def _page(request: PageRequest) -> int:
    asked = request.GET.get("page", "0")
    return int(asked) if asked.isdecimal() and len(asked) < 6 else 0


def _store(request: PageRequest) -> str | None:
    asked = request.GET.get("store", "")
    return asked if asked in _stores(request) else None


def _stores(request: PageRequest) -> list[str]:
    return [one.store for one in stores(request.actor, lake=request.lake)]


def _language() -> str:
    return get_language() or "zh-hans"
