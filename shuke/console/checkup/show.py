"""The check-up's pictures and words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from shuke.checkup.rules import detail_words
from shuke.checkup.values import Change, Channel, Finding, Month, Report, RowBehind
from shuke.console.frame import formats
from shuke.console.frame.drawings import Bar, Line, Point, Ring, bar, ring, share_line

_MONTHS = 24
_CHANGES = 6


@dataclass(frozen=True)
class Row:
    """One problem of the list with its bar; `change` says how it moved since the last check-up, `tone` colours that."""

    rank: int
    finding: Finding
    picture: Bar
    change: str
    tone: str


@dataclass(frozen=True)
class ChannelRow:
    """One source with the share of its sales that has a person."""

    channel: Channel
    known_share: float
    picture: Bar


def rows(report: Report, *, language: str) -> list[Row]:
    """The problems by money, the first bar strong."""
    most = max((max(abs(one.money_minor), abs(one.previous_minor or 0)) for one in report.findings), default=1)
    listed = []
    for rank, one in enumerate(report.findings, start=1):
        money = formats.money_short(one.money_minor, one.currency, language=language)
        picture = bar(
            abs(one.money_minor),
            most=most,
            label=f"{one.title} {money}",
            colour="strong" if rank == 1 else "money",
            before=abs(one.previous_minor) if one.previous_minor else None,
        )
        change, tone = _change(one, language)
        listed.append(Row(rank=rank, finding=one, picture=picture, change=change, tone=tone))
    return listed


def _change(one: Finding, language: str) -> tuple[str, str]:
    if one.previous_minor is None:
        return "", ""
    moved = one.money_minor - one.previous_minor
    if not moved:
        return _("as before"), ""
    if not one.previous_minor:
        return _("new"), "worse"
    size = formats.money_short(abs(moved), one.currency, language=language)
    return (_("▲ %(money)s more") if moved > 0 else _("▼ %(money)s less")) % {"money": size}, (
        "worse" if moved > 0 else "better"
    )


@dataclass(frozen=True)
class Moved:
    """One line of the comparison: what, before, now, and the change in words with its tone."""

    title: str
    code: str
    before: str
    now: str
    words: str
    tone: str


@dataclass(frozen=True)
class Since:
    """This check-up against the last one; `left` problems changed beside those shown."""

    day: date
    sentences: tuple[str, ...]
    lines: tuple[Moved, ...]
    left: int


def since(report: Report, *, language: str) -> Since | None:
    """The comparison with the last check-up as a table; None where there is none."""
    found = report.comparison
    if found is None:
        return None
    shares = [formats.share(one) if one is not None else "—" for one in (found.previous_share, found.share)]
    # Of the shares as they are shown, so that equal ones never differ.
    points = round(round((found.share or 0) * 100, 1) - round((found.previous_share or 0) * 100, 1), 1)
    said = _("▲ %(points)s points") if points > 0 else _("▼ %(points)s points") if points < 0 else _("as before")
    first = Moved(
        title=_("Sales with a person"),
        code="",
        before=shares[0],
        now=shares[1],
        words=said % {"points": abs(points)} if points else said,
        tone="better" if points > 0 else "worse" if points < 0 else "",
    )
    lines = [_moved(change, report=report, language=language) for change in found.changes[:_CHANGES]]
    left = max(len(found.changes) - _CHANGES, 0)
    return Since(found.previous_on, found.sentences[1:], (first, *lines), left)


def _moved(change: Change, *, report: Report, language: str) -> Moved:
    def money(minor: int) -> str:
        return formats.money_short(minor, report.currency, language=language)

    size = {"money": money(abs(change.now_minor - change.before_minor))}
    words = {
        "gone": _("mended"),
        "new": _("new"),
        "better": _("▼ %(money)s less") % size,
        "worse": _("▲ %(money)s more") % size,
    }[change.kind]
    if change.mended_on is not None:
        words = _("%(change)s · import of %(day)s") % {
            "change": words,
            "day": formats.day(change.mended_on, language, near=report.as_of),
        }
    return Moved(
        title=change.title,
        code="" if change.kind == "gone" else change.code,
        before="—" if change.kind == "new" else money(change.before_minor),
        now="—" if change.kind == "gone" else money(change.now_minor),
        words=words,
        tone="worse" if change.kind in ("new", "worse") else "better",
    )


def known_ring(report: Report) -> Ring:
    """The share of sales with a person behind it."""
    known = min(max(report.attachable_sales_share, 0.0), 1.0)
    text = formats.share(known)
    return ring([(known, "known"), (1 - known, "c2")], label=report.headline, middle=text, below=_("has a person"))


def known_line(months: Sequence[Month], *, language: str) -> Line | None:
    """The same share month by month; None with fewer than three months."""
    sums: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for one in months:
        sums[one.month][0] += one.sales_minor
        sums[one.month][1] += one.attached_minor
    points = [
        Point(formats.month(month, language), min(max(known / sales, 0.0), 1.0))
        for month, (sales, known) in sorted(sums.items())[-_MONTHS:]
        if sales > 0
    ]
    if len(points) < 3:
        return None
    last = formats.share(points[-1].value, places=0)
    label = _("Share of sales with a person behind it, month by month; %(last)s in the last month") % {"last": last}
    return share_line(points, label=label)


def channels(report: Report) -> list[ChannelRow]:
    """The sources by sales."""
    listed = []
    for one in sorted(report.channels, key=lambda channel: -channel.sales_minor):
        known = one.attached_minor / one.sales_minor if one.sales_minor > 0 else 0.0
        picture = bar(known, most=1, label=formats.share(known), colour="done")
        listed.append(ChannelRow(channel=one, known_share=known, picture=picture))
    return listed


@dataclass(frozen=True)
class Behind:
    """One row behind a problem with its detail in words; `customer_id` where it leads to a customer."""

    row: RowBehind
    words: str
    customer_id: int | None


def behind(finding: Finding, rows: Sequence[RowBehind], *, language: str) -> list[Behind]:
    """The rows of a problem as the page shows them."""
    return [Behind(row, *_detail(finding, row.detail, language=language)) for row in rows]


def _detail(finding: Finding, detail: str, *, language: str) -> tuple[str, int | None]:
    """The detail in words, or the customer that it leads to."""
    is_customer = finding.of == "customers" or finding.code in ("card_for_walk_ins", "garbled_text")
    if is_customer and detail.isdecimal():
        return detail, int(detail)
    if finding.code == "clock_skew" and detail.isdecimal():
        return _("at %(hour)s o'clock") % {"hour": detail}, None
    return detail_words(detail, language=language), None
