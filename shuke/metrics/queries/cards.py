"""Metrics as cards: the latest period that stands, against the one before and the same lunar week last year."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.conf import settings

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.errors import NotAllowed
from shuke.lake.queries import Reader
from shuke.metrics.adapters import words
from shuke.metrics.queries.definitions import definition, metric_of, shown
from shuke.metrics.queries.points import read
from shuke.metrics.rules.periods import lunar_week
from shuke.metrics.rules.words import card_sentence
from shuke.metrics.values import Card, Definition, Point

HOME = ("repurchase_rate", "enrolment_rate", "member_penetration")
_TREND = 26
# A lunar year is at most 385 days: 56 weeks hold the same lunar week last year.
_KEPT = timedelta(days=600)


def home_cards(actor: Actor, *, lake: Reader, language: str, store: str | None = None) -> tuple[Card, ...]:
    """The three metrics of the home page by week: 复购率, 新客登记率, 会员渗透率. One that is off has no point, and its
    sentence says what it needs.
    """
    require(actor, Permission.SEE_WEEK)
    chosen = [definition(actor, code=code, language=language) for code in HOME]
    return _cards(actor, lake=lake, chosen=chosen, language=language, grain="week", period_start=None, store=store)


def cards(
    actor: Actor, *, lake: Reader, language: str, grain: str, period_start: date | None = None, store: str | None = None
) -> tuple[Card, ...]:
    """Every metric that the shop shows and that has one value a period, in the period given or the latest that stands.

    With a store: of that store; raises `NotAllowed` outside the actor's scope.
    """
    require(actor, Permission.SEE_WEEK)
    chosen = [one for one in shown(actor, language=language) if "all" in one.dimensions and grain in one.grains]
    return _cards(
        actor, lake=lake, chosen=chosen, language=language, grain=grain, period_start=period_start, store=store
    )


def _cards(
    actor: Actor,
    *,
    lake: Reader,
    chosen: Sequence[Definition],
    language: str,
    grain: str,
    period_start: date | None,
    store: str | None,
) -> tuple[Card, ...]:
    if store is not None and actor.stores is not None and store not in actor.stores:
        raise NotAllowed(f"{actor.name} may not see {store}.", hint="Choose a store of your own.")
    on = [one for one in chosen if not one.missing or one.code in HOME]
    dimension, member = ("all", "") if store is None else ("store", store)
    points = read(
        actor,
        lake=lake,
        metrics=[metric_of(actor, code=one.code) for one in on],
        grain=grain,
        dimension=dimension,
        member=member,
        since=(period_start - _KEPT) if period_start else date(1900, 1, 1),
    )
    return tuple(_card(one, points=points[one.code], grain=grain, asked=period_start, language=language) for one in on)


def _card(about: Definition, *, points: Sequence[Point], grain: str, asked: date | None, language: str) -> Card:
    places = [
        place
        for place, one in enumerate(points)
        if (one.period.start_on == asked if asked else one.mature and one.value is not None)
    ]
    if about.missing:
        return Card(about, point=None, before=None, lunar=None, trend=(), sentence=about.missing)
    if not places:
        nothing = (None, None, None)
        sentence = _sentence(about, points=nothing, grain=grain, language=language)
        return Card(about, point=None, before=None, lunar=None, trend=tuple(points[-_TREND:]), sentence=sentence)
    place = places[-1]
    now = points[place]
    before = _standing(points[place - 1]) if place else None
    lunar = None
    if grain == "week":
        wanted = lunar_week(now.period).start_on
        lunar = _standing(next((one for one in points if one.period.start_on == wanted), None))
    return Card(
        about,
        point=now,
        before=before,
        lunar=lunar,
        trend=tuple(points[max(place + 1 - _TREND, 0) : place + 1]),
        sentence=_sentence(about, points=(now, before, lunar), grain=grain, language=language),
    )


def _standing(point: Point | None) -> Point | None:
    return point if point is not None and point.mature else None


def _sentence(
    about: Definition, *, points: tuple[Point | None, Point | None, Point | None], grain: str, language: str
) -> str:
    return card_sentence(
        about.name,
        points=points,
        unit=about.unit,
        grain=grain,
        currency=settings.WORKSPACE.currency,
        language=language,
        words=words(),
    )
