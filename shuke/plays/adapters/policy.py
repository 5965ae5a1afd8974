"""Reading policy and play files (PyYAML), with the line of whatever is wrong."""

import difflib
from collections.abc import Mapping
from dataclasses import fields
from datetime import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from shuke.kernel.errors import ShukeError
from shuke.plays.values import CHANNELS, BestTime, Clause, Offer, Play, Policy, Prior

DEFINITIONS = Path(__file__).parent.parent / "definitions"
_TEXTS = ("zh", "en")
# Bounds of numeric settings; a value outside is a typo, not a policy.
_BOUNDS: dict[str, tuple[float, float]] = {
    "minor_age": (14, 25),
    "offer_strength_max": (0, 0.9),
    "touches_per_7_days": (1, 14),
    "same_play_rest_days": (7, 365),
    "complaint_rest_days": (0, 365),
    "holdout_share": (0.01, 0.5),
    "measure_days": (7, 90),
    "useful_people": (1, 100_000),
    "tasks_per_associate_day": (1, 200),
    "task_days": (1, 7),
    "tasks_headquarters_day": (0, 1_000_000),
    "task_lives_days": (1, 90),
    "margin_share": (0.01, 0.99),
}
_REQUIRED_BY_LAW = frozenset({"refusal_closes", "personalisation_refusal_excludes"})
_SETTINGS = {field.name: field.type for field in fields(Policy) if field.name not in ("clauses", "clause_of")}


class BadPolicy(ShukeError):
    """The policy file cannot be used; the message names file, line and what is wrong."""


class BadPlay(ShukeError):
    """A play file cannot be used."""


def load_policy(path: Path) -> Policy:
    """Reads a policy file; one that a workspace lacks is the policy that ships with Shuke. Raises `BadPolicy`."""
    chosen = path if path.is_file() else DEFINITIONS / "policy.yaml"
    stat = chosen.stat()
    return _load_policy(chosen, stamp=(stat.st_mtime_ns, stat.st_size))


@lru_cache(maxsize=8)
def _load_policy(path: Path, *, stamp: tuple[int, int]) -> Policy:
    del stamp  # it only makes the cache notice an edit
    entries = _entries(path)
    settings: dict[str, Any] = {}
    clause_of: dict[str, str] = {}
    for number, clause in entries.items():
        for key, (value, line) in clause.items():
            if key in _TEXTS or key == "_line":
                continue
            settings[key] = _checked(key, value, where=f"{path.name} line {line}")
            if key in clause_of:
                raise BadPolicy(
                    f"{path.name} line {line}: '{key}' is already set in clause {clause_of[key]}.", hint="Keep one."
                )
            clause_of[key] = number
    missing = sorted(set(_SETTINGS) - set(settings))
    if missing:
        raise BadPolicy(
            f"{path.name} lacks '{missing[0]}'.", hint=f"Copy its clause from {DEFINITIONS / 'policy.yaml'}."
        )
    clauses = {number: _clause(number, clause, settings=settings) for number, clause in entries.items()}
    return Policy(**settings, clauses=clauses, clause_of=clause_of)


def _entries(path: Path) -> dict[str, dict[str, tuple[Any, int]]]:
    loader = yaml.SafeLoader(path.read_text("utf-8"))
    try:
        root = loader.get_single_node()
        top = {loader.construct_object(k): v for k, v in root.value} if isinstance(root, yaml.MappingNode) else {}
        clauses = top.get("clauses")
        if not isinstance(clauses, yaml.MappingNode):
            raise BadPolicy(f"{path.name} has no 'clauses:'.", hint="Start from the file that 'shuke init' wrote.")
        found: dict[str, dict[str, tuple[Any, int]]] = {}
        for key, node in clauses.value:
            number, line = str(loader.construct_object(key)), key.start_mark.line + 1
            if not isinstance(node, yaml.MappingNode):
                raise BadPolicy(
                    f"{path.name} line {line}: clause {number} has no content.", hint="Indent what belongs to it."
                )
            found[number] = {"_line": (None, line)} | {
                str(loader.construct_object(k)): (loader.construct_object(v, deep=True), k.start_mark.line + 1)
                for k, v in node.value
            }
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise BadPolicy(
            f"{path.name} line {line}: {error.problem}.", hint="Mend the indentation or quotes there."
        ) from error
    finally:
        loader.dispose()
    return found


def _clause(number: str, clause: Mapping[str, tuple[Any, int]], *, settings: Mapping[str, Any]) -> Clause:
    line = clause["_line"][1]
    shown = {key: _shown(key, value) for key, value in settings.items()}
    try:
        zh, en = (str(clause[language][0]).format_map(shown) for language in _TEXTS)
    except KeyError as error:
        raise BadPolicy(
            f"policy.yaml line {line}: clause {number} lacks or names {error}.",
            hint="Give 'zh' and 'en'; {name} must be a setting.",
        ) from error
    return Clause(number=number, zh=zh, en=en, line=line)


def _shown(key: str, value: Any) -> str:
    if isinstance(value, float) and key in _BOUNDS:
        return f"{value * 100:g}%"
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def _checked(key: str, value: Any, *, where: str) -> Any:
    if key not in _SETTINGS:
        near = difflib.get_close_matches(key, _SETTINGS, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else "Remove it, or see the policy that ships with Shuke."
        raise BadPolicy(f"{where}: nobody knows the setting '{key}'.", hint=hint)
    kind = _SETTINGS[key]
    if kind is bool:
        if not isinstance(value, bool):
            raise BadPolicy(f"{where}: '{key}' is true or false, not {value!r}.", hint="Write true or false.")
        if key in _REQUIRED_BY_LAW and not value:
            raise BadPolicy(
                f"{where}: '{key}' cannot be switched off.", hint="The law requires it (PIPL articles 15 and 24)."
            )
        return value
    if kind is time:
        return _time(value, where=f"{where}: '{key}'")
    if kind in (int, float):
        return _number(key, value, whole=kind is int, where=where)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadPolicy(f"{where}: '{key}' is a list in square brackets.", hint="For example [sms, email].")
    unknown = [item for item in value if key.startswith("channels_") and item not in CHANNELS]
    if unknown:
        near = difflib.get_close_matches(unknown[0], CHANNELS, n=1)
        raise BadPolicy(
            f"{where}: there is no channel '{unknown[0]}'.",
            hint=f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(CHANNELS)}.",
        )
    return tuple(value)


def _number(key: str, value: Any, *, whole: bool, where: str) -> float | int:
    low, high = _BOUNDS[key]
    right = isinstance(value, int) if whole else isinstance(value, int | float)
    if not right or isinstance(value, bool) or not low <= value <= high:
        kind = "a whole number" if whole else "a number"
        raise BadPolicy(f"{where}: '{key}' is {kind} from {low:g} to {high:g}, not {value!r}.", hint="Mend that line.")
    return int(value) if whole else float(value)


def _time(value: Any, *, where: str) -> time:
    try:
        return time.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadPolicy(f'{where} is a time such as "20:30", in quotes.', hint="Put quotes around it.") from error


@lru_cache(maxsize=32)
def load_play(path: Path) -> Play:
    """Reads one play file. Raises `BadPlay` where a key is missing or of the wrong kind."""
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
        window = raw["best_time"]
        return Play(
            code=path.stem,
            **{key: str(raw[key]) for key in ("zh", "en", "segment", "goal_zh", "goal_en", "owner")},
            priority=int(raw["priority"]),
            channels=tuple(raw["channels"]),
            scripts=raw["scripts"],
            offer=Offer(**{**raw["offer"], "strength_share": float(raw["offer"]["strength_share"])}),
            best_time=BestTime(
                weekdays=tuple(window["weekdays"]),
                from_time=time.fromisoformat(window["from"]),
                until_time=time.fromisoformat(window["until"]),
            ),
            prior=Prior(**raw["prior"]),
        )
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise BadPlay(
            f"{path.name} line {line}: {error.problem}.", hint="Mend the indentation or quotes there."
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise BadPlay(
            f"{path.name}: {error} is missing or wrong.", hint="Compare it with a play that ships with Shuke."
        ) from error


@lru_cache(maxsize=1)
def load_variables() -> Mapping[str, Mapping[str, str]]:
    """The variables of scripts by language, each with the words for people without a value."""
    variables: Mapping[str, Mapping[str, str]] = yaml.safe_load((DEFINITIONS / "variables.yaml").read_text("utf-8"))
    return variables
