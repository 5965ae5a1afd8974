"""Values, changes and members in words of one language."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shuke.checkup.rules import say_count, say_money, source_name, tongue
from shuke.metrics.rules.tallies import is_band
from shuke.metrics.values import Point, Split

Words = Mapping[str, Any]
# Two values that look alike once rounded are the same.
_ROUND = {"share": 0.0005, "money": 0.5, "ratio": 0.005, "days": 0.5, "count": 0.5}


def say_value(value: float | None, *, unit: str, currency: str, language: str) -> str:
    """43.7%, ¥172.00, 1,234, 3.59; a dash where there is no value."""
    if value is None:
        return "—"
    if unit == "share":
        return f"{value * 100:.1f}%"
    if unit == "money":
        return say_money(_whole(value), currency=currency, language=language)
    if unit == "ratio":
        return f"{value:,.2f}"
    return say_count(_whole(value))


def _whole(value: float) -> int:
    return int(Decimal(repr(value)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def change(now: float | None, then: float | None, *, unit: str, currency: str, language: str, words: Words) -> str:
    """What became of a value: 高 2.1 个百分点, 少 ¥320, 持平."""
    here = tongue(language)
    if now is None or then is None:
        return str(words["change"]["none"][here])
    by = now - then
    if abs(by) < _ROUND[unit]:
        return str(words["change"]["same"][here])
    way = "up" if by > 0 else "down"
    if unit == "share":
        return str(words["change"][f"share_{way}"][here]).format(by=f"{abs(by) * 100:.1f}")
    said = say_value(abs(by), unit=unit, currency=currency, language=language)
    return str(words["change"][way][here]).format(by=said)


def member_name(member: str, *, dimension: str, split: Split | None, currency: str, language: str, words: Words) -> str:
    """A member of a dimension as people call it."""
    here = tongue(language)
    named = words["members"]
    store, _, rest = member.partition("/")
    store_name = store or str(named["no_store"][here])
    if dimension == "all":
        return str(named["all"][here])
    if dimension in ("channel", "source"):
        return source_name(member, language=language)
    if dimension == "associate":
        return f"{rest or named['no_associate'][here]} · {store_name}"
    if dimension == "store":
        return store_name
    if not is_band(member):
        return member
    band = _band(int(rest or member), split=split, currency=currency, language=language, words=words)
    return f"{store_name} · {band}" if dimension == "store_band" else band


def _band(number: int, *, split: Split | None, currency: str, language: str, words: Words) -> str:
    edges = split.edges if split else ()
    low, high = (
        say_money(edges[place], currency=currency, language=language) if 0 <= place < len(edges) else ""
        for place in (number - 2, number - 1)
    )
    shape = "band_first" if not low else "band_last" if not high else "band"
    return str(words["members"][shape][tongue(language)]).format(
        low=low.removesuffix(".00"), high=high.removesuffix(".00")
    )


def card_sentence(
    name: str,
    *,
    points: tuple[Point | None, Point | None, Point | None],
    unit: str,
    grain: str,
    currency: str,
    language: str,
    words: Words,
) -> str:
    """One sentence on a metric: its value, against the period before, against the same lunar week last year."""
    here = tongue(language)
    now, before, lunar = points
    texts = words["card"]
    if now is None or now.value is None:
        return str(texts["none"][here]).format(name=name) + str(texts["end"][here])
    value = say_value(now.value, unit=unit, currency=currency, language=language)
    parts = [str(texts["now"][here]).format(name=name, value=value)]
    for other, key in ((before, "before"), (lunar, "lunar")):
        if other is not None and other.value is not None:
            told = change(now.value, other.value, unit=unit, currency=currency, language=language, words=words)
            said = str(texts[key][here]).format(grain=words["grains"][grain][here], change=told)
            if told == words["change"]["same"]["en"]:
                said = said.replace(f"{told} than", "no different from")
            parts.append(said)
    if now.note == "small":
        parts.append(str(texts["small"][here]))
    return "".join(parts) + str(texts["end"][here])
