"""Sizes and shapes. The limits only ever tighten."""

import ast
from pathlib import Path

import pytest

from tests.house.reading import CODE_FOLDERS, all_files, at, broken, functions_of, name_of, python_files, tree_of

FILE_LINES = 400
FUNCTION_LINES = 60
POSITIONAL = 2
POSITIONAL_OF_ARRAYS = 4
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "service", "handler"}
FORBIDDEN_NAMES |= {f"{name}s" for name in FORBIDDEN_NAMES}
_ARRAYS = ("NDArray", "ndarray", "pa.Array", "pa.Table", "FloatArray", "IntArray", "Floats", "Ints", "Bools", "Array")


def test_files_are_short() -> None:
    long = []
    for path in all_files():
        if path.suffix in {".py", ".sql", ".html", ".css", ".js"} and "migrations" not in path.parts:
            lines = path.read_text("utf-8").count("\n")
            if lines > FILE_LINES:
                long.append(f"{name_of(path)}: {lines} lines")
    assert not long, broken(f"A file has at most {FILE_LINES} lines; split it by noun.", long)


def test_functions_are_short() -> None:
    long = []
    for path in python_files(*CODE_FOLDERS):
        for function in functions_of(path):
            lines = (function.end_lineno or function.lineno) - function.lineno + 1
            if lines > FUNCTION_LINES:
                long.append(f"{at(path, function)} {function.name}: {lines} lines")
    assert not long, broken(f"A function has at most {FUNCTION_LINES} lines (aim 25).", long)


def test_arguments_are_named() -> None:
    wide = []
    for path in python_files("shuke", "tools", "bench"):
        for function in functions_of(path):
            count = _positional(path, function)
            if count > (POSITIONAL_OF_ARRAYS if _takes_arrays(function) else POSITIONAL):
                wide.append(f"{at(path, function)} {function.name} takes {count} positional arguments")
    rule = (
        f"At most {POSITIONAL} positional parameters ({POSITIONAL_OF_ARRAYS} for array functions); the rest behind '*'."
    )
    assert not wide, broken(rule, wide)


def _positional(path: Path, function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    if function.name.startswith("__") and function.name != "__init__":
        return 0  # Python itself decides the shape of __exit__ and the like
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    methods = {id(inner) for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef) for inner in node.body}
    if id(function) in methods and "staticmethod" not in {ast.unparse(mark) for mark in function.decorator_list}:
        names = names[1:]
    return len(names)


def _takes_arrays(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    notes = [ast.unparse(a.annotation) for a in (*function.args.posonlyargs, *function.args.args) if a.annotation]
    return any(word in note for note in notes for word in _ARRAYS)


def test_modules_are_named_after_what_they_hold() -> None:
    vague = [name_of(path) for path in python_files(*CODE_FOLDERS) if FORBIDDEN_NAMES & {path.stem, path.parent.name}]
    assert not vague, broken("A module's name says what is in it; these say nothing.", vague)


def test_public_things_are_explained() -> None:
    silent = []
    for path in python_files("shuke"):
        tree = tree_of(path)
        if not ast.get_docstring(tree) and path.name not in {"apps.py"} and tree.body:
            silent.append(f"{name_of(path)}: the module")
        for node in tree.body:
            if _wants_docstring(node):
                silent.append(f"{at(path, node)} {getattr(node, 'name', '')}")
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                silent += [f"{at(path, m)} {node.name}.{m.name}" for m in node.body if _wants_docstring(m, inside=True)]
    silent = [place for place in silent if not place.split()[0].endswith("apps.py:3")]
    assert not silent, broken("Public modules, classes and functions have a docstring.", silent)


def _wants_docstring(node: ast.stmt, *, inside: bool = False) -> bool:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    if node.name.startswith("_") or ast.get_docstring(node):
        return False
    marks = {ast.unparse(mark) for mark in node.decorator_list}
    if inside and isinstance(node, ast.ClassDef):
        return False  # Django's Meta
    if marks & {"property", "cached_property", "overload", "override"} or any(
        mark.endswith(".setter") for mark in marks
    ):
        return False
    return not (isinstance(node, ast.ClassDef) and node.name.endswith("Config"))


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "noqa", "type: ignore", "pragma: no cover", "mypy: ignore"])
def test_no_debt_is_left_in_the_code(word: str) -> None:
    found = [
        f"{name_of(path)}:{number}"
        for path in python_files(*CODE_FOLDERS)
        if path != Path(__file__)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if word in line
    ]
    assert not found, broken(f"No '{word}' in the code: mend it, or open an issue.", found)


def test_nothing_is_empty_and_no_error_is_swallowed() -> None:
    found = []
    for path in python_files(*CODE_FOLDERS):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Pass):
                found.append(f"{at(path, node)} pass")
            if isinstance(node, ast.ExceptHandler) and _is_silent(node):
                found.append(f"{at(path, node)} swallows {ast.unparse(node.type) if node.type else 'everything'}")
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
                found += [
                    f"{at(path, node)} suppresses {ast.unparse(a)}" for a in node.args if "Exception" in ast.unparse(a)
                ]
    assert not found, broken("No empty bodies; an error is handled, told or passed on.", found)


def _is_silent(handler: ast.ExceptHandler) -> bool:
    return all(isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant) for s in handler.body)


def test_every_test_asserts_something() -> None:
    empty = []
    for path in python_files("tests"):
        if not path.name.startswith("test_"):
            continue
        for function in functions_of(path):
            if function.name.startswith("test_") and not _asserts(function):
                empty.append(f"{at(path, function)} {function.name}")
    assert not empty, broken("A test asserts something.", empty)


def _asserts(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert | ast.Raise):
            return True
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).split("(")[0].split(".")[-1].lstrip("_")
            if called.startswith(("assert", "raises", "expect", "check", "to_", "fail")):
                return True
    return False
