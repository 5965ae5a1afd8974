"""Sentences about findings. Every number in them is a computed value."""

from collections.abc import Mapping, Sequence
from datetime import date

from shuke.checkup.rules.figures import say_count, say_day, say_money, say_share
from shuke.checkup.rules.words import source_name, text, tongue
from shuke.checkup.values import Parameter

_STORES_NAMED = 2


class _Known(dict[str, str]):
    """Leaves a dash where a value could not be computed, so that a sentence is never lost."""

    def __missing__(self, key: str) -> str:
        return "—"


def said(name: str, value: Parameter, *, currency: str, language: str) -> str:
    """A computed value in words: the ending of its name tells its kind (_share, _minor, _on, _source)."""
    if name.endswith("_share") or name == "share":
        return say_share(float(value))
    if name.endswith("_minor"):
        return say_money(int(value), currency=currency, language=language)
    if name.endswith("_on"):
        return say_day(date.fromisoformat(str(value)), language=language)
    if name.endswith("_source"):
        return source_name(str(value), language=language)
    if name.endswith("_hours"):
        return str(abs(int(float(value))))
    return say_count(value) if isinstance(value, int) else str(value)


def tell(
    template: str, *, parameters: Mapping[str, Parameter], stores: Sequence[str], currency: str, language: str
) -> str:
    """A sentence with its places filled; `{money}` and `{top_money}` take the parameters ending in _minor."""
    values = _Known()
    for name, value in parameters.items():
        words = said(name, value, currency=currency, language=language)
        values[name] = words
        if name.endswith("_minor"):
            values[f"{name.removesuffix('_minor')}_money" if name != "money_minor" else "money"] = words
    values["first"] = values["first_on"]
    values["last"] = values["last_on"]
    values["stores"] = _stores(stores, language=language)
    return template.format_map(values)


def _stores(stores: Sequence[str], *, language: str) -> str:
    if not stores:
        return text("all_stores", language=language)
    joint = "、" if tongue(language) == "zh" else ", "
    named = joint.join(stores[:_STORES_NAMED])
    if len(stores) <= _STORES_NAMED:
        return named
    return text("more_stores", language=language, stores=named, count=len(stores))


def headline(share: float | None, *, language: str) -> str:
    """The one sentence on top: of every 100 in sales so many have a person behind them."""
    if share is None:
        return text("headline_empty", language=language)
    return text("headline", language=language, hundred=round(share * 100))


def sentence(
    *, sales_minor: int, attached_minor: int, first_on: date | None, last_on: date | None, currency: str, language: str
) -> str:
    """The sentence under the headline, with the money."""

    def money(minor: int) -> str:
        return say_money(minor, currency=currency, language=language)

    return text(
        "sentence",
        language=language,
        first=say_day(first_on, language=language),
        last=say_day(last_on, language=language),
        sales=money(sales_minor),
        attached=money(attached_minor),
        missing=money(sales_minor - attached_minor),
    )
