"""What a store's written name is; days that move sales."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Written:
    """One way in which a source writes a store, and how many rows do so."""

    source: str
    written: str
    rows: int


@dataclass(frozen=True)
class Named:
    """The one name of a store; `channel` is `store` or `online`."""

    source: str
    written: str
    store: str
    channel: str


@dataclass(frozen=True)
class StoreWords:
    """The words of definitions/stores.yaml."""

    online_words: tuple[str, ...]
    online_sources: frozenset[str]
    endings: tuple[str, ...]
    code_pattern: str


@dataclass(frozen=True)
class Festival:
    """A day that moves sales, with its name in both languages."""

    on: date
    zh: str
    en: str
