"""Numbers as files: the same values as on the page, whole."""

import csv
import io
from collections.abc import Sequence

from django.http import HttpResponse

from shuke.console.metrics import show
from shuke.metrics.values import Definition, Point


def series(points: Sequence[Point], *, told: Definition, grain: str, member: str, currency: str) -> HttpResponse:
    """A series as CSV with the byte order mark that spreadsheets expect; money in minor units of `currency`."""
    text = io.StringIO()
    writer = csv.writer(text)
    head = ["metric", "grain", "period_start", "period_end", "member", "value", "numerator", "denominator", "people"]
    writer.writerow([*head, "mature", "unit", "currency"])
    for point in points:
        values = [show.settled(point), point.numerator, point.denominator, point.people]
        period = [point.period.start_on.isoformat(), point.period.end_on.isoformat()]
        told_values = ["" if value is None else f"{value:.10g}" for value in values]
        writer.writerow(
            [told.code, grain, *period, _plain(member), *told_values, str(point.mature).lower(), told.unit, currency]
        )
    return _file(text.getvalue(), name=f"{told.code}-{grain}")


def table(name: str, *, head: Sequence[str], rows: Sequence[Sequence[object]]) -> HttpResponse:
    """A table as CSV: texts that look like formulas get an apostrophe, None is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    for row in rows:
        cells = ["" if cell is None else cell for cell in row]
        writer.writerow([_plain(cell) if isinstance(cell, str) else cell for cell in cells])
    return _file(text.getvalue(), name=name)


def _file(text: str, *, name: str) -> HttpResponse:
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
