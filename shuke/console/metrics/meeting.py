"""The page for the weekly meeting: the whole shop line by line, the stores as a table, and why it changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from shuke.console.frame.measures import change, value_text
from shuke.console.metrics import show
from shuke.metrics.values import Definition, MeetingPack, PackLine

_BANDS = "order_bands"


@dataclass(frozen=True)
class Line:
    """One metric: now, the year before, and the change with its tone. `few`: too few people or orders to rely on."""

    name: str
    now: str
    then: str
    change: str
    arrow: str
    tone: str
    address: str
    few: bool = False


@dataclass(frozen=True)
class StoreLine:
    """One store of the table."""

    name: str
    cells: tuple[Line, ...]


@dataclass(frozen=True)
class Sheet:
    """The page as it is printed."""

    headline: str
    compared: str
    name: str
    last_on: date
    whole: tuple[Line, ...]
    bands: tuple[Line, ...]
    heads: tuple[str, ...]
    stores: tuple[StoreLine, ...]
    why: tuple[str, ...]


def sheet(pack: MeetingPack, *, definitions: Sequence[Definition], currency: str, language: str) -> Sheet:
    """The page of a meeting pack. The first entry of its stores is the whole shop, or the one store asked for."""
    better = {one.code: one.better for one in definitions}
    whole, *others = pack.stores
    many = others if len(others) > 1 else []
    week = show.period_words(pack.week, grain="week", language=language)
    compared = ""
    if pack.lunar_week:
        then = show.period_words(pack.lunar_week, grain="week", language=language)
        compared = _("Against the same lunar week last year, %(year)s: %(then)s") % {
            "year": pack.lunar_week.start_on.year,
            "then": then,
        }

    def lines(found: Sequence[PackLine]) -> tuple[Line, ...]:
        return tuple(_line(one, better=better.get(one.code, ""), currency=currency, language=language) for one in found)

    return Sheet(
        headline=_("The week of %(week)s on one page") % {"week": week},
        compared=compared,
        # Who sees one store only reads that store's own page.
        name=others[0].name if len(others) == 1 else whole.name,
        last_on=pack.as_of - timedelta(days=1),
        whole=lines([line for line in whole.lines if line.code != _BANDS]),
        bands=lines([line for line in whole.lines if line.code == _BANDS]),
        heads=tuple(line.name for line in whole.lines if line.code != _BANDS) if many else (),
        stores=tuple(
            StoreLine(name=one.name, cells=lines([line for line in one.lines if line.code != _BANDS])) for one in many
        ),
        why=pack.why,
    )


def _line(one: PackLine, *, better: str, currency: str, language: str) -> Line:
    measure = {"unit": one.unit, "currency": currency, "language": language}
    now, then = (point.value if point else None for point in (one.now, one.then))
    told = change(now, then, better=better, **measure)
    return Line(
        name=one.name,
        now=value_text(now, **measure),
        then=value_text(then, **measure),
        change=told.words if told else one.change,
        arrow=told.arrow if told else "",
        tone=told.tone if told else "",
        address=reverse("metric", args=[one.code]),
        few=one.now is not None and one.now.note == "small",
    )
