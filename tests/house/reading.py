"""Reading the checkout for the house tests: files, syntax trees, rooms in street order."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SHUKE = ROOT / "shuke"
CODE_FOLDERS = ("shuke", "tests", "tools", "bench")
# What .gitignore keeps out, and what is not the project's.
_OUTSIDE = {".git", ".venv", "node_modules", "build", "var", "__pycache__", "vendor", ".claude"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def project() -> dict[str, object]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@cache
def street() -> tuple[frozenset[str], ...]:
    """The rooms in the order in which data flow; siblings share a set."""
    tool = project()["tool"]
    assert isinstance(tool, dict)
    layers = tool["importlinter"]["contracts"][0]["layers"]
    return tuple(frozenset(re.findall(r"[a-z_]+", layer)) for layer in reversed(layers))


def place_of(room: str) -> int:
    """The place of a room on the street, from 0."""
    return next(place for place, rooms in enumerate(street()) if room in rooms)


def may_read(reader: str, *, read: str) -> bool:
    """Whether a room may use another: itself or an earlier one."""
    return reader == read or place_of(read) < place_of(reader)


def rooms() -> list[Path]:
    """The rooms that exist, each with a file of its own."""
    return sorted(path.parent for path in SHUKE.glob("*/__init__.py"))


@cache
def all_files() -> tuple[Path, ...]:
    """Every file of the project that would be committed."""
    found = [path for path in ROOT.rglob("*") if path.is_file() and not _OUTSIDE & set(path.relative_to(ROOT).parts)]
    ignored = re.compile(r"\.(pyc|mo|part)$|/\.(mypy|ruff|pytest|import_linter|hypothesis)[^/]*/")
    return tuple(sorted(path for path in found if not ignored.search(path.as_posix())))


@cache
def text_files() -> tuple[tuple[Path, str], ...]:
    """Every file that is text, with its text."""
    found = []
    for path in all_files():
        data = path.read_bytes()
        if b"\0" not in data[:4096]:
            found.append((path, data.decode("utf-8", "replace")))
    return tuple(found)


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Python files in the folders named, migrations left out."""
    wanted = [ROOT / folder for folder in folders]
    return tuple(
        path
        for path in all_files()
        if path.suffix == ".py" and "migrations" not in path.parts and any(folder in path.parents for folder in wanted)
    )


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def functions_of(path: Path) -> Iterator[Function]:
    """Every function of a file, methods and inner ones included."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name_of(path: Path) -> str:
    """A path as people write it."""
    return path.relative_to(ROOT).as_posix()


def at(path: Path, node: ast.AST) -> str:
    """A place in a file that an editor can jump to."""
    return f"{name_of(path)}:{getattr(node, 'lineno', 1)}"


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an expression of names, else ''."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def imports_of(path: Path) -> Iterator[tuple[ast.stmt, str]]:
    """Every import statement of a file with the dotted name that it takes."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}"


def broken(rule: str, offenders: list[str]) -> str:
    """The message of a failing test: the rule, then who breaks it."""
    return f"\n{rule}\n  " + "\n  ".join(offenders)
