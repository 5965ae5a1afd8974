"""What last week's plays really changed: treated minus held out, as a picture and in words, also when it is unclear."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuke.console.frame import formats
from shuke.console.frame.drawings import Interval, Marks, Scale, axis_marks, interval, shared_scale, ticks
from shuke.outcomes.values import PlayResult, ResultView

_POINTS = 100
# The list begins with what is sure; at least so many rows are open, the others folded.
_AT_LEAST = 4
# How wide the scale may be: so many times the narrowest interval, and never below so many points.
_WIDTHS = 2.5
_POINTS_LEAST = 10.0


@dataclass(frozen=True)
class ResultRow:
    """One play: its result, its interval in points, and the finding in words with its tone."""

    result: PlayResult
    picture: Interval | None
    points: str
    verdict: str
    more: str
    tone: str


@dataclass(frozen=True)
class Results:
    """Last week's plays: one sentence, the rows, the axis, and the days that count."""

    headline: str
    rows: tuple[ResultRow, ...]
    folded: tuple[ResultRow, ...]
    axis: Marks | None
    first_on: date
    last_on: date


def results(view: ResultView, *, language: str) -> Results | None:
    """The section of last week; None before anything has been measured."""
    if view.as_of is None or view.until is None or not view.plays:
        return None
    scale = _scale(view.plays)
    rows = []
    for one in view.plays:
        picture = None
        if one.low is not None and one.difference is not None and one.high is not None:
            told = tuple(value * _POINTS for value in (one.low, one.difference, one.high))
            picture = interval(told, scale=scale, label=one.sentence)
        rows.append(
            ResultRow(
                one,
                picture,
                points=_points(one),
                verdict=_verdict(one),
                more=_more(one, language=language),
                tone=_tone(one),
            )
        )
    labels = [(value, f"{value:+.0f}".replace("-", "−") if value else "0") for value in ticks(scale, most=4)]
    shown = max(sum(row.result.verdict in ("more", "fewer") for row in rows), _AT_LEAST)
    return Results(
        headline=_headline(view),
        rows=tuple(rows[:shown]),
        folded=tuple(rows[shown:]),
        axis=axis_marks(scale, labels=labels) if any(row.picture for row in rows) else None,
        first_on=view.as_of,
        last_on=view.until - timedelta(days=1),
    )


def _scale(plays: Sequence[PlayResult]) -> Scale:
    """One scale for all plays; intervals of a handful of people are cut at its ends, or they would hide the others."""
    known = [(one.low * _POINTS, one.high * _POINTS) for one in plays if one.low is not None and one.high is not None]
    ends = [abs(end) for low, high in known for end in (low, high)]
    if not ends:
        return shared_scale([])
    narrowest = min(high - low for low, high in known)
    most = min(max(ends), max(_WIDTHS * narrowest, _POINTS_LEAST))
    return shared_scale([max(min(low for low, _high in known), -most), min(max(high for _low, high in known), most)])


def _headline(view: ResultView) -> str:
    """How many of last week's plays worked, harmed or cannot be told yet."""
    counts = {kind: sum(one.verdict == kind for one in view.plays) for kind in ("more", "fewer", "unclear", "none")}
    told = [
        (counts["more"], _("%(n)s brought more people back")),
        (counts["fewer"], _("%(n)s brought fewer")),
        (counts["unclear"] + counts["none"], _("%(n)s cannot be told yet")),
    ]
    parts = [text % {"n": formats.count(n)} for n, text in told if n]
    done = ngettext("Last week %(n)s thing was done", "Last week %(n)s things were done", len(view.plays))
    return _("%(done)s: %(findings)s") % {
        "done": done % {"n": formats.count(len(view.plays))},
        "findings": _(", ").join(parts),
    }


def _points(one: PlayResult) -> str:
    """The difference with its ends, in people of a hundred."""
    if one.difference is None or one.low is None or one.high is None:
        return _("nobody to compare with")
    low, mid, high = (f"{value * _POINTS:+.1f}".replace("-", "−") for value in (one.low, one.difference, one.high))
    return _("%(mid)s of 100 (%(low)s to %(high)s)") % {"mid": mid, "low": low, "high": high}


def _verdict(one: PlayResult) -> str:
    return {
        "more": _("It worked"),
        "fewer": _("It put people off"),
        "unclear": _("Cannot tell yet"),
        "none": _("Cannot be told"),
    }[one.verdict]


def _more(one: PlayResult, *, language: str) -> str:
    """What follows the verdict: the buyers that came more or fewer, or what it would take to tell."""
    if one.verdict in ("more", "fewer") and one.extra_buyers is not None:
        low, _mid, high = one.extra_buyers
        ends = sorted(round(abs(value)) for value in (low, high))
        text = _("%(low)s to %(high)s buyers more") if one.verdict == "more" else _("%(low)s to %(high)s buyers fewer")
        return text % {"low": formats.count(ends[0]), "high": formats.count(ends[1])}
    people = formats.number(one.more_people, language) if one.more_people else ""
    if one.wait_weeks and people:
        return _("wait %(weeks)s more weeks, or add %(people)s people") % {"weeks": one.wait_weeks, "people": people}
    if people:
        return _("it would take %(people)s people more") % {"people": people}
    return _("wait %(weeks)s more weeks") % {"weeks": one.wait_weeks} if one.wait_weeks else ""


def _tone(one: PlayResult) -> str:
    return {"more": "better", "fewer": "worse"}.get(one.verdict, "")
