"""Finance in words: what points outstanding are worth, how sure that is, and the days that were closed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuke.console.frame import formats, words
from shuke.console.frame.charts import Chart, Series, trend
from shuke.console.frame.drawings import interval, shared_scale
from shuke.loyalty.values.finance import ClosedDay, DayDifference, Liability

# Kinds of movement in the order in which an accountant reads them.
MOVED = ("issued", "clawed", "burned", "returned", "expired")


def headline(found: Liability, *, language: str) -> str:
    """What is owed, and what of it will probably be spent."""
    facts = _facts(found, language=language)
    if not found.standing.outstanding:
        return _("No points are outstanding")
    if found.breakage.basis == "none":
        return _("Points outstanding are worth %(all)s") % facts
    return _("Points outstanding are worth %(all)s, of which %(low)s to %(high)s will be spent") % facts


def worth(found: Liability, *, language: str) -> str:
    """What is outstanding in money."""
    return _("Points outstanding are worth %(all)s") % _facts(found, language=language)


def spent(found: Liability, *, language: str) -> str:
    """How much of it will probably be spent."""
    if found.breakage.basis == "none":
        return told(found, language=language)
    return _("%(low)s to %(high)s of it will be spent, 9 times in 10.") % _facts(found, language=language)


def told(found: Liability, *, language: str) -> str:
    """Where the number comes from, and how sure it is."""
    facts = _facts(found, language=language)
    if found.breakage.basis == "none":
        return _("Nothing has been spent yet, so nothing can be said of how much will end unspent.")
    return (
        _("9 times in 10 the truth is in this range. About %(share)s of the points that can end will end unspent.")
        % facts
    )


def _facts(found: Liability, *, language: str) -> dict[str, str]:
    def short(minor: int) -> str:
        return formats.money_short(minor, found.currency, language=language)

    return {
        "all": short(found.liability_minor),
        "expected": short(found.expected_minor),
        "low": short(found.low_minor),
        "high": short(found.high_minor),
        "share": formats.share(found.breakage.share, places=0),
        "points": formats.points(found.standing.outstanding, language),
    }


def picture(found: Liability, *, language: str) -> Any:
    """The interval on a scale from nothing to all that is outstanding; None where nothing can be said."""
    if found.breakage.basis == "none" or found.liability_minor <= 0:
        return None
    bounds = (found.low_minor, found.expected_minor, found.high_minor)
    return interval(bounds, scale=shared_scale([found.liability_minor]), label=headline(found, language=language))


def standing(found: Liability) -> list[dict[str, Any]]:
    """Points by place with their money; the sum is the liability."""
    places = [
        (_("can be used"), found.standing.available),
        (_("not yet usable"), found.standing.pending),
        (_("held for checkouts"), found.standing.held),
        (_("owed by members"), -found.standing.owed),
    ]
    return [
        {
            "name": name,
            "points": formats.count(points),
            "money": formats.money(points * found.cost_thousandths // 1000, found.currency),
        }
        for name, points in places
        if points or name == places[0][0]
    ]


def days(closed: Sequence[ClosedDay], *, currency: str, near: date, language: str) -> list[dict[str, Any]]:
    """Closed days as rows: points by movement, orders, and how many differ from the sales of the day."""
    return [
        {
            "on": one.business_on,
            "day": formats.day(one.business_on, language, near=near, weekday=True),
            "moved": [_moved(one.moved, kind) for kind in MOVED],
            "differences": one.counts.get("differences", len(one.differences)),
            "known": bool(one.counts.get("sales_known")),
            "liability": formats.money_short(_liability(one), currency, language=language),
            "late": sum(len(kinds) for kinds in one.late.values()),
            "closed_at": one.closed_at,
        }
        for one in closed
    ]


def _moved(moved: Mapping[str, int], kind: str) -> str:
    return formats.count(moved.get(kind, 0)) if moved.get(kind) else "—"


def _liability(one: ClosedDay) -> int | None:
    return one.totals.get("liability_minor")


def chart(closed: Sequence[ClosedDay], *, currency: str, language: str, download: str) -> Chart | None:
    """The liability at the end of each closed day; None with fewer than two."""
    known = [one for one in reversed(closed) if _liability(one) is not None]
    if len(known) < 2:
        return None
    values = [float(_liability(one) or 0) for one in known]
    texts = [formats.money_short(round(value), currency, language=language) for value in values]
    links = [reverse("loyalty_day", kwargs={"day": one.business_on.isoformat()}) for one in known]
    near = known[-1].business_on
    return trend(
        title=_("Liability at the end of the day"),
        label=_("Liability at the end of the day: from %(first)s to %(last)s") % {"first": texts[0], "last": texts[-1]},
        periods=[(_short(one, language), formats.day(one.business_on, language, near=near)) for one in known],
        series=[Series(name=_("Liability"), values=values, texts=texts, links=links)],
        unit="money",
        currency=currency,
        language=language,
        download=download,
    )


def _short(one: ClosedDay, language: str) -> str:
    return formats.day(one.business_on, language, near=one.business_on)


def difference(found: DayDifference, *, member_no: str, currency: str) -> dict[str, Any]:
    """One order on which ledger and sales differ, and what to do about it."""
    what, mend = {
        "earned_nothing": (
            _("A member's order without points"),
            _("The next import posts it, or the member claims it."),
        ),
        "no_order": (
            _("Points without an order"),
            _("Is the order missing in the imported files? Import that day again."),
        ),
        "amount_differs": (_("The amounts differ"), _("A refund that reached only one side: record it at the till.")),
    }.get(found.kind, (found.kind, ""))
    return {
        "what": what,
        "mend": mend,
        "order": f"{words.source_word(found.source)} {found.order_no}",
        "member_no": member_no,
        "ledger": formats.money(found.ledger_minor, currency),
        "sales": formats.money(found.sales_minor, currency),
    }


def month(closed: Sequence[ClosedDay], *, language: str) -> dict[str, Any] | None:
    """The running month's points, summed over its closed days; None before the first one."""
    if not closed:
        return None
    last = closed[0].business_on
    mine = [one for one in closed if (one.business_on.year, one.business_on.month) == (last.year, last.month)]
    sums = {kind: sum(one.moved.get(kind, 0) for one in mine) for kind in MOVED}
    address = reverse("loyalty_finance") + "#days"
    given = sums["issued"] - sums["clawed"]
    spent = sums["burned"] - sums["returned"]
    tiles = [
        (_("given"), given, _("less what refunds took back")),
        (_("spent"), spent, _("less what came back")),
        (_("ended"), sums["expired"], _("unspent on their last day")),
    ]
    return {
        "title": _("Points this month"),
        "note": ngettext("%(n)s closed day", "%(n)s closed days", len(mine)) % {"n": len(mine)},
        "tiles": [
            {"name": name, "value": formats.points(points, language), "note": note, "address": address}
            for name, points, note in tiles
        ],
    }


def day_headline(found: ClosedDay, *, language: str) -> str:
    """Whether the day's points fit its sales."""
    facts = {"day": formats.day(found.business_on, language, near=date.min), "n": len(found.differences)}
    if not found.counts.get("sales_known"):
        return _("%(day)s: the sales of this day are not here yet") % facts
    if not found.differences:
        return _("%(day)s: points and sales agree") % facts
    return ngettext("%(day)s: %(n)s order differs", "%(day)s: %(n)s orders differ", len(found.differences)) % facts


def day_sums(found: ClosedDay) -> list[tuple[str, str]]:
    """The day's points by movement, nothing left out."""
    names = {
        "issued": _("given"),
        "clawed": _("taken back"),
        "burned": _("spent"),
        "returned": _("came back"),
        "expired": _("ended"),
    }
    return [(name, formats.count(found.moved.get(kind, 0))) for kind, name in names.items()]
