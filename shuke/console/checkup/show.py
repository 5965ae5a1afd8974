"""The check-up's pictures and words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from shuke.checkup.values import Channel, Finding, Month, Report, RowBehind
from shuke.console.frame import formats, words
from shuke.console.frame.drawings import Bar, Line, Point, Ring, bar, ring, share_line

_MONTHS = 24
_OF_CUSTOMERS = ("consent_unknown", "two_cards_one_person")


@dataclass(frozen=True)
class Row:
    """One problem of the list with its bar; `change` says how it moved since the last check-up."""

    rank: int
    finding: Finding
    picture: Bar
    change: str
    worse: bool


@dataclass(frozen=True)
class ChannelRow:
    """One source with the share of its sales that has a person."""

    channel: Channel
    known_share: float
    picture: Bar


def rows(report: Report, *, language: str) -> list[Row]:
    """The problems by money, the first bar strong."""
    most = max((abs(one.money_minor) for one in report.findings), default=1)
    listed = []
    for rank, one in enumerate(report.findings, start=1):
        money = formats.money_short(one.money_minor, one.currency, language=language)
        picture = bar(
            abs(one.money_minor), most=most, label=f"{one.title} {money}", colour="strong" if rank == 1 else "money"
        )
        change, worse = _change(one, language)
        listed.append(Row(rank=rank, finding=one, picture=picture, change=change, worse=worse))
    return listed


def _change(one: Finding, language: str) -> tuple[str, bool]:
    if one.previous_minor is None:
        return "", False
    moved = one.money_minor - one.previous_minor
    if not moved:
        return _("as before"), False
    size = formats.money_short(abs(moved), one.currency, language=language)
    return (_("▲ %(money)s more") if moved > 0 else _("▼ %(money)s less")) % {"money": size}, moved > 0


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


def behind(code: str, rows: Sequence[RowBehind]) -> list[Behind]:
    """The rows of a problem as the page shows them."""
    return [Behind(row, *_detail(code, row.detail)) for row in rows]


def _detail(code: str, detail: str) -> tuple[str, int | None]:
    if code in _OF_CUSTOMERS and detail.isdecimal():
        return detail, int(detail)
    if code == "clock_skew" and detail.isdecimal():
        return _("at %(hour)s o'clock") % {"hour": detail}, None
    kind, _blank, day = detail.partition(" ")
    if kind == "since":
        return _("since %(day)s") % {"day": day}, None
    if kind == "bought":
        return _("bought on %(day)s") % {"day": day}, None
    return words.word({**words.ORDER_STATES, **words.DETAILS}, detail), None
