"""Closed days and their differences as files: CSV with the mark that spreadsheets expect, or a workbook."""

import csv
import io
from collections.abc import Sequence

from django.http import HttpResponse

from shuke.checkup.adapters import Cell, safe
from shuke.console.loyalty.show_finance import MOVED
from shuke.kernel.actor import Actor
from shuke.loyalty.queries.members import numbers_of
from shuke.loyalty.values.finance import ClosedDay

Rows = list[list[Cell]]
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def days(closed: Sequence[ClosedDay]) -> tuple[list[str], Rows]:
    """One row a closed day, the oldest first; points whole, money in minor units."""
    head = ["business_on", *MOVED, "closing_points", "liability_minor", "differences"]
    rows: Rows = [
        [
            one.business_on,
            *(one.moved.get(kind, 0) for kind in MOVED),
            one.totals.get("points"),
            one.totals.get("liability_minor"),
            one.counts.get("differences", len(one.differences)),
        ]
        for one in reversed(closed)
    ]
    return head, rows


def differences(actor: Actor, closed: Sequence[ClosedDay]) -> tuple[list[str], Rows]:
    """One row an order on which ledger and sales differ."""
    every = [(one.business_on, found) for one in reversed(closed) for found in one.differences]
    numbers = numbers_of(actor, accounts=[found.account_id for _, found in every if found.account_id])
    head = ["business_on", "kind", "source", "order_no", "member_no", "ledger_minor", "sales_minor"]
    rows: Rows = [
        [
            day,
            found.kind,
            found.source,
            found.order_no,
            numbers.get(found.account_id or 0, ""),
            found.ledger_minor,
            found.sales_minor,
        ]
        for day, found in every
    ]
    return head, rows


def csv_answer(head: Sequence[str], rows: Rows, *, name: str) -> HttpResponse:
    """The rows as CSV; a text that a spreadsheet would take for a formula gets an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([[safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows])
    return answer(b"\xef\xbb\xbf" + text.getvalue().encode(), name=name)


def answer(content: bytes, *, name: str) -> HttpResponse:
    """A file to be saved."""
    found = HttpResponse(content, content_type=_TYPES[name.rpartition(".")[2]])
    found["Content-Disposition"] = f'attachment; filename="{name}"'
    return found
