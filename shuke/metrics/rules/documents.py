"""Values as the command line and the API write them: one shape for both."""

from collections.abc import Iterable
from typing import Any

from shuke.metrics.values import Definition, Point, RowPage


def definition_document(about: Definition) -> dict[str, Any]:
    """A definition with all its texts."""
    return {
        "code": about.code,
        "name": about.name,
        "what": about.what,
        "unit": about.unit,
        "better": about.better,
        "simple": about.simple,
        "numerator": about.numerator,
        "denominator": about.denominator,
        "window": about.window,
        "refunds": about.refunds,
        "identity": about.identity,
        "dedupe": about.dedupe,
        "stand": about.stand,
        "days": about.days,
        "grains": list(about.grains),
        "dimensions": list(about.dimensions),
        "additive": about.additive,
        "file": about.file,
        "missing": about.missing,
    }


def point_document(point: Point, *, member: str = "", name: str = "") -> dict[str, Any]:
    """A point; money in minor units, `period_end` the day after the last, `value` null where nothing can be divided."""
    return {
        "period_start": point.period.start_on.isoformat(),
        "period_end": point.period.end_on.isoformat(),
        "member": member,
        "member_name": name,
        "value": point.value,
        "numerator": point.numerator,
        "denominator": point.denominator,
        "people": point.people,
        "mature": point.mature,
        "note": point.note,
    }


def series_document(
    about: Definition, *, grain: str, dimension: str, points: Iterable[dict[str, Any]]
) -> dict[str, Any]:
    """A metric's points with what they are."""
    return {
        "metric": about.code,
        "name": about.name,
        "unit": about.unit,
        "grain": grain,
        "dimension": dimension,
        "points": list(points),
    }


def rows_document(page: RowPage) -> dict[str, Any]:
    """Rows behind a number; days as text."""
    return {
        "columns": list(page.columns),
        "names": list(page.names),
        "rows": [[_plain(value) for value in row] for row in page.rows],
        "total": page.total,
        "sum": page.sum,
    }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
