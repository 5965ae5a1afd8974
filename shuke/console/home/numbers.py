"""The four numbers of the week with their trend against the same lunar week of the year before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from shuke.console.frame import formats
from shuke.console.frame.drawings import Spark, spark
from shuke.console.frame.measures import Change, change
from shuke.console.metrics import show
from shuke.console.metrics.detail import year_before
from shuke.metrics.values import Card, Point
from shuke.segments.values import LapsingTrend


@dataclass(frozen=True)
class Number:
    """One of the four: its value, how it stands against the year before, both lines, and what it means."""

    name: str
    value: str
    change: Change | None
    picture: Spark | None
    then: str
    what: str
    note: str
    address: str


@dataclass(frozen=True)
class Numbers:
    """The section: its title, which weeks are compared, and the numbers."""

    title: str
    compared: str
    tiles: tuple[Number, ...]


def numbers(
    cards: Sequence[Card],
    *,
    lapsing: LapsingTrend | None,
    longer: Mapping[str, Sequence[Point]],
    currency: str,
    language: str,
) -> Numbers | None:
    """The section; None before anything can be counted. `longer` holds each metric's weeks, a year more than a card."""
    tiles = [
        _metric(card, longer=longer.get(card.definition.code, ()), currency=currency, language=language)
        for card in cards
    ]
    if lapsing is not None:
        tiles.append(_lapsing(lapsing))
    if not tiles:
        return None
    return Numbers(
        title=_("Last week in %(n)s numbers") % {"n": len(tiles)},
        compared=_compared(cards, language=language),
        tiles=tuple(tiles),
    )


def _metric(card: Card, *, longer: Sequence[Point], currency: str, language: str) -> Number:
    then = year_before(card.trend, longer=longer, grain="week")
    values = [point.value if point else None for point in then]
    tile = show.tile(card, grain="week", currency=currency, language=language, then=values)
    lunar = card.lunar.value if card.lunar else None
    return Number(
        name=tile.definition.name,
        value=tile.value,
        change=tile.lunar or tile.before,
        picture=tile.picture,
        then=formats.share(lunar) if lunar is not None else "",
        what=tile.definition.what,
        note=tile.note,
        address=tile.address,
    )


def _lapsing(found: LapsingTrend) -> Number:
    values = [float(people) for _day, people in found.points]
    told = change(
        float(found.now),
        None if found.then is None else float(found.then),
        unit="count",
        better="down",
        currency="CNY",
        language="en",
    )
    return Number(
        name=_("People about to leave"),
        value=formats.count(found.now),
        change=told,
        picture=spark(values, [None] * len(values), label=_("People about to leave")),
        then="" if found.then is None else formats.count(found.then),
        what=_("Customers who are later than usual, also those who bought once or twice."),
        note="",
        address=reverse("customers") + "?stage=lapsing",
    )


def _compared(cards: Sequence[Card], *, language: str) -> str:
    held = [card for card in cards if card.point and card.lunar]
    if not held or held[0].point is None or held[0].lunar is None:
        return ""
    now, then = (
        show.period_words(point.period, grain="week", language=language) for point in (held[0].point, held[0].lunar)
    )
    return _("%(now)s against the same lunar week last year, %(then)s") % {"now": now, "then": then}
