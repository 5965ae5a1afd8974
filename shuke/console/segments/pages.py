"""Segments: the list, one opened with its people, why somebody is in or out, and the list as a file."""

import tempfile
from pathlib import Path

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuke.access.rules import Permission, may
from shuke.console.frame import formats
from shuke.console.frame.page import PageRequest, page
from shuke.console.segments import show
from shuke.customers.queries import profile, search
from shuke.kernel.errors import ShukeError
from shuke.procedures.export_members import export_members
from shuke.proposals.queries import this_week
from shuke.proposals.values import Card
from shuke.reference.queries import stores
from shuke.segments.queries import (
    layer_counts,
    member_count,
    members,
    movement,
    overlaps,
    people,
    segment_detail,
    segment_list,
    stage_counts,
    why,
)
from shuke.segments.values import SegmentDetail

_PAGE = 50
_FOUND = 20
_MONTHS = {"1": 1, "2": 2, "3": 3, "6": 6}


@page(Permission.SEE_CUSTOMERS)
def segments(request: PageRequest) -> HttpResponse:
    """All segments with head count, change, value and overlap; stages, layers and how people moved."""
    if not request.lake.has("segment_members"):
        return render(request, "frame/nothing.html")
    actor, lake, language = request.actor, request.lake, _language()
    every = _stores(request)
    store = _chosen(request.GET.get("store"), every)
    found = segment_list(actor, lake=lake, language=language, store=store or None)
    kind = "layer" if request.GET.get("kind") == "layer" else "stage"
    months = _MONTHS.get(request.GET.get("months", ""), 1)
    moved = movement(actor, lake=lake, language=language, kind=kind, store=store or None, months=months)
    layers = layer_counts(actor, lake=lake, language=language, store=store or None)
    context = {
        "headline": show.list_headline(found, currency=request.workspace.currency, language=language),
        "parts": show.parts(found, store=store, overlaps=overlaps(actor, lake=lake, store=store or None)),
        "off": [row for row in found if row.missing],
        "has_own": any(row.kind != "ready" for row in found),
        "stages": show.counted(stage_counts(actor, lake=lake, language=language, store=store or None)),
        "layers": show.counted(layers.layers),
        "missing_axes": layers.missing_axes,
        "moves": show.moves(moved, kind=kind, months=months, store=store, language=language),
        "stores": every,
        "store": store,
        "currency": request.workspace.currency,
        "may_build": may(actor, Permission.REVIEW_PROPOSALS),
        "may_import": may(actor, Permission.IMPORT_FILES),
    }
    return render(request, "segments/list.html", context)


@page(Permission.SEE_CUSTOMERS)
def segment(request: PageRequest, code: str) -> HttpResponse:
    """One segment: what it is, its rule, who is in it and why, head count by week, overlap."""
    if not request.lake.has("segment_members"):
        return render(request, "frame/nothing.html")
    actor, lake, language = request.actor, request.lake, _language()
    every = _stores(request)
    store = _chosen(request.GET.get("store"), every)
    detail = _detail(request, code=code, store=store)
    total = member_count(actor, lake=lake, segment=code, store=store or None)
    number = _number(request.GET.get("page"), most=max(total - 1, 0) // _PAGE)
    listed = members(
        actor, lake=lake, segment=code, language=language, limit=_PAGE, skip=number * _PAGE, store=store or None
    )
    context = {
        "detail": detail,
        "row": detail.row,
        "own": detail.row.kind != "ready",
        "headline": show.one_headline(detail.row, currency=request.workspace.currency, language=language),
        "members": listed,
        "total": total,
        **_paging(code, number=number, total=total, store=store, shown=len(listed)),
        "trend": show.trend(detail.trend, language=language),
        "points": tuple(reversed(detail.trend)),
        "overlap": show.shared(detail, store=store),
        "plan": _plan(request, code=code, language=language),
        "stores": every,
        "store": store,
        "currency": request.workspace.currency,
        "may_build": may(actor, Permission.REVIEW_PROPOSALS),
        "may_export": may(actor, Permission.EXPORT_TASKS),
        "may_import": may(actor, Permission.IMPORT_FILES),
    }
    return render(request, "segments/one.html", context)


@page(Permission.SEE_CUSTOMERS)
def segment_why(request: PageRequest, code: str) -> HttpResponse:
    """Why one customer is in a segment, or out of it, clause by clause; `q` searches for the customer first."""
    if not request.lake.has("segment_members"):
        return render(request, "frame/nothing.html")
    actor, lake, language = request.actor, request.lake, _language()
    detail = _detail(request, code=code)
    asked = request.GET.get("q", "").strip()[:80]
    if asked:
        ids = search(actor, lake=lake, text=asked, limit=_FOUND)
        if len(ids) == 1:
            return redirect(show.address("segment_why", code=code, customer=str(ids[0])))
        found = people(actor, lake=lake, ids=ids, limit=_FOUND) if ids else []
        return render(request, "segments/why.html", {"row": detail.row, "asked": asked, "found": found})
    known = request.GET.get("customer", "")
    if not (known.isdecimal() and len(known) < 19):
        return render(request, "segments/why.html", {"row": detail.row})
    person = profile(actor, lake=lake, customer_id=int(known))
    answer = why(actor, lake=lake, segment=code, customer_id=person.customer_id, language=language)
    context = {
        "row": detail.row,
        "person": person,
        "why": answer,
        "sentence": detail.rule_sentence,
        "holding": sum(one.holds for one in answer.clauses),
    }
    return render(request, "segments/why.html", context)


@page(Permission.EXPORT_TASKS, method="POST")
def segment_file(request: PageRequest, code: str) -> HttpResponse:
    """The people of a segment as CSV, masked and journaled."""
    store = _chosen(request.POST.get("store"), _stores(request))
    _detail(request, code=code)
    with tempfile.TemporaryDirectory(dir=request.workspace.root) as folder:
        path = Path(folder) / "members.csv"
        export_members(
            request.actor, lake=request.lake, segment=code, language=_language(), path=path, store=store or None
        )
        answer = HttpResponse(path.read_bytes(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="shuke-{code}.csv"'
    return answer


def _detail(request: PageRequest, *, code: str, store: str = "") -> SegmentDetail:
    """The segment opened; 404 for a code that is not on the list."""
    try:
        return segment_detail(request.actor, lake=request.lake, segment=code, language=_language(), store=store or None)
    except ShukeError:
        listed = segment_list(request.actor, lake=request.lake, language=_language())
        if any(row.code == code for row in listed):
            raise
        raise Http404 from None


def _plan(request: PageRequest, *, code: str, language: str) -> list[Card]:
    """This week's proposals for a segment, where the reader may see proposals."""
    if not may(request.actor, Permission.SEE_PROPOSALS):
        return []
    return [card for card in this_week(request.actor, language=language).cards if card.segment == code][:8]


def _paging(code: str, *, number: int, total: int, store: str, shown: int) -> dict[str, str]:
    first = number * _PAGE + 1
    words = _("%(first)s to %(last)s of %(all)s") % {
        "first": formats.count(first),
        "last": formats.count(first + shown - 1),
        "all": formats.count(total),
    }
    before = show.address("segment", store=store, code=code, page=str(number - 1)) if number else ""
    after = show.address("segment", store=store, code=code, page=str(number + 1)) if first + shown <= total else ""
    return {"before": before, "after": after, "shown": words if shown else ""}


def _stores(request: PageRequest) -> list[str]:
    """The physical stores that the reader may see."""
    return [one.store for one in stores(request.actor, lake=request.lake) if one.channel == "store"]


def _chosen(asked: str | None, every: list[str]) -> str:
    return asked if asked in every else ""


def _number(text: str | None, *, most: int) -> int:
    return min(int(text), most) if text and text.isdecimal() and len(text) < 9 else 0


def _language() -> str:
    return get_language() or "zh-hans"
