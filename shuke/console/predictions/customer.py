"""What a customer's page tells of predictions: worth, chances with their reasons, what to name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuke.console.frame import formats
from shuke.console.frame.measures import value_text
from shuke.console.frame.page import PageRequest
from shuke.predictions import queries
from shuke.predictions.adapters import say_reason
from shuke.predictions.values import CustomerValue, Recommendation, Score

_SHOWN_DAYS = 90
_NAMED = 3


@dataclass(frozen=True)
class Told:
    """One score: its sentence, its range, why; `rank` of 100 customers."""

    sentence: str
    span: str
    reasons: tuple[str, ...]


def predicted(request: PageRequest, customer_id: int) -> dict[str, Any]:
    """`worth`, `chances` and `named` for the page; who asked for no personalisation has best sellers only."""
    actor, lake, language = request.actor, request.lake, get_language() or "zh-hans"
    currency = request.workspace.currency
    value = queries.value(actor, lake=lake, customer_id=customer_id)
    scores = queries.scores(actor, lake=lake, customer_id=customer_id)
    return {
        "worth": _worth(value, currency=currency, language=language) if value else None,
        "chances": [
            _told(one, currency=currency, language=language) for one in scores if one.horizon_days == _SHOWN_DAYS
        ],
        "named": _named(queries.recommendations(actor, lake=lake, customer_id=customer_id), language=language),
    }


def _named(found: Sequence[Recommendation], *, language: str) -> list[tuple[str, list[tuple[Recommendation, str]]]]:
    """The first products of each list, with what an associate can say."""
    names = {
        "repeat": _("Due again"),
        "cross_sell": _("Goes with what they have"),
        "new": _("New for them"),
        "popular": _("Best sellers"),
    }
    lists = {code: [one for one in found if one.list == code][:_NAMED] for code in names}
    return [
        (names[code], [(one, queries.say_recommendation(one, language=language)) for one in held])
        for code, held in lists.items()
        if held
    ]


def _worth(value: CustomerValue, *, currency: str, language: str) -> tuple[tuple[str, str], ...]:
    def money(minor: int) -> str:
        return value_text(float(minor), unit="money", currency=currency, language=language)

    return (
        (_("Still a customer"), formats.share(value.alive_share, places=0)),
        (
            _("Purchases in 12 months"),
            _("%(value)s (%(low)s to %(high)s)")
            % {
                "value": formats.decimal(value.orders_365, places=1),
                "low": formats.count(value.orders_365_low),
                "high": formats.count(value.orders_365_high),
            },
        ),
        (
            _("Margin in 12 months"),
            _("%(value)s (%(low)s to %(high)s)")
            % {
                "value": money(value.margin_365_minor),
                "low": money(value.margin_365_low_minor),
                "high": money(value.margin_365_high_minor),
            },
        ),
    )


def _told(score: Score, *, currency: str, language: str) -> Told:
    unit = "money" if score.model == "spend" else "share"

    def say(value: float) -> str:
        if unit == "share":
            return formats.share(value, places=0)
        return value_text(value, unit=unit, currency=currency, language=language)

    if score.model == "return":
        sentence = _("%(value)s likely to buy within %(days)s days") % {
            "value": say(score.value),
            "days": score.horizon_days,
        }
    else:
        sentence = _("About %(value)s within %(days)s days") % {"value": say(score.value), "days": score.horizon_days}
    return Told(
        sentence=sentence,
        span=_("nine of ten: %(low)s to %(high)s") % {"low": say(score.low), "high": say(score.high)}
        if score.model == "spend"
        else _("between %(low)s and %(high)s") % {"low": say(score.low), "high": say(score.high)},
        reasons=tuple(say_reason(reason, language=language, currency=currency) for reason in score.reasons),
    )
