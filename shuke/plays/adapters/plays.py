"""Reading play files (PyYAML), with the line of whatever is wrong."""

import difflib
import math
import re
from collections.abc import Collection, Mapping
from datetime import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from shuke.kernel.errors import ShukeError
from shuke.plays.adapters.lines import Trouble, clock_time, read_lined
from shuke.plays.adapters.policy import DEFINITIONS
from shuke.plays.values import OFFER_KINDS, OWNERS, TONES, BestTime, Offer, Play, Prior

_TEXT = ("zh", "en", "segment", "goal_zh", "goal_en", "owner")
_KEYS = frozenset({*_TEXT, "priority", "channels", "scripts", "title", "why", "offer", "best_time", "prior", "paused"})
_INNER: Mapping[str, frozenset[str]] = {
    "best_time": frozenset({"weekdays", "from", "until"}),
    "prior": frozenset({"low", "mid", "high", "source_zh", "source_en"}),
    "title": frozenset({"zh", "en"}),
    "why": frozenset({"zh", "en"}),
    "scripts": frozenset(TONES),
    "offer": frozenset({"kind", "zh", "en", "strength_share", "cost_each", "parts"}),
}
_NOT_PLAYS = frozenset({"policy", "variables"})


class BadPlay(ShukeError):
    """A play file cannot be used; the message names file, line and what is wrong."""


def shipped_plays() -> tuple[Play, ...]:
    """The plays that come with Shuke, by code."""
    paths = sorted(path for path in DEFINITIONS.glob("*.yaml") if path.stem not in _NOT_PLAYS)
    return tuple(load_play(path) for path in paths)


def own_plays(folder: Path) -> tuple[Play, ...]:
    """The plays in a shop's own folder, by code."""
    paths = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    return tuple(_own_play(path) for path in paths)


def _own_play(path: Path) -> Play:
    """One of the shop's own files; one named as a shipped play needs to say only what differs."""
    shipped = DEFINITIONS / path.name
    under = shipped.read_text("utf-8") if is_code(path.stem) and shipped.is_file() else ""
    return parse_play(path.read_text("utf-8"), code=path.stem, is_own=True, under=under)


def is_code(text: str) -> bool:
    """Whether a text can be the code of a play: small letters, digits and underscores, at most 60."""
    return bool(re.fullmatch(r"[a-z][a-z0-9_]{0,59}", text)) and text not in _NOT_PLAYS


def load_play(path: Path, *, is_own: bool = False) -> Play:
    """Reads one play file. Raises `BadPlay` with the line of a key that is missing, unknown or of the wrong kind."""
    return parse_play(path.read_text("utf-8"), code=path.stem, is_own=is_own)


@lru_cache(maxsize=128)
def parse_play(text: str, *, code: str, is_own: bool = False, under: str = "") -> Play:
    """The play that a text says; what it does not say comes from `under`. Raises `BadPlay`."""
    name = f"{code}.yaml"
    if not is_code(code):
        raise BadPlay(f"{name}: '{code}' cannot be a play's code.", hint="Use small letters, digits and underscores.")
    try:
        raw, lines = read_lined(text)
    except Trouble as error:
        raise BadPlay(f"{name} line {error.line}: {error}.", hint="Mend the indentation or quotes there.") from error
    if under:
        raw = _over(read_lined(under)[0], raw)
    _check_keys(raw, lines=lines, name=name)
    try:
        return _play(raw, code=code, name=name, is_own=is_own, lines=lines)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadPlay(
            f"{name}: {error} is missing or wrong.", hint="Compare it with a play that ships with Shuke."
        ) from error


def _over(under: Mapping[str, Any], raw: Mapping[str, Any], *, whole: Collection[str] = ("offer",)) -> dict[str, Any]:
    """Key by key what the upper text says, else the lower one; an offer is replaced as a whole."""
    merged = dict(under)
    for key, value in raw.items():
        both = isinstance(value, Mapping) and isinstance(under.get(key), Mapping) and key not in whole
        merged[key] = _over(under[key], value) if both else value
    return merged


def _play(raw: Mapping[str, Any], *, code: str, name: str, is_own: bool, lines: Mapping[str, int]) -> Play:
    window, prior = raw["best_time"], raw["prior"]
    if raw["owner"] not in OWNERS:
        raise _wrong(
            name, lines, path="owner", what=f"there is no owner '{raw['owner']}'", hint=f"Known: {', '.join(OWNERS)}."
        )
    low, mid, high = (_number(prior, key, name=name, lines=lines, path="prior") for key in ("low", "mid", "high"))
    if not -1 <= low <= mid <= high <= 5:
        raise _wrong(
            name,
            lines,
            path="prior",
            what="the prior's low, mid and high are out of order",
            hint="Write -1 <= low <= mid.",
        )
    weekdays = tuple(int(day) for day in window["weekdays"])
    if not weekdays or not set(weekdays) <= set(range(1, 8)):
        raise _wrong(
            name, lines, path="best_time.weekdays", what="weekdays are 1 (Monday) to 7", hint="For example [4, 5, 6]."
        )
    return Play(
        code=code,
        **{key: str(raw[key]) for key in _TEXT},
        priority=int(raw["priority"]),
        channels=tuple(str(channel) for channel in raw["channels"]),
        scripts={tone: {language: str(said) for language, said in raw["scripts"][tone].items()} for tone in TONES},
        offer=_offer(raw["offer"], name=name, lines=lines),
        best_time=BestTime(
            weekdays=weekdays,
            from_time=_time(window["from"], name=name, lines=lines, path="best_time.from"),
            until_time=_time(window["until"], name=name, lines=lines, path="best_time.until"),
        ),
        prior=Prior(low, mid, high, str(prior["source_zh"]), str(prior["source_en"])),
        title={language: str(raw["title"][language]) for language in ("zh", "en")},
        why={language: str(raw["why"][language]) for language in ("zh", "en")},
        paused=bool(raw.get("paused", False)),
        file=f"plays/{name}" if is_own else f"shuke/plays/definitions/{name}",
        is_own=is_own,
        lines=lines,
    )


def _offer(raw: Mapping[str, Any], *, name: str, lines: Mapping[str, int]) -> Offer:
    kind = str(raw["kind"])
    if kind not in OFFER_KINDS:
        near = difflib.get_close_matches(kind, OFFER_KINDS, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(OFFER_KINDS)}."
        raise _wrong(name, lines, path="offer.kind", what=f"there is no offer '{kind}'", hint=hint)
    if kind == "bundle":
        parts = tuple(_offer(part, name=name, lines=lines) for part in raw.get("parts") or ())
        if len(parts) < 2 or any(part.kind in ("none", "bundle") for part in parts):
            raise _wrong(
                name,
                lines,
                path="offer",
                what="a bundle has at least two parts, none of them a bundle",
                hint="List 'parts'.",
            )
        strength = round(sum(part.strength_share for part in parts), 6)
        cost = round(sum(part.cost_each for part in parts), 6)
        return Offer(kind, str(raw.get("zh", "")), str(raw.get("en", "")), strength, cost, parts)
    strength = _number(raw, "strength_share", name=name, lines=lines, path="offer", absent=0.0)
    cost = _number(raw, "cost_each", name=name, lines=lines, path="offer", absent=0.0)
    if not 0 <= strength < 1 or cost < 0:
        raise _wrong(
            name,
            lines,
            path="offer",
            what="strength is a share from 0 to 1 and a cost is not negative",
            hint="Mend them.",
        )
    return Offer(kind, str(raw["zh"]), str(raw["en"]), strength, cost)


def _number(
    raw: Mapping[str, Any], key: str, *, name: str, lines: Mapping[str, int], path: str, absent: float | None = None
) -> float:
    value = raw[key] if absent is None else raw.get(key, absent)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(
            name, lines, path=f"{path}.{key}", what=f"'{key}' is a number, not {value!r}", hint="Mend that line."
        )
    return float(value)


def _time(value: Any, *, name: str, lines: Mapping[str, int], path: str) -> time:
    try:
        return clock_time(value)
    except (TypeError, ValueError) as error:
        raise _wrong(
            name, lines, path=path, what='a time is written as "18:00", in quotes', hint="Put quotes around it."
        ) from error


def _check_keys(raw: Mapping[str, Any], *, lines: Mapping[str, int], name: str) -> None:
    for path in lines:
        parts = path.split(".")
        known = _KEYS if len(parts) == 1 else _INNER.get(parts[0]) if len(parts) == 2 else None
        if known is not None and parts[-1] not in known:
            near = difflib.get_close_matches(parts[-1], known, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"Known here: {', '.join(sorted(known))}."
            raise _wrong(name, lines, path=path, what=f"nobody knows the key '{parts[-1]}'", hint=hint)
    missing = sorted(_KEYS - {"paused"} - set(raw))
    if missing:
        raise BadPlay(f"{name} lacks '{missing[0]}'.", hint="Compare it with a play that ships with Shuke.")
    for key, inner in _INNER.items():
        if not isinstance(raw[key], Mapping):
            raise _wrong(
                name,
                lines,
                path=key,
                what=f"'{key}' has nothing below it",
                hint=f"It holds: {', '.join(sorted(inner))}.",
            )


def _wrong(name: str, lines: Mapping[str, int], *, path: str, what: str, hint: str) -> BadPlay:
    line = lines.get(path) or lines.get(path.rsplit(".", 1)[0]) or lines.get(path.split(".")[0], 0)
    return BadPlay(f"{name} line {line}: {what}.", hint=hint)


@lru_cache(maxsize=1)
def load_variables() -> Mapping[str, Mapping[str, str]]:
    """The variables of scripts by language, each with the words for people without a value."""
    variables: Mapping[str, Mapping[str, str]] = yaml.safe_load((DEFINITIONS / "variables.yaml").read_text("utf-8"))
    return variables
