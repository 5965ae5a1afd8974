"""One metric opened: its trend beside the year before, its parts, and the rows behind a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from shuke.console.frame import formats
from shuke.console.frame.charts import Chart, Series, trend
from shuke.console.frame.drawings import bar
from shuke.console.frame.measures import Change, change, value_text
from shuke.console.metrics import show
from shuke.kernel.period import Period
from shuke.metrics.rules import lunar_week
from shuke.metrics.values import Definition, Grain, Point, RowPage
from shuke.reference.values import Festival

DIMENSIONS = ("store", "channel", "associate", "band", "source")
# More lines than these cannot be told apart.
_LINES = 6
# How many periods hold the same of the year before; a lunar year has up to 385 days.
YEAR = {"week": 60, "month": 14, "quarter": 5, "year": 2}


@dataclass(frozen=True)
class Asked:
    """What of a metric was asked for.

    `within` and `member` say of whom the number is ('all' and '': of all); `dimension` is how the page takes it apart
    ('' where it cannot be). `has_whole` is false for a metric that has no value over all members.
    """

    code: str
    grain: Grain
    dimension: str
    within: str
    member: str
    period: date | None
    language: str
    currency: str
    has_whole: bool

    def text(self, value: float | None, *, unit: str) -> str:
        """A value of the metric in the reader's way of writing."""
        return value_text(value, unit=unit, currency=self.currency, language=self.language)


def asked(told: Definition, *, given: Mapping[str, str], language: str, currency: str) -> Asked:
    """Reads an address; what the metric does not have falls back to what it has."""
    parts = [code for code in DIMENSIONS if code in told.dimensions]
    wanted = given.get("dimension", "")
    has_whole = "all" in told.dimensions
    dimension = wanted if wanted in parts else parts[0] if parts else ""
    whole = "all" if has_whole else dimension
    grain = next((one for one in told.grains if one == given.get("grain")), told.grains[0])
    try:
        period = date.fromisoformat(given.get("period", ""))
    except ValueError:
        period = None
    return Asked(
        code=told.code,
        grain=grain,
        dimension=dimension,
        within=wanted if wanted in told.dimensions and "member" in given else whole,
        member=given.get("member", "")[:200],
        period=period,
        language=language,
        currency=currency,
        has_whole=has_whole,
    )


@dataclass(frozen=True)
class Now:
    """The newest value in words: the value, its period, and how it stands against before and the year before."""

    value: str
    exact: str
    period: str
    before: Change | None
    lunar: Change | None
    note: str


@dataclass(frozen=True)
class Pages:
    """Where a reader is among the rows behind a number."""

    earlier: str
    later: str
    first: int
    last: int


def newest(spans: Sequence[tuple[Period, str]]) -> date | None:
    """The start of the newest period that stands; the newest at all where none does."""
    standing = [period for period, note in spans if not note] or [period for period, _note in spans]
    return standing[-1].start_on if standing else None


def year_before(points: Sequence[Point], *, longer: Sequence[Point], grain: Grain) -> list[Point | None]:
    """For each point that of the year before: of a week the one of the same lunar days, else of the same calendar.

    `longer` is the same series over enough periods before (`YEAR` many).
    """
    known = {point.period.start_on: point for point in longer}
    return [known.get(a_year_earlier(point.period, grain=grain)) for point in points]


def a_year_earlier(period: Period, *, grain: Grain) -> date:
    """The start of the period of the year before: of a week the one that holds the same lunar day."""
    if grain != "week":
        return period.start_on.replace(year=period.start_on.year - 1)
    return lunar_week(period).start_on


def now(points: Sequence[Point], *, told: Definition, then: Sequence[Point | None], asked: Asked) -> Now | None:
    """The asked period in words; None without data."""
    places = [at for at, point in enumerate(points) if point.period.start_on == asked.period]
    if not places:
        return None
    at = places[0]
    point, before, lunar = points[at], points[at - 1] if at else None, then[at]
    measure = {"unit": told.unit, "currency": asked.currency, "language": asked.language, "better": told.better}
    return Now(
        value=asked.text(point.value, unit=told.unit),
        exact=repr(point.value),
        period=show.period_words(point.period, grain=asked.grain, language=asked.language),
        before=change(point.value, before.value if before else None, **measure),
        lunar=change(point.value, lunar.value if lunar else None, **measure),
        note=show.note(point),
    )


def chart(
    points: Sequence[Point],
    *,
    told: Definition,
    then: Sequence[Point | None],
    asked: Asked,
    festivals: Sequence[Festival] = (),
) -> Chart:
    """The trend with the year before dashed; each number of the table opens its rows."""
    lines = [
        Series(
            name=_("This year") if any(then) else told.name,
            values=[show.settled(point) for point in points],
            texts=_texts(points, told=told, asked=asked),
            open=[not point.mature for point in points],
            links=[
                _rows_address(asked, period=point.period.start_on, dimension=asked.within, member=asked.member)
                for point in points
            ],
        )
    ]
    if any(then):
        values = [show.settled(point) if point else None for point in then]
        lines.append(
            Series(name=_("A year before"), values=values, texts=_texts(then, told=told, asked=asked), role="then")
        )
    return _chart(points, told=told, lines=lines, asked=asked, festivals=festivals)


def chart_of_members(
    found: Sequence[tuple[str, str, Sequence[Point]]], *, told: Definition, asked: Asked
) -> Chart | None:
    """One line a member, for a metric that has no value over all of them; None without data."""
    shown = [entry for entry in found if entry[2]][:_LINES]
    if not shown:
        return None
    roles = ("now", "c1", "c2", "c3", "c4", "c5")
    lines = [
        Series(
            name=name,
            values=[show.settled(point) for point in points],
            texts=_texts(points, told=told, asked=asked),
            role=role,
            open=[not point.mature for point in points],
            links=[
                _rows_address(asked, period=point.period.start_on, dimension=asked.within, member=member)
                for point in points
            ],
        )
        for role, (member, name, points) in zip(roles, shown, strict=False)
    ]
    return _chart(shown[0][2], told=told, lines=lines, asked=asked)


def _texts(points: Sequence[Point | None], *, told: Definition, asked: Asked) -> list[str]:
    known = [show.settled(point) if point else None for point in points]
    return [asked.text(value, unit=told.unit) if value is not None else "" for value in known]


def _chart(
    points: Sequence[Point],
    *,
    told: Definition,
    lines: Sequence[Series],
    asked: Asked,
    festivals: Sequence[Festival] = (),
) -> Chart:
    write = {"grain": asked.grain, "language": asked.language}
    label = _("%(name)s over %(n)s periods; the table below holds the same numbers")
    query = urlencode({"grain": asked.grain, "dimension": asked.within, "member": asked.member})
    return trend(
        title=told.name,
        label=label % {"name": told.name, "n": len(points)},
        periods=[(show.period_short(p.period, **write), show.period_words(p.period, **write)) for p in points],
        series=lines,
        unit=told.unit,
        currency=asked.currency,
        language=asked.language,
        events=_events(points, festivals=festivals, asked=asked),
        download=reverse("metric_file", args=[asked.code]) + f"?{query}",
    )


def _events(points: Sequence[Point], *, festivals: Sequence[Festival], asked: Asked) -> list[tuple[int, str]]:
    """Festivals at the weeks that hold them; longer periods hold so many that marks would say nothing."""
    if asked.grain != "week":
        return []
    named: dict[int, list[str]] = {}
    for place, point in enumerate(points):
        for one in festivals:
            if point.period.start_on <= one.on < point.period.end_on:
                named.setdefault(place, []).append(one.zh if formats.is_chinese(asked.language) else one.en)
    return [(place, " · ".join(names)) for place, names in sorted(named.items())]


def parts(found: Sequence[tuple[str, str, Point]], *, told: Definition, asked: Asked) -> list[show.PartRow]:
    """The members of a dimension with bars on one scale, the largest first; both parts of a value open their rows."""
    most = max((abs(point.value) for _member, _name, point in found if point.value is not None), default=1.0)
    return [_part_row(entry, most=most, told=told, asked=asked) for entry in found]


def _part_row(entry: tuple[str, str, Point], *, most: float, told: Definition, asked: Asked) -> show.PartRow:
    member, name, point = entry
    rows = partial(_rows_address, asked, period=point.period.start_on, dimension=asked.dimension, member=member)
    return show.PartRow(
        name=name,
        value=asked.text(point.value, unit=told.unit),
        numerator=_part(point.numerator, unit=told.numerator_unit, asked=asked),
        denominator=""
        if point.denominator is None
        else _part(point.denominator, unit=told.denominator_unit, asked=asked),
        numerator_address=rows(),
        denominator_address=rows(part="denominator"),
        trend_address="?" + urlencode({"grain": asked.grain, "dimension": asked.dimension, "member": member}),
        picture=bar(point.value, most=most, label=name, colour="done") if point.value is not None else None,
        note=show.note(point),
    )


def _part(value: float, *, unit: str, asked: Asked) -> str:
    """A numerator or denominator: money as money, all else as it is."""
    if unit == "money":
        return formats.money_short(round(value), asked.currency, language=asked.language)
    return _plain(value)


def _rows_address(asked: Asked, *, period: date, dimension: str, member: str, part: str = "numerator") -> str:
    told = {"grain": asked.grain, "period": period.isoformat(), "dimension": dimension, "member": member, "part": part}
    return reverse("metric_rows", args=[asked.code]) + "?" + urlencode(told)


def period_choices(spans: Sequence[tuple[Period, str]], *, asked: Asked) -> list[tuple[str, str, bool]]:
    """The periods that may be asked for, newest first: (day, words, chosen)."""
    return [
        (
            period.start_on.isoformat(),
            show.period_words(period, grain=asked.grain, language=asked.language),
            period.start_on == asked.period,
        )
        for period, _note in reversed(spans)
    ]


def dimension_choices(told: Definition) -> list[tuple[str, str]]:
    """The ways in which the metric can be taken apart."""
    names = {
        "store": _("By store"),
        "channel": _("By channel"),
        "associate": _("By associate"),
        "band": _("By band of amount"),
        "source": _("By source"),
    }
    return [(code, names[code]) for code in DIMENSIONS if code in told.dimensions]


@dataclass(frozen=True)
class Cell:
    """One cell of a row behind a number; `customer` is whom it names, `is_number` stands right."""

    text: str
    customer: str = ""
    is_number: bool = False


def rows(found: RowPage, *, told: Definition, asked: Asked, part: str) -> dict[str, Any]:
    """The rows of a page with their head, and the sum that equals the number."""
    unit = _unit(told, part=part)
    return {
        "head": [(name, column == "amount") for column, name in zip(found.columns, found.names, strict=True)],
        "rows": [
            [_cell(column, value, unit=unit, asked=asked) for column, value in zip(found.columns, row, strict=True)]
            for row in found.rows
        ],
        "total": found.total,
        "sum": formats.money(round(found.sum), asked.currency) if unit == "money" else _plain(found.sum),
        "exact": repr(found.sum),
    }


def _cell(column: str, value: object, *, unit: str, asked: Asked) -> Cell:
    if value is None or value == "":
        return Cell("—", is_number=column == "amount")
    if column == "customer_id":
        return Cell(str(value), customer=str(value))
    if isinstance(value, int | float):
        text = formats.money(round(value), asked.currency) if unit == "money" else _plain(float(value))
        return Cell(text, is_number=True)
    return Cell(formats.day(value, asked.language, near=asked.period) if isinstance(value, date) else str(value))


def _unit(told: Definition, *, part: str) -> str:
    """Whether a part of a metric is money."""
    return told.numerator_unit if part == "numerator" else told.denominator_unit


def _plain(value: float) -> str:
    return formats.count(value) if float(value).is_integer() else formats.decimal(value, places=2)


def pages(found: RowPage, *, place: int, size: int, asked: Asked, part: str) -> Pages:
    """Links to the pages before and after."""
    here = _rows_address(asked, period=asked.period or date.min, dimension=asked.within, member=asked.member, part=part)
    return Pages(
        earlier=f"{here}&page={place - 1}" if place else "",
        later=f"{here}&page={place + 1}" if (place + 1) * size < found.total else "",
        first=place * size + 1,
        last=min((place + 1) * size, found.total),
    )
