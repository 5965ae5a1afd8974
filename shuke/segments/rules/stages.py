"""Stages and reasons in Python: the oracle of the SQL, and the sentences rendered at the edge."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from string import Formatter
from typing import Any

from shuke.segments.rules.words import money


def stage_of(
    purchases: Sequence[date], *, as_of: date, cycle_days: float, limits: Mapping[str, float]
) -> tuple[str, date | None]:
    """The lifecycle stage and the day since when, from sorted purchase days.

    `limits` holds `lapsing_cycles`, `lapsed_cycles` and `lapsing_days_min`. A prospect has no day (None).
    """
    if not purchases:
        return "prospect", None
    lapsing = max(int(limits["lapsing_days_min"]), math.ceil(limits["lapsing_cycles"] * cycle_days))
    lapsed = max(int(limits["lapsing_days_min"]) + 1, math.ceil(limits["lapsed_cycles"] * cycle_days))
    last, waited = purchases[-1], (as_of - purchases[-1]).days
    if waited > lapsed:
        return "lapsed", last + timedelta(days=lapsed + 1)
    if waited > lapsing:
        return "lapsing", last + timedelta(days=lapsing + 1)
    if len(purchases) == 1:
        return "new", last
    gaps = [(later, (later - earlier).days) for earlier, later in pairwise(purchases)]
    if gaps[-1][1] > lapsed:
        return "won_back", last
    return "active", max([purchases[1], *(day for day, gap in gaps if gap > lapsing)])


def reason_sentence(definition: Mapping[str, Any], *, reason: str, facts: Mapping[str, Any], language: str) -> str:
    """Why a customer is in a segment, as a sentence; every number in it comes from `facts`.

    Where the reason or a value is not known (an older row, a file changed since) it is what the segment means.
    """
    zh = language.startswith("zh")
    shown = {
        key: _shown(key, value=value, definition=definition, facts=facts, zh=zh)
        for key, value in facts.items()
        if value is not None
    }
    if facts.get("cycle_days") is not None:
        shown["two_cycles_days"] = _plain(2 * float(facts["cycle_days"]))
    texts = definition["reasons"].get(reason)
    try:
        return str(texts["zh" if zh else "en"]).format_map(shown)
    except (KeyError, TypeError):
        return str(definition["what_zh" if zh else "what_en"])


def reason_fields(definition: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields that a segment's sentences name, each once, in their order."""
    named = [
        name
        for texts in definition["reasons"].values()
        for language in ("zh", "en")
        for _, name, _, _ in Formatter().parse(texts[language])
        if name
    ]
    return tuple(dict.fromkeys("cycle_days" if name == "two_cycles_days" else name for name in named))


def _shown(key: str, *, value: Any, definition: Mapping[str, Any], facts: Mapping[str, Any], zh: bool) -> Any:
    if key.endswith("_minor") and isinstance(value, int):
        return money(value, currency=str(facts.get("currency") or "CNY"))
    if key.endswith("_share") and isinstance(value, float):
        return f"{value * 100:.3g}%"
    if key.endswith("_on") and isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, date):
        return f"{value.month}月{value.day}日" if zh else f"{value.day} {value:%b}"
    chosen = definition.get("choices", {}).get(key, {}).get(value) if isinstance(value, str) else None
    return chosen["zh" if zh else "en"] if chosen else _plain(value)


def _plain(value: Any) -> Any:
    return round(value) if isinstance(value, float) else value
