"""Sentences that count: value in, words out. `texts` are those of definitions/sentences.yaml."""

from collections.abc import Mapping
from typing import Any


def short_of(language: str) -> str:
    """The half of a definition that a language reads: zh or en."""
    return "zh" if language.startswith("zh") else "en"


def reasons_in_words(reasons: Mapping[str, int], *, texts: Mapping[str, Any], language: str, most: int = 3) -> str:
    """The commonest reasons with their people, in words."""
    short = short_of(language)
    listed = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))[:most]
    told = (
        texts["thin"]["reason"][short].format(people=f"{people:,}", words=texts["reasons"][reason][short])
        for reason, people in listed
    )
    return ("，" if short == "zh" else "; ").join(told)


def power_words(evidence: Mapping[str, Any], *, texts: Mapping[str, Any], language: str) -> str:
    """What the draw can show, as a sentence; every number is computed."""
    short = short_of(language)
    proof = evidence.get("proof")
    said = texts["power"]
    if not proof or not proof["holdout"]:
        return str(said["none"][short])
    shown = {
        "people": f"{proof['people']:,}",
        "holdout": f"{proof['holdout']:,}",
        "days": evidence["measure_days"],
        "smallest": f"{(proof['detectable_share'] or 0) * 100:.1f}",
        "expected": f"{proof['expected_share'] * 100:.1f}",
        "weeks": proof["weeks"] or 0,
    }
    if evidence.get("too_few"):
        code = "too_few"
    elif not proof["detectable_share"] or proof["weeks"] is None:
        code = "no_effect"
    else:
        code = "this_week" if proof["weeks"] <= 1 else "weeks"
    return str(said[code][short]).format_map(shown)
