"""A table under patches shows the same rows as the same table written whole."""

import random
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import Run, open_run, prune
from shuke.lake.queries import open_reader

Fill = Callable[..., None]
Rows = dict[int, list[int]]
TABLE = "resting_records"


def rows_of(held: Rows) -> list[dict[str, int]]:
    return [{"record_id": key, "customer_id": n, "customer_id_automatic": key + n} for key in held for n in held[key]]


def shown(workspace: Workspace) -> list[dict[str, Any]]:
    with open_reader(SYSTEM, workspace) as lake:
        found = lake.rows(f"select * from {TABLE}")
        assert lake.row_count(TABLE) == len(found)
    return sorted(found, key=lambda row: tuple(row.values()))


def patched(run: Run, *, keys: list[int], rows: Rows) -> None:
    cursor = run.reader().cursor
    cursor.execute("create or replace temp table asked_keys (record_id bigint)")
    cursor.register("given_keys", pa.table({"record_id": pa.array(keys, pa.int64())}))
    cursor.execute("insert into asked_keys select * from given_keys")
    columns = {
        name: pa.array([row[name] for row in rows_of(rows)], pa.int64())
        for name in ("record_id", "customer_id", "customer_id_automatic")
    }
    cursor.register("given_rows", pa.table(columns))
    run.patch(TABLE, key="record_id", keys="asked_keys", sql="select * from given_rows")


def test_random_patches_equal_the_table_written_whole(workspace: Workspace, fill_lake: Fill) -> None:
    chance = random.Random(4)
    held: Rows = {key: [chance.randrange(9) for _ in range(1 + key % 2)] for key in range(200)}
    fill_lake(**{TABLE: rows_of(held)})
    files = set[str]()
    whole = 0
    for step in range(12):
        keys = chance.sample(range(230), chance.choice([0, 1, 4, 8]))
        # Some keys go, some change, some are new.
        rows: Rows = {key: [chance.randrange(9)] for key in keys if chance.random() < 0.7}
        with open_run(workspace, kind="test") as run:
            patched(run, keys=keys, rows=rows)
            entry = run.tables[TABLE]
            run.publish()
        held = {key: held[key] for key in held if key not in keys} | rows
        assert shown(workspace) == sorted(rows_of(held), key=lambda row: tuple(row.values())), step
        whole += "patch" not in entry
        files |= set(entry["files"])
    assert 0 < whole < 12
    prune(workspace)
    assert all((workspace.lake / name).exists() for name in entry["files"])


def test_models_are_built_of_narrowed_inputs(workspace: Workspace, fill_lake: Fill) -> None:
    fill_lake(**{TABLE: rows_of({1: [1], 2: [2]})})
    with open_run(workspace, kind="test") as run:
        cursor = run.reader().cursor
        cursor.execute("create or replace temp table one_row as select 7 as record_id, 8 as customer_id")
        with run.narrowed(resting_records="one_row"):
            assert run.reader().rows(f"select * from {TABLE}") == [{"record_id": 7, "customer_id": 8}]
        assert run.reader().value(f"select count(*) from {TABLE}") == 2
