"""The same floor plan in every room: which files there may be, and what each may not do."""

import ast
import re
from pathlib import Path

from tests.house.reading import SHUKE, at, broken, dotted, imports_of, name_of, python_files, rooms, street, tree_of

PLAN = {"values", "rules", "models", "adapters", "queries", "actions"}
# Rooms that are not a capability: shared words, the table of contents, and the front doors.
FREE = {"kernel", "procedures", "cli", "server", "console", "api"}
PAGE_FOLDERS = {"home", "workbench", "settings", "frame", "templates", "templatetags", "static"}


def _capabilities() -> list[Path]:
    return [room for room in rooms() if room.name not in FREE]


def test_every_room_stands_on_the_street() -> None:
    known = {room for places in street() for room in places}
    strange = [name_of(room) for room in rooms() if room.name not in known]
    assert not strange, broken("A room has its place in the import contract of pyproject.toml.", strange)


def test_rooms_hold_only_what_the_plan_names() -> None:
    strange = []
    for room in _capabilities():
        for path in sorted(room.iterdir()):
            if path.name == "__pycache__" or path.name in {
                "__init__.py",
                "apps.py",
                "tables",
                "definitions",
                "migrations",
            }:
                continue
            if path.stem in PLAN and (path.suffix == ".py" or (path.is_dir() and (path / "__init__.py").is_file())):
                continue
            strange.append(name_of(path))
    assert not strange, broken("A room holds the files of the floor plan and no others (DESIGN, section 2).", strange)


def test_folders_hold_their_kind() -> None:
    kinds = {"tables": {".sql"}, "definitions": {".yaml"}}
    strange = [
        name_of(path)
        for room in rooms()
        for folder, suffixes in kinds.items()
        for path in sorted((room / folder).rglob("*"))
        if path.is_file() and path.suffix not in suffixes
    ]
    assert not strange, broken("tables/ holds .sql files, definitions/ holds .yaml files.", strange)


def test_a_file_is_either_a_module_or_a_folder() -> None:
    double = [name_of(path) for path in python_files("shuke") if path.with_suffix("").is_dir()]
    assert not double, broken("A module and a folder of the same name stand side by side.", double)


def test_room_starts_with_what_it_guarantees() -> None:
    silent = []
    for room in _capabilities():
        tree = tree_of(room / "__init__.py")
        docstring = ast.get_docstring(tree) or ""
        if len(tree.body) != 1 or not all(word in docstring.lower() for word in ("take", "give", "guarantee")):
            silent.append(name_of(room / "__init__.py"))
    assert not silent, broken("A room's __init__.py is one docstring: what it takes, gives and guarantees.", silent)


def test_split_files_hand_on_their_names() -> None:
    strange = []
    for room in rooms():
        for path in sorted(room.glob("*/__init__.py")):
            if path.parent.name not in PLAN:
                continue
            for node in tree_of(path).body:
                is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
                is_all = isinstance(node, ast.Assign) and dotted(node.targets[0]) == "__all__"
                own = isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"shuke.{room.name}.")
                if not (is_text or is_all or own):
                    strange.append(at(path, node))
    assert not strange, broken("A split file's __init__ hands on its own public names and does nothing else.", strange)


def test_pages_stand_in_folders_named_as_the_rooms() -> None:
    known = {room for places in street() for room in places} | PAGE_FOLDERS
    strange = [
        name_of(path)
        for door in ("console", "api")
        for path in sorted((SHUKE / door).glob("*/"))
        if path.is_dir() and path.name not in known | {"__pycache__", "migrations"}
    ]
    assert not strange, broken("console/ and api/ have folders named as the rooms, and home/ and workbench/.", strange)


def _imports(part: str) -> list[tuple[Path, ast.stmt, str]]:
    """Imports of every room's `part` (file or folder)."""
    found = []
    for room in _capabilities():
        paths = [path for path in python_files("shuke") if path == room / f"{part}.py" or room / part in path.parents]
        found += [(path, node, name) for path in paths for node, name in imports_of(path)]
    return found


def test_values_and_rules_are_pure() -> None:
    unwanted = ("django", "duckdb", "subprocess", "socket", "urllib", "requests", "random", "time")
    found = [
        f"{at(path, node)} imports {name}"
        for part in ("values", "rules")
        for path, node, name in _imports(part)
        if name.split(".")[0] in unwanted or name.startswith(("shuke.kernel.clock", "shuke.lake.adapters"))
    ]
    assert not found, broken("values and rules take values and give values: no Django, engine, clock or chance.", found)


def test_only_adapters_open_an_engine() -> None:
    allowed = re.compile(r"shuke/lake/|shuke/\w+/adapters(/|\.py)")
    engines = {"duckdb", "psycopg", "pyspark"}
    found = []
    for path in python_files("shuke"):
        if allowed.match(name_of(path)):
            continue
        # A session may be named as a type and its errors caught; it is opened by the door or an adapter.
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and dotted(node.func).split(".")[0] in engines:
                found.append(f"{at(path, node)} calls {dotted(node.func)}")
        taken = [(node, name) for node, name in imports_of(path) if name.split(".")[0] in engines]
        found += [f"{at(path, node)} imports {name}" for node, name in taken if isinstance(node, ast.ImportFrom)]
    assert not found, broken("The lake is the only door to an engine; outside libraries stand in adapters.", found)


def test_actions_call_no_other_rooms_actions() -> None:
    # Each action writes the journal, and what it writes goes through the lake's door or the outbox.
    shared = {"journal", "lake", "outbox"}
    found = []
    for path, node, name in _imports("actions"):
        match = re.match(r"shuke\.(\w+)\.actions", name)
        room = path.relative_to(SHUKE).parts[0]
        if match and match[1] not in shared | {room}:
            found.append(f"{at(path, node)} imports {name}")
    assert not found, broken("Work across rooms is a procedure.", found)


def test_queries_do_not_write() -> None:
    writes = {"save", "delete", "create", "bulk_create", "update", "get_or_create", "update_or_create", "bulk_update"}
    found = []
    for room in _capabilities():
        for path in python_files("shuke"):
            if path != room / "queries.py" and room / "queries" not in path.parents:
                continue
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writes:
                    target = ast.unparse(node.func.value)
                    if "objects" in target or node.func.attr in {"save", "bulk_create"}:
                        found.append(f"{at(path, node)} {ast.unparse(node.func)}")
    assert not found, broken("Queries read; writes are actions.", found)


def test_nothing_private_is_taken_from_another_module() -> None:
    found = [
        f"{at(path, node)} imports {name}"
        for path in python_files("shuke")
        for node, name in imports_of(path)
        if name.startswith("shuke.") and name.rsplit(".", 1)[-1].startswith("_") and not name.endswith("__version__")
    ]
    assert not found, broken("A name with an underscore belongs to its own file.", found)


def test_models_know_only_their_own_room() -> None:
    found = [
        f"{at(path, node)} imports {name}"
        for path, node, name in _imports("models")
        if re.match(r"shuke\.(\w+)\.models", name) and name.split(".")[1] != path.relative_to(SHUKE).parts[0]
    ]
    assert not found, broken("models refer to earlier rooms by string foreign keys, never by import.", found)
