"""The member's card in words a shopper reads."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from shuke.console.frame import formats, words
from shuke.console.loyalty import show_member, show_rules
from shuke.kernel.clock import today
from shuke.kernel.money import exponent
from shuke.loyalty.queries.accounts import LotView
from shuke.loyalty.queries.statement import Line
from shuke.loyalty.values.benefits import BenefitView
from shuke.loyalty.values.coupons import CouponView
from shuke.loyalty.values.ledger import Balance, Programme
from shuke.loyalty.values.tiers import TierProgress

_MOST_MINOR = 10**10


def card(
    *,
    progress: TierProgress,
    lots: Sequence[LotView],
    benefits: Sequence[BenefitView],
    coupons: Sequence[CouponView],
    lines: Sequence[Line],
    balance: Balance,
    programme: Programme,
    now: datetime,
    language: str,
) -> dict[str, Any]:
    """Everything that the card shows, without a number of an order or of the member in full."""
    near = today(programme.zone)
    ends = [lot for lot in lots if lot.free and lot.expires_at and lot.available_at <= now < lot.expires_at]
    first = min((lot.expires_at for lot in ends if lot.expires_at), default=None)
    soon = sum(lot.free for lot in ends if lot.expires_at == first)
    day = formats.day(show_member.last_day(first, zone=programme.zone) if first else None, language, near=near)
    told = [
        show_member.benefit(one, perks=programme.perks, booked=(), near=near, language=language) for one in benefits
    ]
    return {
        "next": _("%(points)s of them until %(day)s") % {"points": formats.count(soon), "day": day} if soon else "",
        "waits": _("%(points)s more become usable soon") % {"points": formats.count(balance.pending)}
        if balance.pending
        else "",
        "owed": _("%(points)s points are owed: the next purchase pays them first")
        % {"points": formats.count(balance.owed)}
        if balance.owed
        else "",
        "tier": show_member.tier(progress, perks=programme.perks, near=near, language=language),
        "benefits": [one for one in told if one["open"]],
        "locked": [one for one in told if not one["open"]],
        "coupons": [
            show_member.coupon(one, near=near, zone=programme.zone, language=language)
            for one in coupons
            if one.state == "issued"
        ],
        "lines": [_line(one) for one in lines],
        "rules": [one.answer for one in show_rules.rules(programme, language=language)[:3]],
    }


def _line(found: Line) -> dict[str, Any]:
    place = found.store or words.source_word(found.order_source)
    return {
        "at": found.at,
        "what": words.word(words.TXN_KINDS, found.kind),
        "place": place,
        "signed": show_member.signed(found.points),
        "tone": "better" if found.points > 0 else "worse",
    }


def minor(text: str, *, currency: str) -> int | None:
    """An amount as typed, in minor units; None for what is none."""
    plain = text.strip().lstrip("¥￥").replace(",", "").replace("，", "")
    try:
        amount = Decimal(plain).scaleb(exponent(currency))
    except (InvalidOperation, ValueError):
        return None
    if not amount.is_finite() or amount != amount.to_integral_value() or not 0 < amount < _MOST_MINOR:
        return None
    return int(amount)


def claim_words(result: str, *, points: int) -> dict[str, str]:
    """What became of a claim, and what to do next."""
    told = {
        "granted": (_("Done: %(points)s points are on your card"), ""),
        "not_claimable": (
            _("No order with this number and amount can be claimed"),
            _("Check both. Orders of a platform reach us a day later; one that has its points already counts once."),
        ),
        "too_many_tries": (_("Too many tries"), _("Try again tomorrow, or ask in the store with your receipt.")),
        "incomplete": (_("Something is missing"), _("The order number and the amount that you paid are needed.")),
    }
    title, hint = told.get(result, (_("This did not work"), _("Ask in the store with your receipt.")))
    return {"title": title % {"points": formats.count(points)}, "hint": hint}
