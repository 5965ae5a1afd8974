"""One member in words: the balance and how it comes about, lots, the statement, tier, benefits, coupons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from shuke.console.frame import formats, words
from shuke.console.frame.drawings import Bar, bar, progress
from shuke.console.loyalty import show_rules
from shuke.loyalty.queries.accounts import LotView
from shuke.loyalty.queries.adjustments import AdjustmentRow
from shuke.loyalty.queries.papers import Booking, BookSums, Joining
from shuke.loyalty.queries.statement import Line
from shuke.loyalty.values.benefits import UNLIMITED, BenefitView
from shuke.loyalty.values.coupons import CouponView
from shuke.loyalty.values.ledger import Balance
from shuke.loyalty.values.perks import Perks
from shuke.loyalty.values.tiers import TierProgress

_SOON = timedelta(days=30)
_LOTS = 8
# Ways to growth that a card has room for.
_WAYS = 4


@dataclass(frozen=True)
class Flow:
    """One term of the sum that explains the balance."""

    sign: str
    points: int
    label: str
    tone: str = ""


@dataclass(frozen=True)
class LotRow:
    """Points that end together."""

    ends: str
    origin: str
    points: int
    soon: bool
    picture: Bar


def sentence(balance: Balance, *, next_points: int, next_on: date | None, near: date, language: str) -> str:
    """The balance as one would say it at a counter."""
    facts = {
        "points": formats.count(balance.available),
        "owed": formats.count(balance.owed),
        "soon": formats.count(next_points),
        "day": formats.day(next_on, language, near=near),
    }
    if not balance.available and balance.owed:
        return _("Nothing to spend: %(owed)s points are owed, and the next points pay them first.") % facts
    if not balance.available:
        return _("No points to spend yet.")
    if next_on is not None and next_points >= balance.available:
        return _("%(points)s points to spend, all of them until %(day)s") % facts
    if next_on is not None and next_points:
        return _("%(points)s points to spend, %(soon)s of them until %(day)s") % facts
    return _("%(points)s points to spend, none of them ends") % facts


def flows(sums: BookSums, balance: Balance) -> list[Flow]:
    """The sum that explains the balance: what came, what went, what is there; terms of nothing are left out."""
    terms = [
        Flow("+", sums.issued, _("given")),
        Flow("−", sums.clawed, _("taken back")),
        Flow("−", sums.burned, _("spent")),
        Flow("+", sums.returned, _("came back")),
        Flow("+" if sums.transferred > 0 else "−", abs(sums.transferred), _("moved")),
        Flow("−", balance.expired, _("ended")),
        Flow("+", balance.owed, _("owed")),
    ]
    there = [
        Flow("=", balance.available, _("can be used now"), "total"),
        Flow("+", balance.pending, _("not yet usable"), "total"),
        Flow("+", balance.held, _("held"), "total"),
    ]
    shown = [term for term in terms if term.points]
    if not shown:
        return []
    first = Flow("", shown[0].points, shown[0].label) if shown[0].sign == "+" else shown[0]
    return [first, *shown[1:], there[0], *(term for term in there[1:] if term.points)]


def lots(found: Sequence[LotView], *, now: datetime, zone: str, near: date, language: str) -> tuple[list[LotRow], int]:
    """The first lots to end, and how many more there are."""
    left = [lot for lot in found if lot.free > 0 and (lot.expires_at is None or lot.expires_at > now)]
    left.sort(key=lambda lot: (lot.expires_at is None, lot.expires_at or now, lot.id))
    most = max((lot.free for lot in left), default=1)
    rows = []
    for lot in left[:_LOTS]:
        ends = _("no end")
        if lot.expires_at is not None:
            day = formats.day(last_day(lot.expires_at, zone=zone), language, near=near)
            ends = _("until %(day)s") % {"day": day}
        origin = words.word(words.LOT_KINDS, lot.kind)
        if lot.order_no:
            origin = f"{origin} · {words.source_word(lot.order_source)} {lot.order_no}"
        if lot.available_at > now:
            starts = formats.day(lot.available_at.astimezone(ZoneInfo(zone)).date(), language, near=near)
            origin += " · " + _("from %(day)s") % {"day": starts}
        soon = lot.expires_at is not None and lot.expires_at - now < _SOON
        picture = bar(lot.free, most=most, colour="money" if soon else "done", label=formats.count(lot.free))
        rows.append(LotRow(ends, origin, lot.free, soon, picture))
    return rows, len(left) - len(rows)


def last_day(ends_at: datetime, *, zone: str) -> date:
    """The last day on which something that ends at an instant can be used: points end as a day begins."""
    return (ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()


def signed(points: int) -> str:
    """+120; −80."""
    return f"+{formats.count(points)}" if points > 0 else formats.count(points)


def tier(found: TierProgress, *, perks: Perks, near: date, language: str) -> dict[str, Any]:
    """The tier's card: its span, the way to the next one, what keeps it, what else earns growth."""
    chinese = formats.is_chinese(language)
    facts = {
        "tier": found.zh if chinese else found.en,
        "next": found.next_zh if chinese else found.next_en,
        "needed": formats.count(found.needed),
        "growth": formats.count(found.growth_12m),
        "goal": formats.count(found.growth_12m + found.needed),
        "keep": formats.count(found.keep_threshold),
        "missing": formats.count(found.keep_missing),
        "until": formats.day(found.until - timedelta(days=1) if found.until else None, language, near=near),
    }
    reached = _("growth value %(growth)s") % facts
    how = [
        _("%(what)s: +%(points)s")
        % {"what": show_rules.name(perks.behaviours[code], language=language), "points": formats.count(points)}
        for code, points in found.how
        if code in perks.behaviours
    ]
    keep = ""
    if found.until is not None and found.keep_threshold:
        keep = (
            _("To keep it beyond %(until)s, %(missing)s of growth value are still missing (%(keep)s are needed).")
            if found.keep_missing
            else _("What keeps it beyond %(until)s is reached already.")
        ) % facts
    return {
        "name": facts["tier"],
        "span": _("until %(day)s") % {"day": facts["until"]} if found.until else "",
        "growth": reached,
        "goal": _("%(next)s at %(goal)s") % facts if found.next_tier else "",
        "sentence": (
            _("%(needed)s more growth value make %(next)s, as soon as they are there.") % facts
            if found.next_tier
            else _("This is the highest tier.")
        ),
        "picture": (
            progress(
                found.growth_12m, total=found.growth_12m + found.needed, label=_("growth value %(growth)s") % facts
            )
            if found.next_tier
            else None
        ),
        "keep": keep,
        "how": how[:_WAYS],
    }


def benefit(
    found: BenefitView, *, perks: Perks, booked: Sequence[Booking], near: date, language: str
) -> dict[str, Any]:
    """A benefit with its quota, what is left of it, and why it cannot be used where it cannot."""
    chinese = formats.is_chinese(language)
    span = words.word(words.SPANS, found.span.value)
    tiers = show_rules.tier_names(perks, language=language)
    facts = {
        "span": span,
        "quota": found.quota,
        "left": found.left,
        "tier": tiers.get(found.unlocks_at, ""),
        "badge": show_rules.name(perks.badges[found.unlocks_at], language=language)
        if found.unlocks_at in perks.badges
        else "",
        "day": formats.day(found.period_end, language, near=near),
    }
    why = {
        "tier": _("comes with %(tier)s"),
        "badge": _("comes with the badge %(badge)s"),
        "birthday": _("in the month of the birthday only"),
        "used_up": _("used up; begins anew on %(day)s") if found.period_end else _("used up"),
    }.get(found.locked_because, "")
    if found.quota == UNLIMITED:
        told = _("always")
    elif found.quota:
        told = _("%(quota)s %(span)s, %(left)s left") % facts
    else:
        told = ""
    return {
        "code": found.benefit,
        "name": found.zh if chinese else found.en,
        "note": found.note_zh if chinese else found.note_en,
        "scene": words.word(words.SCENES, found.scene.value),
        "quota": told,
        "why": why % facts if why else "",
        "open": not found.locked_because,
        "is_booked": found.is_booked,
        "booked": [one for one in booked if one.benefit == found.benefit],
    }


def coupon(found: CouponView, *, near: date, zone: str, language: str) -> dict[str, Any]:
    """A coupon with what it gives and until when."""
    ends = ""
    if found.expires_at is not None:
        day = formats.day(last_day(found.expires_at, zone=zone), language, near=near)
        ends = _("until %(day)s") % {"day": day}
    return {
        "code": found.code,
        "name": found.zh if formats.is_chinese(language) else found.en,
        "gives": show_rules.gives(found),
        "state": words.word(words.HELD_COUPON_STATES, found.state),
        "open": found.state == "issued",
        "ends": ends if found.state in ("issued", "held") else "",
    }


def joined(found: Joining) -> dict[str, Any]:
    """A merge or split in words."""
    facts = {"one": found.member_no, "other": found.other_no, "why": found.reason}
    text = _("%(other)s was joined to %(one)s") if found.kind == "merge" else _("%(one)s stands alone again")
    told = text % facts
    return {"at": found.at, "text": f"{told} · {found.reason}" if found.reason else told}


def line(found: Line) -> dict[str, Any]:
    """A line of the statement: what, why, signed points, balance after."""
    why = " ".join(part for part in (words.source_word(found.order_source), found.order_no) if part)
    reason = words.word(words.TIER_REASONS, found.reason)
    return {
        "at": found.at,
        "what": words.word(words.TXN_KINDS, found.kind),
        "why": " · ".join(part for part in (why, reason) if part),
        "place": found.store,
        "signed": signed(found.points) if found.points else "—",
        "tone": "better" if found.points > 0 else "worse" if found.points < 0 else "",
        "after": found.balance_after,
    }


def adjustment(found: AdjustmentRow) -> dict[str, Any]:
    """An adjustment with its points and state in words."""
    return {
        **vars(found),
        "who": _("No. %(no)s") % {"no": found.member_no},
        "signed": signed(found.points),
        "tone": "better" if found.points > 0 else "worse",
        "state_word": words.word(words.ADJUSTMENT_STATES, found.state),
    }
