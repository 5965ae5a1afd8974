"""Documentation as a test: links lead somewhere, commands exist, names are in the glossary, both READMEs agree."""

import argparse
import re
import shlex
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from shuke.cli.main import build_parser
from shuke.kernel.actor import Role
from tests.house.reading import ROOT, broken, name_of, rooms, text_files

PAGES = [path for path, _ in text_files() if path.suffix == ".md"]
READMES = ("README.md", "README.zh-CN.md")


@cache
def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def _anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+\s+(.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-") for head in heads}


def test_links_lead_somewhere() -> None:
    dead = []
    for path in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)", _without_code(_text(path))):
            if re.match(r"[a-z]+:", target):
                continue
            place, _, anchor = unquote(target).partition("#")
            file = (path.parent / place).resolve() if place else path
            if not file.exists():
                dead.append(f"{name_of(path)}: {target}")
            elif anchor and file.suffix == ".md" and anchor.lower() not in _anchors(_text(file)):
                dead.append(f"{name_of(path)}: {target} (no such heading)")
    assert not dead, broken("Links of the documentation lead somewhere.", dead)


def _shell_lines(text: str) -> list[str]:
    """Lines of shell blocks, continued lines joined, prompts and remarks taken off."""
    lines = []
    for block in re.findall(r"```(?:sh|bash|shell|console)\n(.*?)```", text, re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            lines += [part.strip() for part in re.sub(r"\s#\s.*$", "", line).removeprefix("$ ").split("&&")]
    return [line for line in lines if line and not line.startswith("#")]


def _subparsers() -> dict[str, argparse.ArgumentParser]:
    action = next(a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(action.choices)


def test_commands_in_the_documentation_exist() -> None:
    wrong = []
    verbs = _subparsers()
    for path in PAGES:
        for line in _shell_lines(_text(path)):
            words = shlex.split(line)
            if words[0].rsplit("/", 1)[-1] != "shuke" or len(words) < 2 or words[1].startswith("-"):
                continue
            if words[1] not in verbs:
                wrong.append(f"{name_of(path)}: {line}")
                continue
            known = set(verbs[words[1]]._option_string_actions)
            unknown = [word for word in words[2:] if word.startswith("--") and word.split("=")[0] not in known]
            wrong += [f"{name_of(path)}: {line} ({option})" for option in unknown]
    assert not wrong, broken("Commands and options that the documentation shows exist.", wrong)


def test_make_targets_in_the_documentation_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", _text(ROOT / "Makefile"), re.MULTILINE))
    asked = [
        (name_of(path), line)
        for path in PAGES
        for line in _shell_lines(_text(path))
        if line.split()[0] == "make" and len(line.split()) > 1
    ]
    wrong = [f"{page}: {line}" for page, line in asked if line.split()[1] not in targets]
    assert asked and not wrong, broken("make targets that the documentation shows exist.", wrong)


def test_both_readmes_show_the_same() -> None:
    commands = [_shell_lines(_text(ROOT / name)) for name in READMES]
    shape = [[len(mark) for mark in re.findall(r"^(#+) ", _text(ROOT / name), re.MULTILINE)] for name in READMES]
    pictures = [re.findall(r"docs/pictures/[\w.-]+", _text(ROOT / name)) for name in READMES]
    first_words = [[line.split()[:2] for line in lines] for lines in commands]
    assert first_words[0] == first_words[1], "the commands differ"
    assert shape[0] == shape[1], "the headings differ"
    assert pictures[0] == pictures[1], "the pictures differ"


@pytest.mark.parametrize("page", ["map.md", "glossary.md", "changelog.md", "tables.md"])
def test_the_pages_of_the_house_are_there(page: str) -> None:
    assert len(_text(ROOT / "docs" / page)) > 500


def test_the_map_shows_every_room() -> None:
    text = _text(ROOT / "docs" / "map.md")
    missing = [room.name for room in rooms() if f"`{room.name}`" not in text]
    assert not missing, broken("docs/map.md shows every room.", missing)


def test_the_glossary_knows_the_names_of_the_code() -> None:
    text = _text(ROOT / "docs" / "glossary.md")
    words = {room.name for room in rooms()} | {role.value for role in Role if role is not Role.SYSTEM}
    missing = [word for word in sorted(words) if not re.search(rf"\b{word}\b", text)]
    assert not missing, broken("docs/glossary.md has every room and role with its Chinese word.", missing)


def test_glossary_lines_are_bilingual() -> None:
    rows = [line for line in _text(ROOT / "docs" / "glossary.md").splitlines() if re.match(r"\| [a-z`]", line)]
    poor = [row for row in rows if not re.search(r"[\u4e00-\u9fff]", row)]
    assert len(rows) > 60 and not poor, broken("Each line of the glossary has both languages.", poor)


def test_decisions_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(name[:4]) for name in names if re.match(r"\d{4}-[a-z0-9-]+\.md$", name)]
    assert len(numbers) == len(names) and numbers == list(range(1, len(numbers) + 1)), names
