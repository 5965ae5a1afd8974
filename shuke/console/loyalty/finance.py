"""Finance: liability and its forecast, closed days beside their sales, reconciliation, files for the books."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date

from shuke.access.rules import Permission, may
from shuke.checkup.adapters import Sheet, write_workbook
from shuke.console.frame.context import language_code
from shuke.console.frame.page import PageRequest, page
from shuke.console.loyalty import files
from shuke.console.loyalty import show_finance as show
from shuke.kernel.clock import today, utc_now
from shuke.loyalty.queries import programme as programme_of
from shuke.loyalty.queries.finance import day_closes, liability
from shuke.loyalty.queries.members import frozen_accounts, numbers_of
from shuke.loyalty.values.finance import ClosedDay, Liability

_DAYS = 90
_SHOWN = 31
_FROZEN = 50
# The forecast reads every lot: what was reckoned a moment ago is shown again.
_FRESH_SECONDS = 600
_recent: dict[Path, tuple[float, Liability]] = {}
_guard = Lock()


def _liability(request: PageRequest) -> Liability:
    root, now = request.workspace.root, time.monotonic()
    with _guard:
        known = _recent.get(root)
        if known is None or now - known[0] > _FRESH_SECONDS:
            known = (now, liability(request.actor, workspace=request.workspace, at=utc_now()))
            _recent[root] = known
    return known[1]


@page(Permission.SEE_FINANCE)
def loyalty_liability(request: PageRequest) -> HttpResponse:
    """The card of the first screen, asked for when the rest of it stands: the forecast reads every lot."""
    language, found = language_code(), _liability(request)
    context = {
        "headline": show.worth(found, language=language),
        "picture": show.picture(found, language=language),
        "told": show.spent(found, language=language),
    }
    return render(request, "loyalty/liability.html", context)


@page(Permission.SEE_FINANCE)
def loyalty_finance(request: PageRequest) -> HttpResponse:
    """What is owed and how sure that is, its course, the closed days with their differences."""
    actor, language = request.actor, language_code()
    programme = programme_of(actor, workspace=request.workspace)
    found, closed = _liability(request), day_closes(actor, limit=_DAYS)
    context = {
        "found": found,
        "headline": show.headline(found, language=language),
        "told": show.told(found, language=language),
        "picture": show.picture(found, language=language),
        "standing": show.standing(found),
        "currency": programme.currency,
        "chart": show.chart(
            closed, currency=programme.currency, language=language,
            download=reverse("loyalty_file", kwargs={"what": "days", "form": "csv"}),
        ),
        "days": show.days(
            closed[:_SHOWN], currency=programme.currency, near=today(programme.zone), language=language
        ),
        "differing": sum(bool(one.differences) for one in closed[:_SHOWN]),
        "may_open": may(actor, Permission.SEE_MEMBERS),
        "frozen": frozen_accounts(actor, limit=_FROZEN),
    }  # fmt: skip
    return render(request, "loyalty/finance.html", context)


def _closed_day(request: PageRequest, text: str) -> ClosedDay:
    day = parse_date(text)
    if day is None:
        raise Http404
    found = next((one for one in day_closes(request.actor, since=day, limit=4000) if one.business_on == day), None)
    if found is None:
        raise Http404
    return found


@page(Permission.SEE_FINANCE)
def loyalty_day(request: PageRequest, day: str) -> HttpResponse:
    """One closed day: its points, and each order on which ledger and sales differ."""
    closed, language = _closed_day(request, day), language_code()
    programme = programme_of(request.actor, workspace=request.workspace)
    numbers = numbers_of(request.actor, accounts=[one.account_id for one in closed.differences if one.account_id])
    context = {
        "tab": "loyalty_finance",
        "closed": closed,
        "headline": show.day_headline(closed, language=language),
        "moved": show.day_sums(closed),
        "differences": [
            show.difference(one, member_no=numbers.get(one.account_id or 0, ""), currency=programme.currency)
            for one in closed.differences
        ],
    }
    return render(request, "loyalty/day.html", context)


@page(Permission.SEE_FINANCE)
def loyalty_file(request: PageRequest, *, what: str, form: str) -> HttpResponse:
    """Closed days, or their differences, as a file for the books."""
    if what not in ("days", "differences") or form not in ("csv", "xlsx"):
        raise Http404
    closed = day_closes(request.actor, limit=4000)
    head, rows = files.days(closed) if what == "days" else files.differences(request.actor, closed)
    name = f"shuke-loyalty-{what}.{form}"
    if form == "csv":
        return files.csv_answer(head, rows, name=name)
    with TemporaryDirectory(dir=request.workspace.root) as folder:
        path = Path(folder) / name
        sheet: Sheet = (what, head, rows)
        write_workbook(path, sheets=[sheet])
        return files.answer(path.read_bytes(), name=name)
