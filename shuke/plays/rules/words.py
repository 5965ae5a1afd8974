"""What scripts may say, and the exact words for one person."""

import re
import string
from collections.abc import Mapping
from datetime import date
from typing import Any

from shuke.plays.values import MASS_CHANNELS

# Which fact of a person stands behind each variable; the first one is the person's name, put in only when words are
# shown or written. `offer` is the play's own.
_FACTS = (
    "title", "associate", "store", "last_product", "favourite_category", "cycle_days", "days_since", "offer",
    "coupon_expires_on", "replenish_product", "returned_product", "newest_product",
)  # fmt: skip
# How a script calls them in each language.
VARIABLES = {
    "zh": (
        "称呼", "导购", "门店", "上次商品", "常买品类", "周期", "天数", "优惠", "到期日", "补货商品", "退货商品",
        "新品",
    ),
    "en": (
        "title", "associate", "store", "last_product", "favourite_category", "cycle_days", "days_since", "offer",
        "expires_on", "replenish_product", "returned_product", "newest_product",
    ),
}  # fmt: skip
# The facts of one person that words may rest on and that are kept with a proposal: no name, no phone.
PERSON_FACTS = _FACTS[3:7] + _FACTS[8:]
# What the title and the reason of a play may name: values computed for the whole proposal.
SENTENCE_FACTS = frozenset(
    {
        "people", "play_name", "channels", "offer", "best_time", "order", "base", "later", "if_waiting", "cycle_days",
        "days_since", "two_gaps_days", "measure_days", "second_from_days", "second_until_days",
    }
)  # fmt: skip
_REACHING = re.compile(r"[.\[\]!:]")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def names_in(text: str) -> frozenset[str]:
    """The variables that a text says, plain names only: `{x!r}`, `{x:>9}`, `{x.y}` and `{x[0]}` could ask for anything.

    Raises `ValueError` for them and for a brace without its partner.
    """
    found = [part for part in string.Formatter().parse(text) if part[1] is not None]
    if any(spec or conversion or _REACHING.search(str(name)) for _, name, spec, conversion in found):
        raise ValueError("only a name stands between braces")
    return frozenset(str(name) for _, name, _, _ in found)


def fact_of(variable: str, *, language: str) -> str:
    """The fact behind a variable of a language."""
    return _FACTS[VARIABLES[short_of(language)].index(variable)]


def with_offer(text: str, *, offer: str, language: str) -> str:
    """A script with the play's offer put in; all other variables stay."""
    return text.replace("{优惠}" if short_of(language) == "zh" else "{offer}", offer)


def render(text: str, *, values: Mapping[str, Any], fallbacks: Mapping[str, str]) -> str:
    """The exact words: each variable is the person's value, or the fallback words where there is none."""
    shown = {name: _words(values.get(name)) or fallbacks[name] for name in names_in(text)}
    return text.format_map(shown)


def script_values(facts: Mapping[str, Any], *, title: str, language: str) -> dict[str, Any]:
    """Puts a row of facts under the names that scripts of the language use; `title` is how the person is addressed."""
    known = {**facts, "title": title, "coupon_expires_on": _day(facts.get("coupon_expires_on"), language=language)}
    for name in ("last_product", "replenish_product", "returned_product", "newest_product"):
        known[name] = first_product(facts.get(name))
    return dict(zip(VARIABLES[short_of(language)], (known.get(fact) for fact in _FACTS), strict=True))


def tone_for(channel: str, *, tone: str) -> str:
    """Which words a channel takes: `brief` where headquarters sends to many at once, else the tone of the proposal."""
    return "brief" if channel in MASS_CHANNELS else tone


def first_product(name: str | None) -> str | None:
    """One product of a cell that lists several, without its count: 红豆餐包 6只(2件);毛巾(1件) -> 红豆餐包 6只."""
    if name is None:
        return None
    first = re.split("[;；]", name, maxsplit=1)[0]
    return re.sub(r"[(（]\d+\s*件[)）]$", "", first.strip()) or None


def short_of(language: str) -> str:
    """The half of a definition that a language reads: zh or en."""
    return "zh" if language.startswith("zh") else "en"


def _words(value: Any) -> str:
    if value is None:
        return ""
    return str(round(value)) if isinstance(value, float) else str(value).strip()


def _day(value: Any, *, language: str) -> str | None:
    """11月30日 or 30 Nov; a stored day may be a text."""
    if value is None or value == "":
        return None
    day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return f"{day.month}月{day.day}日" if short_of(language) == "zh" else f"{day.day} {_MONTHS[day.month - 1]}"
