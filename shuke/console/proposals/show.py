"""Proposals as pages show them: intervals on one shared scale, sentences about money."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuke.console.frame import formats
from shuke.console.frame.drawings import (
    Bar,
    Interval,
    Marks,
    Scale,
    axis_marks,
    bar,
    interval,
    shared_scale,
    ticks,
)
from shuke.kernel.money import exponent, symbol
from shuke.proposals.values import Card, Detail, Excluded, WeekView


@dataclass(frozen=True)
class Row:
    """One proposal of a list: its gain in words and drawn on the scale of the whole list."""

    rank: int
    card: Card
    gain: str
    tag: str
    picture: Interval
    first: bool


@dataclass(frozen=True)
class Kept:
    """One reason that keeps people out, with its bar."""

    reason: Excluded
    picture: Bar


def rows(cards: Sequence[Card], *, language: str) -> tuple[list[Row], Marks]:
    """The cards with their pictures, and the numbers of the axis above them."""
    scale = _scale(cards)
    waiting = [card.id for card in cards if card.state == "proposed"]
    listed = [
        Row(
            rank=place,
            card=card,
            gain=gain_words(card, language=language),
            tag=_tag(card),
            picture=_picture(card, scale=scale, language=language),
            first=bool(waiting) and card.id == waiting[0],
        )
        for place, card in enumerate(cards, start=1)
    ]
    return listed, _axis(scale, currency=cards[0].currency if cards else "CNY", language=language)


def one(card: Card, *, language: str) -> tuple[Interval, Marks]:
    """The picture of a single proposal with its own axis."""
    scale = _scale([card])
    return _picture(card, scale=scale, language=language), _axis(scale, currency=card.currency, language=language)


def gain_words(card: Card, *, language: str) -> str:
    """The expected gain as a sentence; an interval across zero says so."""
    low, high = (
        _short(value, card=card, language=language) for value in (abs(card.gain_low_minor), abs(card.gain_high_minor))
    )
    if card.gain_low_minor >= 0:
        return _("about %(low)s to %(high)s more") % {"low": low, "high": high}
    if card.gain_high_minor > 0:
        return _("from %(low)s less to %(high)s more") % {"low": low, "high": high}
    return _("about %(high)s to %(low)s less") % {"low": low, "high": high}


def headline(view: WeekView, *, currency: str, language: str) -> dict[str, str]:
    """The first sentence of the week: how many things, and the computed range of their sum."""
    low = formats.money_short(view.gain_low_minor, currency, language=language)
    high = formats.money_short(view.gain_high_minor, currency, language=language)
    return {"low": low, "high": high, "sure": "yes" if view.gain_low_minor >= 0 else ""}


def kept_out(detail: Detail) -> list[Kept]:
    """The reasons that keep people out, longest first."""
    most = max((one.people for one in detail.excluded), default=1)
    ordered = sorted(detail.excluded, key=lambda one: -one.people)
    return [Kept(one, bar(one.people, most=most, label=one.words, colour="grey")) for one in ordered]


def _tag(card: Card) -> str:
    if card.gain_low_minor < 0 < card.gain_high_minor:
        return _("Try it first")
    return ""


def _short(minor: int, *, card: Card, language: str) -> str:
    return formats.money_short(minor, card.currency, language=language)


def _scale(cards: Sequence[Card]) -> Scale:
    return shared_scale([float(v) for card in cards for v in (card.gain_low_minor, card.gain_high_minor)])


def _picture(card: Card, *, scale: Scale, language: str) -> Interval:
    bounds = (card.gain_low_minor, card.gain_minor, card.gain_high_minor)
    return interval(bounds, scale=scale, label=gain_words(card, language=language))


def _axis(scale: Scale, *, currency: str, language: str) -> Marks:
    unit = 10 ** exponent(currency)
    labels = [(value, formats.number(value / unit, language)) for value in ticks(scale, most=3)]
    return axis_marks(scale, labels=[(v, text if v else f"{symbol(currency)}0") for v, text in labels])


def by_store(detail: Detail) -> list[tuple[str, int, Bar]]:
    """People by store with their bars, most first."""
    ordered = sorted(detail.stores, key=lambda one: (-one[1], one[0]))
    most = max((people for _store, people in ordered), default=1)
    return [
        (store, people, bar(people, most=most, label=f"{store} {people}", colour="done")) for store, people in ordered
    ]


def proof(detail: Detail) -> list[str]:
    """What the holdout can show: the smallest difference that this week alone would reveal."""
    card, found = detail.card, detail.evidence
    if not card.holdout:
        return []
    lines = [
        _("%(holdout)s people are drawn at random and not contacted; after %(days)s days both groups are compared.")
        % {"holdout": formats.count(card.holdout), "days": found["measure_days"]}
    ]
    smallest = found.get("detectable_share")
    if smallest:
        lines.append(
            _("This week alone shows a difference of %(points)s points or more; smaller ones need more weeks.")
            % {"points": f"{smallest * 100:.1f}"}
        )
    return lines
