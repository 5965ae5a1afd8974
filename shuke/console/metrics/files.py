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
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{told.code}-{grain}.csv"'
    return answer


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
