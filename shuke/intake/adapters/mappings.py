"""Mapping files: YAML read with the line of every key, checked, and merged with the shipped mapping it extends."""

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

import yaml

from shuke.intake.rules.extending import extended
from shuke.intake.rules.targets import CODES, REQUIRED, TARGETS
from shuke.intake.values import Channel, Choice, Kind, Rule, Shape
from shuke.kernel.errors import ShukeError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LARGEST = 200_000
_TEXTS = ("code", "source", "zh", "en", "grain", "currency", "timezone", "country", "date_order", "split_by", "rows")
_FLAGS = ("numbers_lines", "dated_by_number", "virtual_phones", "minor_units", "utc")
_CHOICES = {"grain_by": "fee", "negative": "", "refunded": ""}
_GROUPS = ("columns", "values", "constants", "lists", "blanks", "prefixes")
_OTHER = ("extends", "kind", "version", "priority", "share", "signature", "required")
KEYS = frozenset({*_TEXTS, *_FLAGS, *_CHOICES, *_GROUPS, *_OTHER})
_ONE_OF: dict[str, Collection[str]] = {
    "kind": [kind.value for kind in Kind],
    "grain": ["line", "order", "auto"],
    "date_order": ["", "mdy", "dmy"],
}
_HOW = ("first", "sum", "join", "words")


class BadMapping(ShukeError):
    """A mapping file cannot be used; the message names file, line and what is wrong."""


@dataclass(frozen=True)
class _File:
    """A YAML file as plain values, with the line of every key."""

    name: str
    values: Mapping[str, Any]
    lines: Mapping[tuple[str, ...], int]

    def wrong(self, key: tuple[str, ...], *, what: str, hint: str = "Mend that line and try again.") -> BadMapping:
        """The error of one key."""
        line = next((self.lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in self.lines), 1)
        return BadMapping(f"mappings/{self.name} line {line}: {what}", hint=hint)

    def unknown(self, key: tuple[str, ...], *, word: str, known: Collection[str], what: str) -> BadMapping:
        """The error of a word that is none of `known`, with the likeliest one meant."""
        near = difflib.get_close_matches(word, list(known), n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(sorted(known))}."
        return self.wrong(key, what=f"{what} '{word}' is not known.", hint=hint)


def read_document(text: str, *, name: str) -> Mapping[str, Any]:
    """A mapping file's values as they stand, without a look at their meaning. Raises `BadMapping` with the line."""
    return _read(text, name=name).values


def read_channel(
    text: str, *, name: str, shipped: Mapping[str, Mapping[str, Any]], priority: int = 0, own: bool = True
) -> Channel:
    """The mapping of one file. `shipped` are the documents that it may extend, by code.

    A whole mapping of a shop goes before all that ship (`priority`); one that extends another takes its place.
    Raises `BadMapping` with file, line and what to do for anything that cannot be used.
    """
    file = _read(text, name=name)
    _check_keys(file)
    base = file.values.get("extends")
    if base is None:
        return _channel(file, file.values, priority=priority, own=own)
    if base not in shipped:
        raise file.unknown(("extends",), word=str(base), known=shipped, what="The mapping")
    if not isinstance(file.values.get("columns", {}), dict):
        raise file.wrong(("columns",), what="'columns' must list targets, each with names of columns.")
    return _channel(file, extended(shipped[base], file.values), priority=1, own=own)


def _read(text: str, *, name: str) -> _File:
    if len(text) > _LARGEST:
        raise BadMapping(f"mappings/{name} is too large for a mapping.", hint="Look what is in it.")
    loader = None
    lines: dict[tuple[str, ...], int] = {}
    try:
        loader = _LOADER(text)
        root = loader.get_single_node()
        _refuse_aliases(root)
        values = _plain(loader, root, place=(), lines=lines)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadMapping(
            f"mappings/{name} line {line}: {error.problem}.", hint="Mend the indentation or quotes there."
        ) from error
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise BadMapping(
            f"mappings/{name} cannot be read: a number, a day or a sign in it is none.", hint="Mend it."
        ) from error
    finally:
        if loader is not None:
            loader.dispose()
    if not isinstance(values, dict) or not values:
        raise BadMapping(f"mappings/{name} is empty.", hint="Write 'extends: tmall' and what differs, or delete it.")
    return _File(name, values, lines)


def _refuse_aliases(root: Any) -> None:
    """A few lines of aliases stand for more values than any machine holds, and no mapping is nested deep."""
    waiting, met = [(root, 0)], set()
    while waiting:
        node, depth = waiting.pop()
        if not isinstance(node, yaml.CollectionNode):
            continue
        if id(node) in met or depth > 6:
            raise yaml.MarkedYAMLError(
                problem="a name with * or deep nesting is not read here", problem_mark=node.start_mark
            )
        met.add(id(node))
        inner = (part for pair in node.value for part in (pair if isinstance(pair, tuple) else (pair,)))
        waiting.extend((part, depth + 1) for part in inner)


def _plain(loader: Any, node: Any, *, place: tuple[str, ...], lines: dict[tuple[str, ...], int]) -> Any:
    """A YAML node as Python values; keys are texts, and no key stands twice."""
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            word = str(key.value)
            if word in found:
                raise yaml.MarkedYAMLError(problem=f"'{word}' stands here twice", problem_mark=key.start_mark)
            lines[(*place, word)] = key.start_mark.line + 1
            found[word] = _plain(loader, value, place=(*place, word), lines=lines)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(loader, item, place=(*place, ""), lines=lines) for item in node.value]
    return None if node is None else loader.construct_object(node)


def _check_keys(file: _File) -> None:
    for key, value in file.values.items():
        if key not in KEYS:
            raise file.unknown((key,), word=key, known=KEYS, what="The key")
        if key in _TEXTS and not isinstance(value, str):
            raise file.wrong((key,), what=f"'{key}' must be a text.")
        if key in _FLAGS and not isinstance(value, bool):
            raise file.wrong((key,), what=f"'{key}' is true or false.")
        if key in _GROUPS and not isinstance(value, dict):
            raise file.wrong((key,), what=f"'{key}' must have lines of its own below it, indented.")
        if key in _ONE_OF and value not in _ONE_OF[key]:
            raise file.unknown((key,), word=str(value), known=_ONE_OF[key], what=f"For '{key}',")
        if key in ("version", "priority", "share") and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise file.wrong((key,), what=f"'{key}' is a number.")
        if key in ("code", "source") and not re.fullmatch("[a-z][a-z0-9_]{0,39}", str(value)):
            raise file.wrong((key,), what=f"'{key}' has small letters, digits and _ only, at most 40.")
    if file.values.get("timezone", "UTC") not in available_timezones():
        raise file.wrong(("timezone",), what="This is no IANA time zone, such as Asia/Shanghai.")
    if not re.fullmatch("[A-Z]{3}|", file.values.get("currency", "")):
        raise file.wrong(("currency",), what="A currency has three capitals, such as CNY.")
    if not re.fullmatch("[A-Z]{2}|shop", file.values.get("country", "shop")):
        raise file.wrong(("country",), what="A country has two capitals, such as CN.")


def _channel(file: _File, text: Mapping[str, Any], *, priority: int, own: bool) -> Channel:
    for key in ("kind", "columns", "signature"):
        if not text.get(key):
            hint = "Or write 'extends: <code>' with the mapping that this one changes."
            raise file.wrong((key,), what=f"'{key}' is missing.", hint=hint)
    kind = Kind(text["kind"])
    code = text.get("code") or file.name.removesuffix(".yaml")
    if not 0 <= float(text.get("share", 0)) <= 1:
        raise file.wrong(("share",), what="'share' is a number from 0 to 1.")
    targets = TARGETS[kind]
    for key in ("columns", "values", "constants", "blanks", "prefixes"):
        for target in text.get(key, {}):
            if target not in targets and (key, target) != ("constants", "record_kind"):
                raise file.unknown((key, target), word=target, known=targets, what=f"For {kind.value}, the target")
    return Channel(
        code=code,
        source=text.get("source", code),
        version=int(text.get("version", 1)),
        kind=kind,
        signature=_signature(file, text["signature"]),
        columns={target: _rule(file, target, value=value) for target, value in text["columns"].items()},
        share=float(text.get("share", 0)),
        priority=priority + int(text.get("priority", 50)),
        own=own,
        grain_choice=_choice(file, text, key="grain_by"),
        negative=_choice(file, text, key="negative"),
        refunded=_choice(file, text, key="refunded"),
        values={
            target: _words(file, target, words=words, kind=kind) for target, words in text.get("values", {}).items()
        },
        constants={key: str(value) for key, value in text.get("constants", {}).items()},
        required=tuple(text.get("required", REQUIRED[kind])),
        lists={str(name): str(how) for name, how in text.get("lists", {}).items()},
        blanks={target: tuple(str(word) for word in words) for target, words in text.get("blanks", {}).items()},
        prefixes={target: str(prefix) for target, prefix in text.get("prefixes", {}).items()},
        **{key: text[key] for key in _TEXTS if key in text and key not in ("code", "source")},
        **{key: text[key] for key in _FLAGS if key in text},
    )


def _signature(file: _File, value: Any) -> tuple[tuple[str, ...], ...]:
    groups = [[group] if isinstance(group, str) else group for group in value] if isinstance(value, list) else []
    if not groups or not all(isinstance(group, list) and group for group in groups):
        raise file.wrong(("signature",), what="'signature' lists names of columns by which the file is known.")
    return tuple(tuple(str(name) for name in group) for group in groups)


def _rule(file: _File, target: str, *, value: Any) -> Rule:
    names, how = value, "first"
    if isinstance(value, dict) and len(value) == 1:
        ((how, names),) = value.items()
    names = [names] if isinstance(names, str | int | float) else names
    good = isinstance(names, list) and names and all(isinstance(name, str | int | float) for name in names)
    if not good or how not in _HOW:
        raise file.wrong(
            ("columns", target),
            what=f"'{target}' needs a column's name, a list of names, or one of sum, join, words with such a list.",
        )
    return Rule(tuple(str(name) for name in names), how)


def _words(file: _File, target: str, *, words: Any, kind: Kind) -> Mapping[str, str]:
    if TARGETS[kind][target] is not Shape.CODE or not isinstance(words, dict):
        raise file.wrong(("values", target), what=f"'{target}' takes no words of the file in the place of codes.")
    for word, code in words.items():
        if str(code or "") not in CODES[target, kind]:
            known = [known for known in CODES[target, kind] if known]
            raise file.unknown(("values", target, word), word=str(code), known=known, what=f"For '{target}', the code")
    return {str(word): str(code or "") for word, code in words.items()}


def _choice(file: _File, text: Mapping[str, Any], *, key: str) -> Choice | None:
    value = text.get(key)
    if not value:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("words"), dict) or not value.get("column"):
        raise file.wrong((key,), what=f"'{key}' needs 'column' and 'words'.")
    words = {str(word): str(code) for word, code in value["words"].items()}
    return Choice(str(value["column"]), words, str(value.get("otherwise", _CHOICES[key])))
