"""How written store names are brought to one."""

import re
import unicodedata
from collections.abc import Iterable

from shuke.reference.values import Named, StoreWords, Written

_BRACKETS = re.compile(r"^(?P<before>[^()\[\]]*)[(\[](?P<inside>[^()\[\]]+)[)\]]\s*$")
_TRIMMED = " \t-_·・|/:"
TILL_SOURCES = frozenset({"pos"})


def canonical_name(written: str, *, brand: str, words: StoreWords) -> str:
    """The store's own name: width folded, code, brand and brackets taken off.

    >>> canonical_name("禾里生活(滨江店)", brand="禾里生活", words=words)
    '滨江店'
    """
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", written)).strip()
    text = text.replace("【", "[").replace("】", "]")
    text = re.sub(words.code_pattern, "", text) or text
    found = _BRACKETS.match(text)
    if found:
        inside, before = found["inside"].strip(), found["before"].strip()
        names_a_place = inside.lower().endswith(words.endings) or before == brand or not before
        text = inside if names_a_place else before
    if brand:
        text = text.removeprefix(f"[{brand}]")
    if brand and text.startswith(brand) and text[len(brand) :].strip(_TRIMMED):
        text = text[len(brand) :]
    return text.strip(_TRIMMED) or written.strip()


def is_online(written: str, *, words: StoreWords) -> bool:
    """Whether the name itself says that this is an online shop."""
    return any(word in written.lower() for word in words.online_words)


def canonical_names(found: Iterable[Written], *, brand: str, words: StoreWords) -> list[Named]:
    """One name for each written one, sorted by source and written name.

    Names that differ only by an ending (滨江 and 滨江店) become the longer one. A name known to a till is a place;
    one that only online sources write is an online shop.
    """
    rows = sorted(found, key=lambda w: (w.source, w.written))
    names = {(w.source, w.written): canonical_name(w.written, brand=brand, words=words) for w in rows}
    longer = _with_endings(set(names.values()), endings=words.endings)
    names = {key: longer.get(name, name) for key, name in names.items()}
    places = {
        names[w.source, w.written]
        for w in rows
        if w.source not in words.online_sources and not is_online(w.written, words=words)
    }
    return [
        Named(w.source, w.written, store=name, channel="store" if name in places else "online")
        for w in rows
        for name in [names[w.source, w.written]]
    ]


def _with_endings(names: set[str], *, endings: tuple[str, ...]) -> dict[str, str]:
    """Short name -> long name where both occur and differ by one ending only."""
    found = {}
    for name in names:
        for ending in endings:
            if name + ending in names:
                found[name] = name + ending
                break
    return found


def one_pattern(patterns: Iterable[str]) -> str:
    """Several regular expressions as one that matches where any of them does; matches nothing when there are none."""
    return "|".join(f"(?:{pattern})" for pattern in patterns) or "^$a"
