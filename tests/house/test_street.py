"""The one-way street: for imports by import-linter, for SQL by its own lineage."""

import re

from importlinter import cli

from shuke.lake.queries import specs
from shuke.lake.rules import inputs_of
from tests.house.reading import ROOT, broken, may_read, name_of, project, street

# DESIGN, section 2, in the order in which data flow.
DESIGNED = (
    *("kernel", "demo", "lake", "access", "journal", "outbox", "intake", "reference", "customers", "activity"),
    *("checkup", "metrics", "predictions", "segments", "plays", "gate", "proposals", "touches", "outcomes"),
    *("procedures", "console", "api", "cli", "server"),
)


def test_imports_obey_the_street() -> None:
    config = str(ROOT / "pyproject.toml")
    assert cli.lint_imports(config_filename=config, cache_dir=None, verbose=False) == 0, (
        "A room imports a later one; 'lint-imports' names the line. Try data, then a procedure, then a decision record."
    )


def test_the_contract_is_whole() -> None:
    tool = project()["tool"]
    assert isinstance(tool, dict)
    contracts = tool["importlinter"]["contracts"]
    assert len(contracts) == 1 and contracts[0]["exhaustive"] is True
    assert not {"ignore_imports", "unmatched_ignore_imports_alerting"} & set(contracts[0]), "There are no exceptions."
    order = [room for rooms in street() for room in rooms]
    places = {room: place for place, rooms in enumerate(street()) for room in rooms}
    assert [places[room] for room in DESIGNED if room in places] == sorted(places[r] for r in DESIGNED if r in places)
    assert set(DESIGNED) <= set(order)
    assert places["loyalty"] == places["predictions"] == places["community"], "siblings do not see each other"


def test_sql_obeys_the_street() -> None:
    upward = [
        f"{name_of(spec.path)} reads {read} of {specs()[read].room}"
        for spec in specs().values()
        for read in sorted(inputs_of(spec))
        if read in specs() and not may_read(spec.room, read=specs()[read].room)
    ]
    rule = "A room's SQL reads tables of its own and earlier rooms only; a loop table is declared by its reader."
    assert not upward, broken(rule, upward)


def test_sql_reads_only_tables_of_the_house() -> None:
    unknown = [
        f"{name_of(spec.path)} reads {read}"
        for spec in specs().values()
        for read in sorted(inputs_of(spec))
        if read not in specs() and not re.match(r"(range|generate_series|unnest)$", read)
    ]
    assert not unknown, broken("Every table that SQL reads is declared by a file in some room's tables/.", unknown)
