"""Collects message ids from Python and templates into the Chinese catalogue: new ones come in empty, unused ones go.

Run it after texts changed (`python tools/messages.py`); it prints what still lacks its Chinese.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

_ROOT = Path(__file__).resolve().parent.parent
_CATALOGUE = _ROOT / "shuke/server/locale/zh_Hans/LC_MESSAGES/django.po"
_HEADER = {
    "Project-Id-Version": "shuke",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
_TEXT = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_SINGLE = re.compile(rf"(?<![a-z])(?:gettext|_)\({_TEXT}\)")
_PLURAL = re.compile(rf"ngettext\({_TEXT},\s*{_TEXT}")

Message = tuple[str, str, str]


def of_python(path: Path) -> Iterator[Message]:
    """(message id, its plural or '', file) of the gettext calls of a module."""
    tree = ast.parse(path.read_text("utf-8"))
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if texts:
                plural = texts[1] if names[node.func.id].startswith("ngettext") and len(texts) > 1 else ""
                yield texts[0], plural, path.relative_to(_ROOT).as_posix()


def of_template(path: Path) -> Iterator[Message]:
    """(message id, its plural or '', file) of a template."""
    code, place = templatize(path.read_text("utf-8")), path.relative_to(_ROOT).as_posix()
    for match in _PLURAL.finditer(code):
        yield ast.literal_eval(match[1]), ast.literal_eval(match[2]), place
    for match in _SINGLE.finditer(code):
        yield ast.literal_eval(match[1]), "", place


def collect() -> dict[str, tuple[str, list[str]]]:
    """Message id -> (plural, files that use it)."""
    found: dict[str, tuple[str, list[str]]] = {}
    sources = [of_python(path) for path in sorted((_ROOT / "shuke").glob("**/*.py"))]
    sources += [of_template(path) for path in sorted((_ROOT / "shuke").glob("**/templates/**/*.html"))]
    for source in sources:
        for msgid, plural, place in source:
            known = found.setdefault(msgid, (plural, []))
            if place not in known[1]:
                known[1].append(place)
    return found


def update() -> list[str]:
    """Rewrites the catalogue in the order of the message ids; returns those without a Chinese text."""
    old = {entry.msgid: entry for entry in polib.pofile(str(_CATALOGUE))} if _CATALOGUE.is_file() else {}
    book = polib.POFile(wrapwidth=110)
    book.metadata = _HEADER
    for msgid, (plural, places) in sorted(collect().items()):
        before = old.get(msgid)
        text = (before.msgstr or before.msgstr_plural.get(0, "")) if before else ""
        flags = ["python-format"] if re.search(r"%\(\w+\)", msgid) else []
        entry = polib.POEntry(msgid=msgid, occurrences=[(place, "") for place in places], flags=flags)
        if plural:
            entry.msgid_plural, entry.msgstr_plural = plural, {0: text}
        else:
            entry.msgstr = text
        book.append(entry)
    _CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    book.save(str(_CATALOGUE))
    return [entry.msgid for entry in book if not entry.translated()]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuke.server.settings")
    sys.path.insert(0, str(_ROOT))
    for missing in update():
        print(missing)
