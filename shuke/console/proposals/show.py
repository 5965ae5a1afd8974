"""Proposals as pages show them: plays with their stores, one proposal, who is left out, coverage, proof."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuke.console.frame import formats
from shuke.console.frame.drawings import Bar, Interval, Marks, bar
from shuke.console.frame.gains import gain_pictures, gain_words
from shuke.proposals.values import Card, Coverage, CoverageRow, Detail, Excluded, PlayGroup, WeekView

# The order in which a play's states are told: what waits first.
_STATES = ("proposed", "approved", "exported", "withdrawn", "rejected", "draft")


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
class GroupRow:
    """One play over its stores; `waiting` many of its cards wait for a decision, `only` is the card of a single one."""

    rank: int
    group: PlayGroup
    gain: str
    tag: str
    picture: Interval
    waiting: int
    states: tuple[tuple[str, int], ...]
    only: Card | None
    first: bool


@dataclass(frozen=True)
class Covered:
    """One class of customers with its bar, on the scale of the largest."""

    row: CoverageRow
    picture: Bar


@dataclass(frozen=True)
class Kept:
    """One reason that keeps people out, with its bar."""

    reason: Excluded
    picture: Bar


def rows(cards: Sequence[Card], *, language: str) -> tuple[list[Row], Marks]:
    """The cards with their pictures, and the numbers of the axis above them."""
    pictures, axis = gain_pictures(cards, language=language)
    waiting = [card.id for card in cards if card.state == "proposed"]
    listed = [
        Row(
            rank=place,
            card=card,
            gain=gain_words(card, language=language),
            tag=_tag(card),
            picture=pictures[place - 1],
            first=bool(waiting) and card.id == waiting[0],
        )
        for place, card in enumerate(cards, start=1)
    ]
    return listed, axis


def groups(found: Sequence[PlayGroup], *, language: str) -> tuple[list[GroupRow], Marks]:
    """Plays with their stores inside, on one scale, and the numbers of the axis above them."""
    pictures, axis = gain_pictures(found, language=language)
    waiting = [group.play for group in found if group.states.get("proposed")]
    listed = [
        GroupRow(
            rank=place,
            group=group,
            gain=gain_words(group, language=language),
            tag=_tag(group),
            picture=pictures[place - 1],
            waiting=group.states.get("proposed", 0),
            states=tuple(sorted(group.states.items(), key=lambda one: _STATES.index(one[0]))),
            only=group.cards[0] if len(group.cards) == 1 else None,
            first=bool(waiting) and group.play == waiting[0],
        )
        for place, group in enumerate(found, start=1)
    ]
    return listed, axis


def one(card: Card, *, language: str) -> tuple[Interval, Marks]:
    """The picture of a single proposal with its own axis."""
    pictures, axis = gain_pictures([card], language=language)
    return pictures[0], axis


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


def covered(found: Coverage) -> list[Covered]:
    """Classes of customers with bars; those without a play in the warm colour."""
    most = max((row.people for row in found.rows), default=1)
    return [
        Covered(
            row,
            bar(
                row.people,
                most=most,
                label=f"{row.class_name} {formats.count(row.people)}",
                colour="done" if row.plays else "money",
            ),
        )
        for row in found.rows
    ]


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
    if detail.power_words:
        return [*lines, detail.power_words]
    smallest = found.get("detectable_share")
    if smallest:
        lines.append(
            _("This week alone shows a difference of %(points)s points or more; smaller ones need more weeks.")
            % {"points": f"{smallest * 100:.1f}"}
        )
    return lines


def version_words(verb: str, reason: str) -> str:
    """The note of a version; what an edit changed comes in codes, everything else was typed by a person."""
    if verb != "edit":
        return reason
    parts = {"words": _("the words"), "offer": _("the offer"), "time": _("the time"), "holdout": _("the holdout")}
    told = []
    for part in filter(None, reason.split(", ")):
        number, _blank, what = part.partition(" people ")
        if what == "removed":
            told.append(_("%(n)s people taken out") % {"n": number})
        elif what == "restored":
            told.append(_("%(n)s people put back") % {"n": number})
        else:
            told.append(parts.get(part, part))
    return _(", ").join(told)


def _tag(card: Card | PlayGroup) -> str:
    if card.gain_low_minor < 0 < card.gain_high_minor:
        return _("Try it first")
    return ""
