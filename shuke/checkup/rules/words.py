"""The texts of definitions/*.yaml in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent.parent / "definitions"


@dataclass(frozen=True)
class Texts:
    """What is written about one finding in one language, with places for computed values.

    `money` says how its money is counted, `of` what its rows are: orders, customers, products, days or files.
    """

    code: str
    title: str
    cause: str
    money: str
    repair: tuple[str, ...]
    effect: str
    fixer: str
    minutes: int
    of: str


def tongue(language: str) -> str:
    """`zh` or `en` for a language code such as zh-hans."""
    return "zh" if language.lower().startswith("zh") else "en"


@lru_cache(maxsize=4)
def _read(name: str) -> Mapping[str, Any]:
    """A file of definitions, or all files of a folder as one."""
    place = _FOLDER / name
    found: dict[str, Any] = {}
    for path in sorted(place.glob("*.yaml")) if place.is_dir() else [place]:
        found |= yaml.safe_load(path.read_text("utf-8"))
    return found


def definitions(language: str) -> Mapping[str, Texts]:
    """Texts of every finding that is written about, by code."""
    here = tongue(language)
    return {
        code: Texts(
            code=code,
            title=entry[here]["title"],
            cause=entry[here]["cause"],
            money=entry[here]["money"],
            repair=tuple(entry[here]["repair"]),
            effect=_read("words.yaml")["effects"][entry["effect"]][here],
            fixer=_read("words.yaml")["fixers"][entry["fixer"]][here],
            minutes=int(entry["minutes"]),
            of=entry.get("of", "orders"),
        )
        for code, entry in _read("findings").items()
    }


def source_name(source: str, *, language: str) -> str:
    """A source as people call it; `tmall_lines` is called as `tmall`, an unknown one by its code."""
    known = _read("words.yaml")["sources"]
    entry = known.get(source) or known.get(source.split("_")[0])
    return str(entry[tongue(language)]) if entry else source


def text(name: str, *, language: str, **values: str | int) -> str:
    """A fixed text of words.yaml with its values filled in."""
    return str(_read("words.yaml")["texts"][name][tongue(language)]).format(**values)


def detail_words(detail: str, *, language: str) -> str:
    """The detail of a row behind a finding in words; a value that is no code stays as it is."""
    known = _read("words.yaml")["details"]
    code, _, rest = detail.partition(" ")
    if code not in known:
        return detail
    words = str(known[code][tongue(language)])
    if not rest:
        return words
    return f"{words}{rest}" if tongue(language) == "zh" else f"{words} {rest}"
