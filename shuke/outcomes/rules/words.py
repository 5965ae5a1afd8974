"""Sentences about a result: every number in them is computed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shuke.outcomes.values import Comparison, StillNeeded

_WEEK = 7
_YEAR_WEEKS = 52


@dataclass(frozen=True)
class Told:
    """What a sentence rests on: when the play ran, how long it was and will be watched, and what came of it."""

    week: date
    until: date
    watch_until: date
    compared: Comparison
    reached: int
    needed: StillNeeded
    expected_share: float
    currency_sign: str
    unit: int

    @property
    def days(self) -> int:
        """Days measured so far."""
        return (self.until - self.week).days


def sentence(told: Told, *, texts: Mapping[str, Any], short: str) -> str:
    """What happened and how sure it is, in the language `short` (`zh` or `en`)."""
    facts = _facts(told, texts=texts, short=short)
    found = told.compared
    if found.difference is None:
        lead = "no_treated" if not found.treated else "no_holdout"
        return _filled(texts["lead"][lead], facts=facts, short=short)
    parts = [texts["lead"]["both"], texts["verdict"][_judgement(told)]]
    if found.sales_each is not None and (found.sales_each.low > 0 or found.sales_each.high < 0):
        parts.append(texts["money"]["more" if found.sales_each.mid > 0 else "fewer"])
    return ("" if short == "zh" else " ").join(_filled(part, facts=facts, short=short) for part in parts)


def next_step(told: Told, *, texts: Mapping[str, Any], short: str) -> str:
    """What to do about it."""
    found, needed = told.compared, told.needed
    if found.difference is None:
        code = "no_treated" if not found.treated else "no_holdout"
    elif (judged := _judgement(told)) == "wait_or_people":
        code = "wait"
    elif judged == "people":
        code = "rounds" if _rounds(found, needed) <= _YEAR_WEEKS else "too_small"
    else:
        code = judged
    return _filled(texts["next"][code], facts=_facts(told, texts=texts, short=short), short=short)


def _judgement(told: Told) -> str:
    found, needed = told.compared, told.needed
    if found.verdict != "unclear":
        return found.verdict
    if needed.more_people is None:
        return "nobody"
    if needed.more_people == 0:
        return "enough"
    return "people" if needed.wait_weeks is None else "wait_or_people"


def _rounds(found: Comparison, needed: StillNeeded) -> int:
    return math.ceil((needed.more_people or 0) / max(1, found.treated + found.holdout))


def _facts(told: Told, *, texts: Mapping[str, Any], short: str) -> dict[str, str]:
    found, needed = told.compared, told.needed
    when = texts["when"]["last" if told.days <= _WEEK else "earlier"][short]
    facts = {
        "when": when.format(month=told.week.month, day=told.week.day, date=_day(told.week, short=short)),
        "treated": f"{found.treated:,}",
        "holdout": f"{found.holdout:,}",
        "reached": f"{told.reached:,}",
        "days": str(told.days),
        "until": _day(told.watch_until, short=short),
        "expected_in_100": _hundred(told.expected_share),
        "wait_weeks": str(needed.wait_weeks),
        "more_people": _people(needed.more_people or 0, short=short),
        "rounds": f"{_rounds(found, needed):,}",
    }
    difference, money = found.difference, found.sales_each
    if difference is not None:
        extra = sorted(abs(end) * found.treated for end in (difference.low, difference.high))
        facts |= {
            "treated_in_100": _hundred(found.treated_share or 0),
            "holdout_in_100": _hundred(found.holdout_share or 0),
            "difference_in_100": _hundred(abs(difference.mid)),
            "more_or_fewer": texts["more_or_fewer"]["more" if difference.mid >= 0 else "fewer"][short],
            "low_in_100": _hundred(difference.low),
            "high_in_100": _hundred(difference.high),
            "extra_low": f"{round(extra[0]):,}",
            "extra_high": f"{round(extra[1]):,}",
        }
    if money is not None:
        ends = sorted(abs(end) for end in (money.low, money.high))
        amounts = (abs(money.mid), *ends)
        written = [f"{told.currency_sign}{amount / told.unit:,.1f}" for amount in amounts]
        facts |= dict(zip(("sales", "sales_low", "sales_high"), written, strict=True))
    return facts


def _filled(text: Mapping[str, str], *, facts: Mapping[str, str], short: str) -> str:
    return text[short].format_map(facts)


def _hundred(share: float) -> str:
    """A share as people in a hundred with one decimal; -0.0 is 0.0."""
    return f"{round(share * 100, 1) + 0.0:.1f}"


def _people(people: int, *, short: str) -> str:
    """1,800; from ten thousand on 11 万 in Chinese."""
    if short == "zh" and people >= 10_000:
        return f"{people / 10_000:,.1f}".removesuffix(".0") + " 万"
    return f"{people:,} " if short == "zh" else f"{people:,}"


def _day(day: date, *, short: str) -> str:
    return f"{day.month} 月 {day.day} 日" if short == "zh" else f"{day.day} {day:%b}"
