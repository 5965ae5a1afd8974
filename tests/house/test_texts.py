"""Texts in two languages: literal message ids, named placeholders, every one translated; YAML texts in pairs."""

import ast
import re
from functools import cache
from pathlib import Path

import polib
import yaml
from django.utils.translation.template import templatize

from tests.house.reading import ROOT, SHUKE, at, broken, dotted, name_of, python_files, tree_of

CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_CONTEXT = {"pgettext", "pgettext_lazy"}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# The names of the product and of the language itself are written as they are.
_NAMES = ("熟客", "中文", "简体中文")
_BARE_PLACEHOLDER = re.compile(r"(?<!%)%[sdfr]|\{\d*\}")


@cache
def _catalogue() -> dict[str, polib.POEntry]:
    found = {}
    for path in sorted(SHUKE.glob("**/locale/zh_Hans/LC_MESSAGES/*.po")):
        found |= {entry.msgid: entry for entry in polib.pofile(str(path)) if not entry.obsolete}
    return found


def _calls() -> list[tuple[Path, ast.Call, list[ast.expr]]]:
    """Every translation call with the arguments that are message ids."""
    found = []
    for path in python_files("shuke"):
        imported = {
            alias.asname or alias.name
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
            for alias in node.names
        }
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and dotted(node.func) in imported & CALLS:
                name = dotted(node.func)
                ids = node.args[:2] if name in _PLURAL else node.args[1:2] if name in _CONTEXT else node.args[:1]
                found.append((path, node, ids))
    return found


@cache
def _template_ids() -> tuple[tuple[str, str], ...]:
    """Message ids of all templates with the template's name."""
    found = []
    for path in sorted(SHUKE.glob("**/templates/**/*.html")):
        code = templatize(path.read_text("utf-8"))
        for text in re.findall(r"gettext\(((?:u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\"))", code):
            found.append((name_of(path), str(ast.literal_eval(text))))
        for text in re.findall(r"(?<![a-z])_\(((?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))\)", code):
            found.append((name_of(path), str(ast.literal_eval(text))))
    return tuple(found)


def test_message_ids_are_literal() -> None:
    found = [
        f"{at(path, call)} {ast.unparse(call)[:70]}"
        for path, call, ids in _calls()
        for text in ids
        if not (isinstance(text, ast.Constant) and isinstance(text.value, str))
    ]
    assert not found, broken("A message id is a plain string: no f-string, no sum, no variable.", found)


def test_placeholders_are_named() -> None:
    found = [
        f"{at(path, call)} {text.value!r}"
        for path, call, ids in _calls()
        for text in ids
        if isinstance(text, ast.Constant) and _BARE_PLACEHOLDER.search(str(text.value))
    ]
    assert not found, broken("Placeholders have names (%(count)s), for languages order words differently.", found)


def test_every_message_has_a_chinese_text() -> None:
    missing = []
    wanted = [
        (at(path, call), str(text.value))
        for path, call, ids in _calls()
        for text in ids[:1]
        if isinstance(text, ast.Constant)
    ]
    for place, msgid in [*wanted, *_template_ids()]:
        entry = _catalogue().get(msgid)
        if entry is None or not entry.translated():
            missing.append(f"{place} {msgid!r}")
    rule = "Every message id has a Chinese text in shuke/server/locale/zh_Hans/LC_MESSAGES/django.po."
    assert not missing, broken(rule, missing)


def test_translations_keep_their_placeholders() -> None:
    names = re.compile(r"%\((\w+)\)[sdf]")
    wrong = [
        entry.msgid
        for entry in _catalogue().values()
        for text in ([entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values()))
        if set(names.findall(text)) - set(names.findall(entry.msgid + (entry.msgid_plural or "")))
        or (not entry.msgid_plural and set(names.findall(entry.msgid)) != set(names.findall(text)))
    ]
    assert not wrong, broken("A translation has the placeholders of its message.", wrong)


def test_pages_hold_no_untranslated_chinese() -> None:
    found = []
    for path in sorted(SHUKE.glob("**/templates/**/*.html")):
        text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text("utf-8"), flags=re.DOTALL)
        for number, line in enumerate(text.splitlines(), start=1):
            for name in _NAMES:
                line = line.replace(name, "")
            if _CHINESE.search(line):
                found.append(f"{name_of(path)}:{number} {line.strip()[:60]}")
    assert not found, broken("Templates speak English message ids; the Chinese stands in the catalogue.", found)


def test_yaml_texts_come_in_pairs() -> None:
    lonely: list[str] = []

    def look(node: object, *, place: str) -> None:
        if isinstance(node, dict):
            if ("zh" in node) != ("en" in node) or ("zh" in node and not (node["zh"] and node["en"])):
                lonely.append(place)
            for key, value in node.items():
                look(value, place=f"{place}.{key}")
        elif isinstance(node, list):
            for number, value in enumerate(node):
                look(value, place=f"{place}[{number}]")

    for path in sorted(SHUKE.glob("*/definitions/**/*.yaml")):
        look(yaml.safe_load(path.read_text("utf-8")), place=name_of(path))
    assert not lonely, broken("Where a definition speaks, it speaks Chinese (zh) and English (en).", lonely)


def test_catalogue_is_whole() -> None:
    assert (ROOT / "tools" / "texts.py").is_file()
    fuzzy = [entry.msgid for entry in _catalogue().values() if "fuzzy" in entry.flags]
    assert not fuzzy, broken("A fuzzy translation is a guess; settle it.", fuzzy)
