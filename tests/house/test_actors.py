"""Who asks, and when: every query and action takes an actor; only the kernel reads a clock; rules draw no luck."""

import ast
import re
from pathlib import Path

from tests.house.reading import SHUKE, at, broken, dotted, imports_of, python_files, rooms, tree_of

# What carries an actor: the actor itself, a reader opened for one, the run of the system, or the session of a run.
CARRIERS = re.compile(r"\b(Actor|Reader|Run|DuckDBPyConnection)\b")
# Whole rooms without actors: words, the synthetic retailer, and the door that makes readers out of actors.
WITHOUT = {"kernel", "demo", "lake", "procedures", "cli", "server", "console", "api"}
# Single functions, each with its reason.
EXCEPTIONS = {
    "access.queries.actor_of": "makes the actor",
    "access.queries.holder_of_key": "makes the actor",
    "intake.queries.channels": "mappings are definitions, not data",
    "intake.queries.checked_mapping": "mappings are definitions, not data",
    "intake.actions.write_proposal": "writes a definition to be reviewed",
    "intake.actions.write_change": "writes a definition to be reviewed",
    "intake.actions.last_exports": "columns of exports, for a step of import_files, which takes the actor",
    "intake.actions.last_headers": "columns of exports, for a step of import_files, which takes the actor",
    "intake.actions.next_batch_id": "a step of import_files, which takes the actor and holds the lease",
    "intake.actions.earlier": "a step of import_files, which takes the actor and holds the lease",
    "intake.actions.known_hashes": "a step of import_files, which takes the actor and holds the lease",
    "intake.actions.settle_quarantine": "a step of import_files, which takes the actor and holds the lease",
    "intake.actions.repaired_batch": "a step of import_files, which takes the actor and holds the lease",
    "loyalty.actions.open_shelf": "a step of write, which takes the actor",
    "loyalty.actions.add_rows": "a step of write, which takes the actor",
    "loyalty.actions.wanted": "a step of write, which takes the actor",
    "loyalty.actions.load": "a step of write, which takes the actor",
    "loyalty.actions.note": "a step of write, which takes the actor",
    "loyalty.actions.batch_of": "a step of write, which takes the actor",
    "loyalty.actions.write_batch": "a step of write and of the teller, which take the actor",
    "loyalty.queries.balance_now": "a step of account and balance, which take the actor",
    "loyalty.queries.group_of": "a step of account and balance, which take the actor",
    "loyalty.queries.holds_over": "a step of account and balance, which take the actor",
    "predictions.queries.day_number": "arithmetic on a day",
    "predictions.queries.say_recommendation": "words of a definition, not data",
    "predictions.actions.study": "a step of score, which takes the actor",
    "predictions.actions.predicted": "a step of score, which takes the actor",
    "predictions.actions.spend_of": "a step of score, which takes the actor",
    "predictions.actions.back_test": "a step of score, which takes the actor",
    "predictions.actions.scores_table": "a step of score, which takes the actor",
    "predictions.actions.zone_hours": "arithmetic on a zone",
    "access.actions.generate_password": "a fresh secret; reads and writes nothing",
}
_CLOCKS = re.compile(
    r"^(datetime\.)?(datetime|date)\.(now|utcnow|today|fromtimestamp|utcfromtimestamp)$"
    r"|^time\.(time|time_ns|localtime|gmtime|ctime)$|^(django\.utils\.)?timezone\.(now|localtime|localdate)$"
)


def _public_functions(part: str) -> list[tuple[Path, ast.FunctionDef, str]]:
    found = []
    for room in rooms():
        if room.name in WITHOUT:
            continue
        for path in python_files("shuke"):
            if path != room / f"{part}.py" and room / part not in path.parents:
                continue
            for node in tree_of(path).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    found.append((path, node, f"{room.name}.{part}.{node.name}"))
    return found


def test_every_query_and_action_takes_an_actor() -> None:
    bare = []
    for part in ("queries", "actions"):
        for path, node, name in _public_functions(part):
            arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            notes = [ast.unparse(argument.annotation) for argument in arguments if argument.annotation]
            if name not in EXCEPTIONS and not any(CARRIERS.search(note) for note in notes):
                bare.append(f"{at(path, node)} {name}")
    rule = "Every query and action takes an Actor (or a Reader or Run, which carry one)."
    assert not bare, broken(rule, bare)


def test_exceptions_are_still_needed() -> None:
    real = {name for part in ("queries", "actions") for _, _, name in _public_functions(part)}
    gone = sorted(set(EXCEPTIONS) - real)
    assert not gone, broken("An exception without a function goes.", gone)


def test_only_the_kernel_reads_a_clock() -> None:
    found = []
    for path in python_files("shuke"):
        if path == SHUKE / "kernel" / "clock.py":
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and _CLOCKS.match(dotted(node.func)):
                # From a number to an instant is arithmetic, as long as it says which zone.
                if dotted(node.func).endswith("fromtimestamp") and len(node.args) + len(node.keywords) == 2:
                    continue
                found.append(f"{at(path, node)} {dotted(node.func)}()")
    assert not found, broken("Only shuke.kernel.clock reads a clock; everything else is told the time.", found)


def test_rules_draw_no_luck() -> None:
    found = []
    for path in python_files("shuke"):
        if "rules" not in {path.stem, path.parent.name}:
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call):
                name = dotted(node.func)
                is_maker = re.match(r"^np\.random\.(default_rng|[A-Z]\w+)$", name)
                unseeded = is_maker and not (node.args or node.keywords)
                if unseeded or (not is_maker and re.match(r"^(random|secrets|uuid|np\.random)\.", name)):
                    found.append(f"{at(path, node)} {name}()")
    assert not found, broken("Rules are the same for the same input: a seed or a generator comes from outside.", found)


def test_no_room_imports_the_shop_window() -> None:
    found = [
        f"{at(path, node)} imports {name}"
        for path in python_files("shuke")
        for node, name in imports_of(path)
        if re.match(r"shuke\.[^.]+$", name)
        and name.split(".")[1] not in {room.name for room in rooms()}
        and path.parent.name not in {"cli"}
    ]
    assert not found, broken("`import shuke` is for notebooks; rooms import rooms.", found)
