"""Reasons in words, at the edge: `definitions/reasons.yaml` filled with a customer's own figure."""

from shuke.kernel.money import exponent, symbol
from shuke.predictions.adapters.definitions import definition
from shuke.predictions.rules.reasons import sentence
from shuke.predictions.values import Reason

_MONEY = ("net_365", "purchase")


def say_reason(reason: Reason, *, language: str, currency: str) -> str:
    """The sentence of a reason in the reader's language; empty for a code that no text knows."""
    fact = reason.fact
    if fact is None:
        told = "–"
    elif reason.code.startswith(_MONEY):
        told = f"{symbol(currency)}{fact / 10 ** exponent(currency):,.0f}"
    else:
        told = f"{fact:,.0f}"
    return sentence(reason.code, fact=told, texts=definition("reasons"), language=language)
