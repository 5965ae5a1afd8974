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
    """What is written about one finding in one language, with places for computed values."""

    code: str
    title: str
    cause: str
    repair: tuple[str, ...]
    effect: str
    fixer: str
    minutes: int


def tongue(language: str) -> str:
    """`zh` or `en` for a language code such as zh-hans."""
    return "zh" if language.lower().startswith("zh") else "en"


@lru_cache(maxsize=2)
def _read(name: str) -> Mapping[str, Any]:
    written: Mapping[str, Any] = yaml.safe_load((_FOLDER / name).read_text("utf-8"))
    return written


def definitions(language: str) -> Mapping[str, Texts]:
    """Texts of every finding that is written about, by code."""
    here = tongue(language)
    return {
        code: Texts(
            code=code,
            title=entry[here]["title"],
            cause=entry[here]["cause"],
            repair=tuple(entry[here]["repair"]),
            effect=_read("words.yaml")["effects"][entry["effect"]][here],
            fixer=_read("words.yaml")["fixers"][entry["fixer"]][here],
            minutes=int(entry["minutes"]),
        )
        for code, entry in _read("findings.yaml").items()
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
