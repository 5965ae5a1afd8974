"""The check-up: how much of the sales has a person behind it, and every problem with its money."""

import base64
import hashlib
import tempfile
from pathlib import Path

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language

from shuke.access.rules import Permission
from shuke.checkup.actions import write_file
from shuke.checkup.queries import months, report, rows_behind
from shuke.checkup.rules import STYLE, one_page
from shuke.console.checkup import show
from shuke.console.frame.context import as_of_day
from shuke.console.frame.middleware import CONTENT_POLICY
from shuke.console.frame.page import PageRequest, page

_ROWS = 100
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
}
# The printed page carries its style inside, so that it looks the same as a file: this very text may, no other.
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_PRINT_POLICY = CONTENT_POLICY.replace("style-src 'self'", f"style-src 'sha256-{_STYLE_HASH}'")


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
        "since": show.since(found, language=language),
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
    named = {"orders": any(row.order_no for row in rows), "sources": any(row.source for row in rows)}
    context = {"finding": one, "behind": show.behind(one, rows, language=language), "named": named, "as_of": as_of}
    part = "checkup/finding.html" if request.htmx else "checkup/alone.html"
    return render(request, part, context)


@page(Permission.SEE_CHECKUP)
def checkup_print(request: PageRequest) -> HttpResponse:
    """The check-up on one A4 page, with a button that prints it or saves it as PDF."""
    as_of = as_of_day()
    if as_of is None or not request.lake.has("findings"):
        return render(request, "frame/nothing.html")
    found = report(request.actor, lake=request.lake, as_of=as_of, language=get_language() or "zh-hans")
    parts = {name: render_to_string(f"checkup/print_{name}.html", request=request) for name in ("tools", "head")}
    answer = HttpResponse(one_page(found, **parts))
    answer["Content-Security-Policy"] = _PRINT_POLICY
    return answer


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
