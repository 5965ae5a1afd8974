"""The programme in sentences: what a manager would say of its rules, tiers, benefits and campaigns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuke.console.frame import formats, words
from shuke.console.frame.context import language_code
from shuke.kernel.money import exponent
from shuke.loyalty.values.benefits import UNLIMITED, Benefit, Scene
from shuke.loyalty.values.coupons import Campaign, CouponKind
from shuke.loyalty.values.ledger import Programme, RefundWay, Validity
from shuke.loyalty.values.perks import Perks
from shuke.loyalty.values.tiers import Tier


@dataclass(frozen=True)
class Rule:
    """One rule: the question it answers, the answer, and the field that changes it."""

    question: str
    answer: str
    field: str
    file: str = "loyalty/programme.yaml"


def name(found: Any, *, language: str) -> str:
    """The name of anything that has one in both languages."""
    return str(found.zh if formats.is_chinese(language) else found.en)


def rules(programme: Programme, *, language: str) -> list[Rule]:
    """The rules of points, in the order in which a shopper meets them."""
    money = formats.money
    facts = {
        "each": formats.count(programme.points_each),
        "minor": _plain_money(programme.minor_each, programme.currency),
        "days": programme.pending_days,
        "zone": programme.zone,
        "grace": programme.grace_days,
        "worth": _worth(programme),
        "ten_thousand": money(programme.point_cost_thousandths * 10, programme.currency),
    }
    earn = _("%(each)s point for each %(minor)s paid, rounded down once an order, never line by line.") % facts
    higher = [tier for tier in programme.perks.ladder.tiers if tier.multiplier_thousandths != 1000]
    if higher:
        told = _(", ").join(
            _("%(tier)s %(times)s times") % {"tier": name(tier, language=language), "times": times(tier)}
            for tier in higher
        )
        earn += _(" Tiers earn more: %(tiers)s.") % {"tiers": told}
    waits = (
        ngettext(
            "%(days)s day after the purchase, so that a return comes first.",
            "%(days)s days after the purchase, so that a return comes first.",
            programme.pending_days,
        )
        % facts
        if programme.pending_days
        else _("At once, at every till and in every channel.")
    )
    return [
        Rule(_("How are points earned?"), earn, "points_each, minor_each"),
        Rule(_("When can they be used?"), waits, "pending_days"),
        Rule(_("How long do they last?"), lasts(programme, language=language), "validity, validity_length"),
        Rule(_("Which go first?"), _("Those that end first; points without an end come last."), "—", file=""),
        Rule(_("What if goods come back?"), refunds(programme, language=language), "refunds"),
        Rule(
            _("And goods that were paid with points?"),
            _(
                "Points come back by the share that was refunded, to where they came from and with their old date. "
                "If that has passed, they live %(grace)s more days."
            )
            % facts,
            "grace_days",
        ),
        Rule(
            _("What is a point worth to finance?"),
            _("A point counts as %(worth)s of liability: 10,000 points are %(ten_thousand)s.") % facts,
            "point_cost_thousandths",
        ),
        Rule(
            _("Whose days count?"),
            _("Those of %(zone)s, wherever a purchase was made: a day ends at 23:59:59 there.") % facts,
            "zone",
        ),
    ]  # fmt: skip


def rate(programme: Programme) -> str:
    """每消费 ¥1 得 1 分."""
    facts = {
        "each": formats.count(programme.points_each),
        "minor": _plain_money(programme.minor_each, programme.currency),
    }
    return _("%(minor)s gives %(each)s point") % facts


def span(programme: Programme, *, language: str) -> str:
    """How long points last, in two words."""
    length = programme.validity_length
    if programme.validity is Validity.DAYS:
        return ngettext("%(n)s day", "%(n)s days", length) % {"n": length}
    if programme.validity is Validity.MONTHS:
        return ngettext("%(n)s month", "%(n)s months", length) % {"n": length}
    if programme.validity is Validity.YEAR_END:
        return _("to the end of a year")
    if programme.validity is Validity.DATE:
        return _("until %(day)s") % {"day": formats.day(programme.valid_until, language, near=date.min)}
    return _("for ever")


def moves(perks: Perks) -> list[tuple[str, str]]:
    """How tiers are reached, kept and lost, as questions and answers."""
    months = {"months": perks.ladder.months}
    return [
        (
            _("When does somebody go up?"),
            _("At once, when the growth value of the last %(months)s months reaches the step.") % months,
        ),
        (
            _("How long does a tier last?"),
            _("%(months)s months at least: time alone never lowers it earlier.") % months,
        ),
        (
            _("What happens at its end?"),
            _("The growth value since it began is compared with what keeps it; below that it falls one level."),
        ),
        (
            _("What else lowers it?"),
            _("Only a refund, for then the purchase did not count. Spending points or letting them end never does."),
        ),
    ]


def lasts(programme: Programme, *, language: str) -> str:
    """How long points last, in a sentence."""
    length = programme.validity_length
    if programme.validity is Validity.NEVER:
        return _("For ever.")
    if programme.validity is Validity.DATE:
        day = formats.day(programme.valid_until, language, near=date.min)
        return _("All until %(day)s.") % {"day": day}
    if programme.validity is Validity.YEAR_END:
        if length == 0:
            return _("Until the end of the year of the purchase.")
        return ngettext(
            "Until the end of the year after the purchase.",
            "Until the end of the %(n)s years after that of the purchase.",
            length,
        ) % {"n": length}
    counted = (
        ngettext("%(n)s day from the day of the purchase", "%(n)s days from the day of the purchase", length)
        if programme.validity is Validity.DAYS
        else ngettext("%(n)s month from the day of the purchase", "%(n)s months from the day of the purchase", length)
    ) % {"n": length}
    return _("%(span)s; on the last day they can be used until midnight.") % {"span": counted}


def refunds(programme: Programme, *, language: str) -> str:
    """What a refund does to points, in a sentence."""
    begin = _("The order keeps the points of what was not refunded; the rest is taken back, from its own points first.")
    ends = {
        RefundWay.DEBT: _("What was spent already is owed, and the next points pay it first."),
        RefundWay.CLAMP: _("What was spent already is written off."),
        RefundWay.REFUSE: _("If they were spent already, the refund is refused until somebody decides."),
    }
    return begin + ("" if formats.is_chinese(language) else " ") + ends[programme.refunds]


def times(tier: Tier) -> str:
    """A multiplier without needless zeros: 1.1."""
    return f"{Decimal(tier.multiplier_thousandths) / 1000:f}".rstrip("0").rstrip(".") or "0"


def _worth(programme: Programme) -> str:
    places = exponent(programme.currency)
    amount = Decimal(programme.point_cost_thousandths).scaleb(-3 - places)
    text = f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"
    return formats.money(0, programme.currency)[:1] + text


def _plain_money(minor: int, currency: str) -> str:
    text = formats.money(minor, currency)
    return text.rstrip("0").rstrip(".") if text.endswith("00") and "." in text else text


@dataclass(frozen=True)
class Cell:
    """A quota of a benefit for a tier, in words; `has` is false where the tier does not have it."""

    text: str
    has: bool


@dataclass(frozen=True)
class BenefitRow:
    """One benefit as the page of benefits shows it."""

    code: str
    name: str
    note: str
    cells: tuple[Cell, ...]
    badges: str
    rule: str
    cost_minor: int


def benefits(perks: Perks, *, language: str) -> list[tuple[str, list[BenefitRow]]]:
    """Benefits by scene, in the order of a purchase; each with its quota a tier."""
    shown = []
    for scene in Scene:
        rows = [_benefit(one, perks=perks, language=language) for one in perks.benefits.values() if one.scene is scene]
        if rows:
            shown.append((words.word(words.SCENES, scene.value), rows))
    return shown


def _benefit(found: Benefit, *, perks: Perks, language: str) -> BenefitRow:
    chinese = formats.is_chinese(language)
    told = [
        _("%(badge)s: %(quota)s")
        % {"badge": name(perks.badges[code], language=language), "quota": quota(number, found)}
        for code, number in found.badges.items()
        if code in perks.badges
    ]
    rule = [_("booked first")] if found.is_booked else []
    rule += [_("in the month of the birthday")] if found.in_birthday_month else []
    cells = [
        Cell(quota(found.quota[tier.code], found), True) if found.quota.get(tier.code) else Cell("—", False)
        for tier in perks.ladder.tiers
    ]
    return BenefitRow(
        code=found.code,
        name=name(found, language=language),
        note=found.note_zh if chinese else found.note_en,
        cells=tuple(cells),
        badges=_("; ").join(told),
        rule=_(", ").join(rule),
        cost_minor=found.cost_minor,
    )


def quota(number: int, found: Benefit) -> str:
    """How often: 每年 2 次; always."""
    if number == UNLIMITED:
        return _("always")
    span = words.word(words.SPANS, found.span.value)
    return ngettext("%(n)s time %(span)s", "%(n)s times %(span)s", number) % {"n": number, "span": span}


def campaign_rule(found: Campaign, *, perks: Perks, language: str) -> str:
    """What a coupon gives and on which conditions, in one line."""
    parts = [gives(found)]
    if found.scope.tiers:
        tiers = [name(tier, language=language) for tier in perks.ladder.tiers if tier.code in found.scope.tiers]
        parts.append(_("for %(who)s") % {"who": formats.listed(tiers, language)})
    for narrowed, text in (
        (found.scope.stores, _("in %(n)s stores only")),
        (found.scope.channels, _("in %(n)s channels only")),
        (found.scope.products | found.scope.categories, _("for chosen products")),
    ):
        if narrowed:
            parts.append(text % {"n": len(narrowed)} if "%" in text else text)
    if found.is_alone:
        parts.append(_("alone only"))
    if found.per_member:
        parts.append(ngettext("%(n)s a member", "%(n)s a member", found.per_member) % {"n": found.per_member})
    if found.days:
        parts.append(ngettext("lasts %(n)s day", "lasts %(n)s days", found.days) % {"n": found.days})
    if found.until:
        parts.append(_("until %(day)s") % {"day": formats.day(found.until, language, near=date.min)})
    return " · ".join(parts)


def gives(found: Any) -> str:
    """What a campaign or coupon takes off: 满 ¥300 减 ¥50; 9 折, at most ¥50."""
    facts = {
        "amount": _plain_money(found.amount_minor, found.currency),
        "least": _plain_money(found.least_minor, found.currency),
        "cap": _plain_money(found.cap_minor, found.currency),
        "percent": f"{Decimal(found.percent_thousandths) / 10:f}".rstrip("0").rstrip("."),
        "fold": f"{Decimal(1000 - found.percent_thousandths) / 100:f}".rstrip("0").rstrip("."),
    }
    if found.kind is CouponKind.AMOUNT:
        return _("%(amount)s off from %(least)s") % facts if found.least_minor else _("%(amount)s off") % facts
    if found.kind is CouponKind.PERCENT:
        # Chinese tells what is left of the price (9 折), English what goes (10% off).
        text = _("%(fold)s fold") % facts if formats.is_chinese(language_code()) else _("%(percent)s%% off") % facts
        return text + _(", at most %(cap)s") % facts if found.cap_minor else text
    if found.kind is CouponKind.GIFT:
        return _("A gift from %(least)s") % facts if found.least_minor else _("A gift")
    return _("Free shipping up to %(cap)s") % facts if found.cap_minor else _("Free shipping")


def tier_names(perks: Perks, *, language: str) -> Mapping[str, str]:
    """Names of tiers by code."""
    return {tier.code: name(tier, language=language) for tier in perks.ladder.tiers}
