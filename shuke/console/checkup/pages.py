"""The check-up: how much of the sales has a person behind it, and every problem with its money."""

import tempfile
from pathlib import Path

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from shuke.access.rules import Permission
from shuke.checkup.actions import write_file
from shuke.checkup.queries import months, report, rows_behind
from shuke.console.checkup import show
from shuke.console.frame.context import as_of_day
from shuke.console.frame.page import PageRequest, page

_ROWS = 100
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
}


@page(Permission.SEE_CHECKUP)
def checkup(request: PageRequest) -> HttpResponse:
    """The whole check-up; a problem opens in place."""
    as_of = as_of_day()
    if as_of is None or not request.lake.has("findings"):
        return render(request, "frame/nothing.html")
    language = get_language() or "zh-hans"
    found = report(request.actor, lake=request.lake, as_of=as_of, language=language)
    context = {
        "report": found,
        "rows": show.rows(found, language=language),
        "ring": show.known_ring(found),
        "line": show.known_line(months(request.actor, lake=request.lake), language=language),
        "channels": show.channels(found),
        "opened": request.GET.get("open", ""),
    }
    return render(request, "checkup/all.html", context)


@page(Permission.SEE_CHECKUP)
def finding(request: PageRequest, code: str) -> HttpResponse:
    """One problem opened: what happened, how to mend it, and the dearest rows behind it."""
    as_of = as_of_day()
    language = get_language() or "zh-hans"
    found = report(request.actor, lake=request.lake, as_of=as_of, language=language) if as_of else None
    one = next((one for one in found.findings if one.code == code), None) if found else None
    if one is None:
        raise Http404
    rows = rows_behind(request.actor, lake=request.lake, code=code, limit=_ROWS)
    context = {"finding": one, "behind": show.behind(code, rows), "as_of": as_of}
    part = "checkup/finding.html" if request.htmx else "checkup/alone.html"
    return render(request, part, context)


@page(Permission.SEE_CHECKUP)
def checkup_file(request: PageRequest, form: str) -> HttpResponse:
    """The check-up as a file to hand on: one printable page, or a workbook with the rows."""
    if form not in _TYPES:
        raise Http404
    with tempfile.TemporaryDirectory(dir=request.workspace.root) as folder:
        path = Path(folder) / f"checkup.{form}"
        write_file(request.actor, lake=request.lake, path=path, language=get_language() or "zh-hans")
        answer = HttpResponse(path.read_bytes(), content_type=_TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="shuke-checkup-{as_of_day()}.{form}"'
    return answer
