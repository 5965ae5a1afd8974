"""Reading definitions: fields, stages, layers, segments (PyYAML). A shop's own files go before those of the house."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from shuke.kernel.errors import ShukeError
from shuke.segments.models import OwnSegment
from shuke.segments.rules import BadRule, parse, sentence
from shuke.segments.values import OWN, SEGMENTS, FieldSpec

_FOLDER = Path(__file__).parent / "definitions"
_NOT_SEGMENTS = frozenset({"fields", "layers", "lifecycle"})
_CODE = re.compile(r"[a-z][a-z0-9_]{1,40}")
_NEEDED = ("zh", "en", "what_zh", "what_en", "rule", "since", "reasons")


class BadDefinition(ShukeError):
    """A segment's file cannot be read."""


def definition(name: str) -> dict[str, Any]:
    """The values of `<name>.yaml`: the shop's own file, and what it leaves out from that of the house.

    A segment carries `choices` besides: the words of codes that its sentences may name. `own_<id>` is one of the shop's
    own segments (a removed one included, so that what was done with it can still be told). Raises `BadDefinition`.
    """
    if name.startswith(OWN):
        return _own(name)
    own, house = settings.WORKSPACE.root / "segments" / f"{name}.yaml", _FOLDER / f"{name}.yaml"
    paths = [path for path in (house, own) if path.is_file() and not (path is own and name in _NOT_SEGMENTS)]
    if not _CODE.fullmatch(name) or not paths:
        raise BadDefinition(f"There is no segment {name!r}.", hint="Choose one from the list of segments.")
    return _read(tuple((path, path.stat().st_mtime_ns) for path in paths))


def segment_codes() -> tuple[str, ...]:
    """Codes of all segments: those of the house in their order, the shop's own files by name, then its own segments."""
    folder = settings.WORKSPACE.root / "segments"
    own = sorted(path.stem for path in folder.glob("*.yaml")) if folder.is_dir() else []
    files = (code for code in own if code not in SEGMENTS and code not in _NOT_SEGMENTS and not code.startswith(OWN))
    made = OwnSegment.objects.filter(removed_at__isnull=True).order_by("pk").values_list("pk", flat=True)
    return (*SEGMENTS, *files, *(f"{OWN}{number}" for number in made))


def own_id(code: str) -> int:
    """The number in `own_<id>`; -1, which nothing has, for another code."""
    number = code.removeprefix(OWN)
    return int(number) if code.startswith(OWN) and number.isdecimal() and len(number) < 16 else -1


def _own(code: str) -> dict[str, Any]:
    held = OwnSegment.objects.filter(pk=own_id(code)).first()
    if held is None:
        raise BadDefinition(f"There is no segment {code!r}.", hint="Choose one from the list of segments.")
    said = {language: _said(held, language=language) for language in ("zh", "en")}
    return {
        "zh": held.name,
        "en": held.name,
        "what_zh": said["zh"],
        "what_en": said["en"],
        "rule": held.rule,
        "since": {"ahead": 0},
        "reasons": {
            f"version_{held.version}": {
                "zh": f"符合：{said['zh']}".replace("{", "{{").replace("}", "}}"),
                "en": f"Meets: {said['en']}".replace("{", "{{").replace("}", "}}"),
            }
        },
        "version": held.version,
        "is_removed": held.removed_at is not None,
    }


def _said(held: OwnSegment, *, language: str) -> str:
    """The rule as a sentence; the trouble with it where it can no longer be read."""
    try:
        return sentence_of(held.rule, language=language)
    except BadRule as error:
        return error.words(language)


def sentence_of(rule: Any, *, language: str) -> str:
    """A rule in words, in the shop's currency; raises `BadRule`."""
    node = parse(rule, catalogue=catalogue())
    return sentence(node, catalogue=catalogue(), language=language, currency=settings.WORKSPACE.currency)


@lru_cache(maxsize=256)
def _read(paths: tuple[tuple[Path, int], ...]) -> dict[str, Any]:
    """Files as they were at the given instants, a later one over an earlier one, key by key."""
    values: dict[str, Any] = {}
    for path, _changed in paths:
        values |= _file(path)
    name = paths[-1][0].name
    if paths[-1][0].stem in _NOT_SEGMENTS:
        return values
    missing = [key for key in _NEEDED if not values.get(key)]
    if missing:
        raise BadDefinition(f"{name} lacks '{missing[0]}'.", hint="Copy it from a segment that ships with Shuke.")
    return {**values, "choices": {code: dict(spec.choices) for code, spec in catalogue().items() if spec.choices}}


def _file(path: Path) -> dict[str, Any]:
    try:
        values = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path.name} line {mark.line + 1}" if mark else path.name
        raise BadDefinition(f"{where} cannot be read.", hint="Mend the indentation or quotes there.") from error
    if not isinstance(values, dict):
        raise BadDefinition(f"{path.name} is empty.", hint="Copy a segment that ships with Shuke and change it.")
    return values


@cache
def catalogue() -> Mapping[str, FieldSpec]:
    """The fields that rules may use, by code, in the order of the file."""
    values = definition("fields")
    sources, channels = values["sources"], values["choices"]["channels"]
    choices = {
        "stage": definition("lifecycle")["stages"],
        "layer": definition("layers")["layers"],
        "main_channel": channels,
        "other_channel": channels,
        "tier": values["choices"]["tiers"],
    }
    return {
        code: FieldSpec(
            code=code,
            group=field["group"],
            kind=field["kind"],
            words={key: str(text) for key, text in field.items() if key not in ("group", "kind", "needs", "shop")},
            choices=choices.get(code, {}),
            needs_zh=sources[field["needs"]]["zh"],
            needs_en=sources[field["needs"]]["en"],
            is_shop=bool(field.get("shop")),
        )
        for code, field in values["fields"].items()
    }
