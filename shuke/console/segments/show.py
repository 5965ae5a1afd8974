"""Segments as pages show them: changes in words, bars, the trend by week, and the picture of movement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuke.console.frame import formats
from shuke.console.frame.drawings import Bar, bar
from shuke.console.frame.drawings.counts import CountLine, count_line
from shuke.console.frame.drawings.flows import Flow, Stream, flow
from shuke.segments.values import LAYERS, STAGES, LayerCount, Movement, SegmentDetail, SegmentRow, StageCount

_WORSE = ("lapsing", "lapsed")


@dataclass(frozen=True)
class Listed:
    """One segment of the list with its address, its change and its largest overlap in words."""

    one: SegmentRow
    address: str
    change: str
    overlap: str


@dataclass(frozen=True)
class Part:
    """Ready ones or own ones, under their title."""

    title: str
    note: str
    rows: tuple[Listed, ...]

    @property
    def has_changes(self) -> bool:
        """Whether there is an earlier week to compare with."""
        return any(row.one.change is not None for row in self.rows)


@dataclass(frozen=True)
class Counted:
    """One stage or layer with its bar."""

    code: str
    name: str
    what: str
    people: int
    picture: Bar


@dataclass(frozen=True)
class Shared:
    """Another segment that people of this one are in as well."""

    name: str
    address: str
    people: int
    picture: Bar


@dataclass(frozen=True)
class Choice:
    """One way to look at movement."""

    words: str
    address: str
    chosen: bool


@dataclass(frozen=True)
class Moves:
    """Movement between two days: a sentence, the picture for wide and for narrow screens, and its table."""

    title: str
    sentence: str
    from_words: str
    to_words: str
    choices: tuple[Choice, ...]
    flows: tuple[object, ...]
    wide: Flow | None
    narrow: Flow | None


def address(name: str, *, store: str = "", code: str = "", **asked: str) -> str:
    """A page of segments that keeps the chosen store."""
    path = reverse(name, kwargs={"code": code} if code else None)
    given = {key: value for key, value in {"store": store, **asked}.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def parts(
    found: Sequence[SegmentRow], *, store: str, overlaps: Mapping[str, tuple[str, int]] | None = None
) -> list[Part]:
    """Segments that are on: the ready ones, then the shop's own; those with people first, as the room orders them."""
    on = [row for row in found if not row.missing]
    names = {row.code: row.name for row in found}
    words = {
        code: _("%(name)s %(people)s") % {"name": names[other], "people": formats.count(people)}
        for code, (other, people) in (overlaps or {}).items()
        if other in names
    }
    ready = _listed([row for row in on if row.kind == "ready"], store=store, words=words)
    own = _listed([row for row in on if row.kind != "ready"], store=store, words=words)
    made = []
    if ready:
        filled = sum(row.one.people > 0 for row in ready)
        note = _("%(filled)s of %(all)s have people in them this week") % {"filled": filled, "all": len(ready)}
        made.append(Part(_("Ready segments"), note, tuple(ready)))
    if own:
        made.append(Part(_("Your own segments"), _("counted anew every week"), tuple(own)))
    return made


def _listed(rows: Sequence[SegmentRow], *, store: str, words: Mapping[str, str]) -> list[Listed]:
    return [
        Listed(row, address("segment", store=store, code=row.code), change_words(row), words.get(row.code, ""))
        for row in sorted(rows, key=lambda row: row.people == 0)
    ]


def change_words(row: SegmentRow) -> str:
    """How the head count changed since the last earlier week: arrow, number and word."""
    if row.change is None:
        return _("first week")
    if row.change == 0:
        return _("same")
    number = formats.count(abs(row.change))
    return _("▲ %(n)s more") % {"n": number} if row.change > 0 else _("▼ %(n)s fewer") % {"n": number}


def list_headline(found: Sequence[SegmentRow], *, currency: str, language: str) -> str:
    """The finding of the page: who is worth most and slipping away, else how many segments have people."""
    by_code = {row.code: row for row in found if row.people and not row.missing}
    urgent = by_code.get("about_to_leave") or by_code.get("high_value_slipping")
    if urgent:
        return ngettext(
            "%(n)s customer is late by their own habit; a year of them is worth %(value)s",
            "%(n)s customers are late by their own habit; a year of them is worth %(value)s",
            urgent.people,
        ) % {
            "n": formats.count(urgent.people),
            "value": formats.money_short(urgent.value_minor, currency, language=language),
        }
    return ngettext(
        "%(n)s segment has people in it this week", "%(n)s segments have people in them this week", len(by_code)
    ) % {"n": len(by_code)}


def one_headline(row: SegmentRow, *, currency: str, language: str) -> str:
    """How many people a segment holds and what a year of them is worth."""
    if row.missing:
        return _("%(name)s: off, for data are missing") % {"name": row.name}
    if not row.people:
        return _("%(name)s: nobody now") % {"name": row.name}
    worth = formats.money_short(row.value_minor, currency, language=language)
    people = formats.count(row.people)
    if not row.value_minor:
        return _("%(name)s: %(n)s people") % {"name": row.name, "n": people}
    return _("%(name)s: %(n)s people, who bought %(worth)s in 12 months") % {
        "name": row.name,
        "n": people,
        "worth": worth,
    }


def counted(found: Sequence[StageCount] | Sequence[LayerCount]) -> list[Counted]:
    """Stages or layers with bars, the warm colour where something is to be done."""
    most = max((one.people for one in found), default=1)
    colours = {"lapsing": "money", "lapsed": "grey", "prospect": "grey"}
    return [
        Counted(
            one.code,
            one.name,
            one.what,
            one.people,
            bar(
                one.people,
                most=most,
                label=f"{one.name} {formats.count(one.people)}",
                colour=colours.get(one.code, "done"),
            ),
        )
        for one in found
    ]


def shared(detail: SegmentDetail, *, store: str) -> list[Shared]:
    """Overlaps of a segment on the scale of its own head count."""
    whole = max(detail.row.people, 1)
    return [
        Shared(
            name,
            address("segment", store=store, code=code),
            people,
            bar(people, most=whole, label=f"{name} {people}", colour="done"),
        )
        for code, name, people in detail.overlap
        if people
    ]


def trend(points: Sequence[tuple[date, int]], *, language: str) -> CountLine | None:
    """Head count by week; nothing before there are two weeks."""
    if len(points) < 2:
        return None
    labels = [(formats.day(on, language), float(people)) for on, people in points]
    return count_line(labels, label=_("Head count by week"))


def moves(found: Movement, *, kind: str, months: int, store: str, language: str) -> Moves:
    """Movement with its sentence and pictures; without two days to compare only its title."""
    choices = tuple(
        Choice(
            words,
            address("segments", store=store, kind=code if code != "stage" else "", months=str(n) if n > 1 else ""),
            (code, n) == (kind, months),
        )
        for words, code, n in (
            (_("stages, 1 month"), "stage", 1),
            (_("stages, 3 months"), "stage", 3),
            (_("layers, 1 month"), "layer", 1),
        )
    )
    title = _("How value layers moved") if kind == "layer" else _("How stages moved")
    if found.from_on is None or found.to_on is None or not found.flows:
        return Moves(title, "", "", "", choices, (), None, None)
    heads = (formats.day(found.from_on, language), formats.day(found.to_on, language))
    streams = [
        Stream(
            one.from_code,
            one.to_code,
            one.people,
            tone(one.from_code, to=one.to_code, kind=kind),
            f"{one.from_name} → {one.to_name} {formats.count(one.people)}",
        )
        for one in found.flows
    ]
    names = {one.from_code: one.from_name for one in found.flows} | {one.to_code: one.to_name for one in found.flows}
    order = [code for code in ("", *(LAYERS if kind == "layer" else STAGES)) if code in names]
    states = {code: names[code] for code in order}
    sentence = _sentence(streams)
    wide = flow(streams, states=states, heads=heads, label=f"{title}: {sentence}")
    narrow = flow(streams, states=states, heads=heads, label=title, width=340.0, height=340.0, margin=98.0)
    changed = sorted((one for one in found.flows if one.from_code != one.to_code), key=lambda one: -one.people)
    stayed = [one for one in found.flows if one.from_code == one.to_code]
    return Moves(title, sentence, heads[0], heads[1], choices, (*changed, *stayed), wide, narrow)


def tone(from_code: str, *, to: str, kind: str) -> str:
    """Whether a move is for the better, for the worse, or none."""
    if from_code == to or not from_code:
        return "stay"
    if kind == "layer":
        order = {code: n for n, code in enumerate(LAYERS)}
        return "better" if order.get(to, 0) > order.get(from_code, 0) else "worse"
    if to in _WORSE:
        return "worse" if not (from_code == "lapsed" and to == "lapsing") else "better"
    if to == "won_back":
        return "better" if from_code in _WORSE else "stay"
    return "better" if to == "active" or from_code == "prospect" else "stay"


def _sentence(streams: Sequence[Stream]) -> str:
    better = sum(one.people for one in streams if one.tone == "better")
    worse = sum(one.people for one in streams if one.tone == "worse")
    return _("%(better)s people moved up, %(worse)s slipped; all others stayed where they were.") % {
        "better": formats.count(better),
        "worse": formats.count(worse),
    }
