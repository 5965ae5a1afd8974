"""Reading the brand policy (PyYAML), with the line of whatever is wrong."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from shuke.kernel.errors import ShukeError
from shuke.plays.adapters.lines import Trouble, clock_time, plain_loader
from shuke.plays.rules.words import names_in
from shuke.plays.values import CHANNELS, OFFER_KINDS, OFFER_WORDS, Clause, Policy

DEFINITIONS = Path(__file__).parent.parent / "definitions"
_TEXTS = ("zh", "en")
Entries = dict[str, dict[str, tuple[Any, int]]]
# Bounds of numeric settings; a value outside is a typo, not a policy.
_BOUNDS: dict[str, tuple[float, float]] = {
    "minor_age": (14, 25),
    "offer_strength_max": (0, 0.9),
    "offer_cost_max": (0, 100_000),
    "touches_per_7_days": (1, 14),
    "same_play_rest_days": (7, 365),
    "complaint_rest_days": (0, 365),
    "holdout_share": (0.01, 0.5),
    "holdout_share_max": (0.01, 0.5),
    "proposals_min": (0, 20),
    "proposals_max": (1, 50),
    "measure_days": (7, 90),
    "useful_people": (1, 100_000),
    "tasks_per_associate_day": (1, 200),
    "task_days": (1, 7),
    "tasks_headquarters_day": (0, 1_000_000),
    "task_lives_days": (1, 90),
    "margin_share": (0.01, 0.99),
}
_REQUIRED_BY_LAW = frozenset({"refusal_closes", "personalisation_refusal_excludes"})
# Settings that came after the first release: a shop's older file may lack them, then the clause that ships holds.
_LATER = frozenset(
    {"holdout_share_max", "proposals_min", "proposals_max", "offer_cost_max", "offers_stack", "refusal_words"}
)
_SHIPPED = DEFINITIONS / "policy.yaml"
_SETTINGS = {field.name: field.type for field in fields(Policy) if field.name not in ("clauses", "clause_of")}


class BadPolicy(ShukeError):
    """The policy file cannot be used; the message names file, line and what is wrong."""


def load_policy(path: Path) -> Policy:
    """Reads a policy file; one that a workspace lacks is the policy that ships with Shuke. Raises `BadPolicy`."""
    return parse_policy(policy_text(path), name=path.name)


def policy_text(path: Path) -> str:
    """The text of a policy file, or of the one that ships with Shuke."""
    return (path if path.is_file() else _SHIPPED).read_text("utf-8")


@lru_cache(maxsize=8)
def parse_policy(text: str, *, name: str = "policy.yaml") -> Policy:
    """The policy that a text says. Raises `BadPolicy` with the line."""
    entries = _with_later(_entries(text, name=name))
    settings: dict[str, Any] = {}
    clause_of: dict[str, str] = {}
    for number, clause in entries.items():
        for key, (value, line) in clause.items():
            if key in _TEXTS or key == "_line":
                continue
            settings[key] = _checked(key, value, where=f"{name} line {line}")
            if key in clause_of:
                raise BadPolicy(
                    f"{name} line {line}: '{key}' is already set in clause {clause_of[key]}.", hint="Keep one."
                )
            clause_of[key] = number
    missing = sorted(set(_SETTINGS) - set(settings))
    if missing:
        raise BadPolicy(f"{name} lacks '{missing[0]}'.", hint=f"Copy its clause from {_SHIPPED}.")
    _check_together(settings, entries=entries, clause_of=clause_of, name=name)
    clauses = {number: _clause(number, clause, settings=settings, name=name) for number, clause in entries.items()}
    return Policy(**settings, clauses=clauses, clause_of=clause_of)


def _with_later(entries: Entries) -> Entries:
    """The clauses of a file that may be older than some: each later setting it lacks comes with its shipped clause."""
    given = {key for clause in entries.values() for key in clause}
    wanted = _LATER - given
    if not wanted:
        return entries
    shipped = _entries(_SHIPPED.read_text("utf-8"), name=_SHIPPED.name)
    added = dict(entries)
    for number, clause in shipped.items():
        if wanted & set(clause):
            added[number if number not in added else f"{number}*"] = {**clause, "_line": (None, 0)}
    return added


def _check_together(settings: dict[str, Any], *, entries: Entries, clause_of: Mapping[str, str], name: str) -> None:
    """Settings that must fit each other."""
    for least, most in (("holdout_share", "holdout_share_max"), ("proposals_min", "proposals_max")):
        if settings[least] > settings[most]:
            line = entries[clause_of[most]]["_line"][1]
            if not line:  # the bound came with Shuke, the shop's own number is older
                settings[most] = settings[least]
                continue
            raise BadPolicy(
                f"{name} line {line}: '{most}' ({settings[most]:g}) is below '{least}' ({settings[least]:g}).",
                hint="Raise the one or lower the other.",
            )


def _entries(text: str, *, name: str) -> Entries:
    try:
        with plain_loader(text) as loader:
            return _clauses(loader, name=name)
    except Trouble as error:
        raise BadPolicy(f"{name} line {error.line}: {error}.", hint="Mend the indentation or quotes there.") from error


def _clauses(loader: yaml.SafeLoader, *, name: str) -> Entries:
    root = loader.get_single_node()
    top = {str(k.value): v for k, v in root.value} if isinstance(root, yaml.MappingNode) else {}
    clauses = top.get("clauses")
    if not isinstance(clauses, yaml.MappingNode):
        raise BadPolicy(f"{name} has no 'clauses:'.", hint="Start from the file that 'shuke init' wrote.")
    found: Entries = {}
    for key, node in clauses.value:
        number, line = str(loader.construct_object(key)), key.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            raise BadPolicy(f"{name} line {line}: clause {number} has no content.", hint="Indent what belongs to it.")
        if number in found:
            raise BadPolicy(f"{name} line {line}: there is a clause {number} already.", hint="Give it another number.")
        found[number] = {"_line": (None, line)} | {
            str(loader.construct_object(k)): (loader.construct_object(v, deep=True), k.start_mark.line + 1)
            for k, v in node.value
        }
    return found


def _clause(number: str, clause: Mapping[str, tuple[Any, int]], *, settings: Mapping[str, Any], name: str) -> Clause:
    line = clause["_line"][1]
    try:
        for language in _TEXTS:
            names_in(str(clause[language][0]))
        zh, en = (
            str(clause[language][0]).format_map(
                {key: _shown(key, value, language=language) for key, value in settings.items()}
            )
            for language in _TEXTS
        )
    except KeyError as error:
        raise BadPolicy(
            f"{name} line {line}: clause {number} lacks or names {error}.",
            hint="Give 'zh' and 'en'; {name} must be a setting.",
        ) from error
    except ValueError as error:
        raise BadPolicy(
            f"{name} line {line}: clause {number} has a curly brace without its partner.",
            hint="Write {name} of a setting, nothing else between the braces.",
        ) from error
    return Clause(number=number, zh=zh, en=en, line=line)


def _shown(key: str, value: Any, *, language: str) -> str:
    if key.endswith(("_share", "_share_max", "_strength_max")):
        return f"{value * 100:g}%"
    joiner = "、" if language == "zh" else ", "
    if key == "offers_stack":
        pairs = ([OFFER_WORDS[kind.strip()][language] for kind in pair.split("+")] for pair in value)
        return joiner.join((" + " if language == "en" else "加").join(pair) for pair in pairs)
    if isinstance(value, tuple):
        return joiner.join(value)
    if isinstance(value, float):
        return f"{value:g}"
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
    if key == "offers_stack":
        _check_stack(value, where=where)
    return tuple(value)


def _check_stack(pairs: Sequence[str], *, where: str) -> None:
    for pair in pairs:
        kinds = pair.split("+")
        if len(kinds) != 2 or not all(kind.strip() in OFFER_KINDS for kind in kinds):
            raise BadPolicy(
                f"{where}: '{pair}' is not two kinds of offer joined by '+'.",
                hint=f"For example service+points. Kinds: {', '.join(OFFER_KINDS)}.",
            )


def _number(key: str, value: Any, *, whole: bool, where: str) -> float | int:
    low, high = _BOUNDS[key]
    right = isinstance(value, int) if whole else isinstance(value, int | float)
    if not right or isinstance(value, bool) or not low <= value <= high:
        kind = "a whole number" if whole else "a number"
        raise BadPolicy(f"{where}: '{key}' is {kind} from {low:g} to {high:g}, not {value!r}.", hint="Mend that line.")
    return int(value) if whole else float(value)


def _time(value: Any, *, where: str) -> time:
    try:
        return clock_time(value)
    except (TypeError, ValueError) as error:
        raise BadPolicy(f'{where} is a time such as "20:30", in quotes.', hint="Put quotes around it.") from error
