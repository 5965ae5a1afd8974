"""A mapping of the shop that changes a shipped one: only what differs is written, everything else stays."""

from collections.abc import Mapping
from typing import Any

_GROUPS = ("values", "constants", "lists", "blanks", "prefixes")


def extended(shipped: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The shipped document with the shop's own changes.

    Names of columns are added before the shipped ones, words to the words; any other key is replaced. The file stays
    recognisable under its new names: a group of the signature that holds a column of a target gets the target's new
    names too, unless the shop writes a signature of its own.
    """
    added = own.get("columns", {})
    whole = {**shipped, **{key: value for key, value in own.items() if key != "extends"}}
    whole["columns"] = {
        **shipped["columns"],
        **{target: _before(value, shipped["columns"].get(target)) for target, value in added.items()},
    }
    for group in _GROUPS:
        both = {**shipped.get(group, {}), **own.get(group, {})}
        if group == "values":
            both = {key: {**shipped.get(group, {}).get(key, {}), **(words or {})} for key, words in both.items()}
        if both:
            whole[group] = both
    if "signature" not in own:
        whole["signature"] = [_wider(group, shipped["columns"], added=added) for group in shipped["signature"]]
    return whole


def names_in(value: Any) -> list[str]:
    """The names of columns in a rule as a mapping file writes it."""
    if isinstance(value, Mapping):
        return [str(name) for names in value.values() for name in names_in(names)]
    return [str(name) for name in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _before(own: Any, shipped: Any) -> Any:
    """Own names first; a rule with sum, join or words of the shop's own replaces the shipped one."""
    if isinstance(own, Mapping) or shipped is None:
        return own
    if isinstance(shipped, Mapping):
        ((how, names),) = shipped.items()
        return {how: [*names_in(own), *names]}
    return list(dict.fromkeys([*names_in(own), *names_in(shipped)]))


def _wider(group: Any, columns: Mapping[str, Any], *, added: Mapping[str, Any]) -> list[str]:
    names = names_in(group)
    more = [
        name
        for target, value in added.items()
        if set(names_in(columns.get(target))) & set(names)
        for name in names_in(value)
    ]
    return list(dict.fromkeys([*names, *more]))
