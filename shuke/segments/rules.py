"""Stages and reasons in Python: the oracle of the SQL, and the sentences rendered at the edge."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

_TEXTS = frozenset({"zh", "en", "what_zh", "what_en", "needs", "reasons"})


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
    """Why a customer is in a segment, as a sentence; every number in it comes from `facts`."""
    shown = {key: _plain(value) for key, value in facts.items()}
    if facts.get("cycle_days") is not None:
        shown["two_cycles_days"] = _plain(2 * float(facts["cycle_days"]))
    return str(definition["reasons"][reason]["zh" if language.startswith("zh") else "en"]).format_map(shown)


def sql_settings(stages: Mapping[str, Any], *, segments: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The numbers of the definitions as SQL parameters: those of `win_back.yaml` carry `win_back_` in front."""
    own = {key: value for key, value in stages.items() if key != "stages"}
    named = {
        f"{segment}_{key}": value
        for segment, texts in segments.items()
        for key, value in texts.items()
        if key not in _TEXTS
    }
    return {**own, **named}


def _plain(value: Any) -> Any:
    return round(value) if isinstance(value, float) else value
