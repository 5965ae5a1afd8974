"""Charts with axes: values and their texts for the browser to draw, and the same numbers as a table.

A chart is made here and shown by `frame/chart.html`: picture, table and download beside each other. Without a script
the table stands alone. Small bars and intervals are not charts; `frame.drawings` draws them on the server.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shuke.console.frame.formats import is_chinese
from shuke.kernel.money import exponent, symbol


@dataclass(frozen=True)
class Series:
    """One line: `values` and their texts period by period; None is a gap, `open` marks what is not settled yet.

    role: 'now' (solid accent), 'then' (dashed, the year before) or 'c1' to 'c5' for further lines. `links` open the
    rows behind a value.
    """

    name: str
    values: Sequence[float | None]
    texts: Sequence[str]
    role: str = "now"
    open: Sequence[bool] = ()
    links: Sequence[str] = ()


@dataclass(frozen=True)
class Chart:
    """A chart as the page shows it: `told` goes to the browser, `rows` are its table, `label` says it in words."""

    told: dict[str, Any]
    label: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    download: str
    key: str = field(default="chart")


def trend(
    *,
    title: str,
    label: str,
    periods: Sequence[tuple[str, str]],
    series: Sequence[Series],
    unit: str,
    currency: str,
    language: str,
    events: Sequence[tuple[int, str]] = (),
    download: str = "",
    key: str = "chart",
) -> Chart:
    """Lines over periods; `periods` is (short label, full title), `events` (place, name); money is in minor units."""
    money = unit == "money"
    told = {
        "unit": unit,
        "chinese": is_chinese(language),
        "scale": 10 ** exponent(currency) if money else 1,
        "sign": symbol(currency) if money else "",
        "zero": unit in ("money", "count") and _begins_at_zero(series),
        "labels": [short for short, _full in periods],
        "titles": [full for _short, full in periods],
        "series": [_told(one, length=len(periods)) for one in series],
        "events": [{"at": place, "name": name} for place, name in events],
    }
    rows = tuple((full, tuple(_cell(one, place) for one in series)) for place, (_short, full) in enumerate(periods))
    return Chart(
        told=told,
        label=label,
        title=title,
        head=tuple(one.name for one in series),
        rows=tuple(reversed(rows)),
        download=download,
        key=key,
    )


def _begins_at_zero(series: Sequence[Series]) -> bool:
    """Sums that move by much are drawn from zero; small changes of a large number would be lost there."""
    known = [value for one in series for value in one.values if value is not None]
    return bool(known) and min(known) < max(known) / 2


def _told(one: Series, *, length: int) -> dict[str, Any]:
    return {
        "name": one.name,
        "role": one.role,
        "values": list(one.values),
        "texts": list(one.texts),
        "open": list(one.open) or [False] * length,
    }


def _cell(one: Series, place: int) -> tuple[str, str]:
    return one.texts[place] or "—", one.links[place] if place < len(one.links) else ""
