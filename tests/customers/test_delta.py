"""A delta gives the tables of a full run, row for row, whatever came and in whatever order."""

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa
import pytest
from django.db import transaction

from shuke.customers.actions import commit_resolution, delta
from shuke.customers.actions import resolve as resolve_run
from shuke.customers.adapters import guards, weights
from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import Run, open_run
from shuke.lake.queries import specs
from tests.customers.people import Row, forget, identity, person, resolve, sale
from tests.customers.test_resolution import crowd

Fill = Callable[..., None]
# What tells of the run itself: when it was, and what happened in it.
GIVEN = (guards(), weights())
_OF_THE_RUN = {"customer_events"}


def come(workspace: Workspace, **tables: Sequence[Row]) -> None:
    """Appends staged rows as an import does: one more file a table."""
    with open_run(workspace, kind="test") as run:
        for name, rows in tables.items():
            cursor = run.reader().cursor
            keys = list(dict.fromkeys(key for row in rows for key in row))
            cursor.register("given", pa.table({key: [row.get(key) for row in rows] for key in keys}))
            cursor.execute(specs()[name].sql.replace("create table ", "create or replace temp table filled_", 1))
            cursor.execute(f"insert into filled_{name} by name select * from given")
            run.append(name, sql=f"select * from filled_{name}")
        run.publish()


def tables_of(run: Run) -> dict[str, list[tuple[Any, ...]]]:
    """The room's tables, sorted; the catalog's counts are right."""
    lake = run.reader()
    found = {}
    for name in sorted(run.tables):
        if specs()[name].room == "customers" and name not in _OF_THE_RUN and run.tables[name]["files"]:
            rows = sorted((tuple(row.values()) for row in lake.rows(f"select * from {name}")), key=repr)
            assert lake.row_count(name) == len(rows), name
            found[name] = rows
    return found


def both_ways(workspace: Workspace) -> bool:
    """Resolves as a delta and whole, compares every table, publishes the delta; whether a delta was possible."""
    with open_run(workspace, kind="test") as run:
        resolve_run(SYSTEM, run=run, whole=True)
        whole = tables_of(run)
    with open_run(workspace, kind="test") as run:
        possible = delta.new_since(run, given=GIVEN) is not None
        resolution = resolve_run(SYSTEM, run=run)
        parts = tables_of(run)
        with transaction.atomic():
            commit_resolution(SYSTEM, resolution=resolution)
            run.publish()
    assert parts.keys() == whole.keys()
    for name, rows in whole.items():
        assert parts[name] == rows, name
    return possible


def days_of(rows: list[Row], *, days: int, seed: int) -> Iterator[list[Row]]:
    """The rows in batches of random sizes, some of them empty."""
    chance = random.Random(seed)
    for number in range(days):
        part = [row for row in rows if chance.random() < 1 / (days - number)]
        rows = [row for row in rows if not any(row is other for other in part)]
        yield [{**row, "batch_id": number + 2} for row in part]


def shop(seed: int) -> list[Row]:
    """People, families, tills, second versions of records, and receipts with digits only."""
    chance = random.Random(seed)
    rows = crowd(120, seed=seed)
    rows += [{**row, "card": f"C{chance.randrange(120):06}"} for row in rows if chance.random() < 0.05]
    rows += [person("pos", f"till{n}", phone="8613912345670", seen=n // 6) for n in range(90)]
    rows += [person("member", "S1", card="S00001", phone="8613912345670", name="季兰芳", is_staff=True)]
    shared = "8613912345677"
    rows += [
        person("member", f"K{n}", card=f"K{n:05}", phone=shared, name=f"王小{c}")
        for n, c in enumerate("一二三四五六七")
    ]
    rows += [
        person("pos", f"bare{n}", phone_masked=f"139****{chance.randrange(120):04}", store="滨江店", seen=500 + n)
        for n in range(30)
    ]
    return rows


@pytest.mark.parametrize("seed", range(2))
def test_a_delta_equals_the_full_run(workspace: Workspace, fill_lake: Fill, seed: int) -> None:
    chance = random.Random(seed)
    rows = shop(seed)
    first = [row for row in rows if chance.random() < 0.8]
    later = [row for row in rows if not any(row is other for other in first)]
    sales = [sale("pos", f"N{n}") for n in range(5)]
    sales += [sale("pos", f"X{n}", external_order_no=f"P{n}-0") for n in range(40)]
    fill_lake(staged_persons=first, staged_sales=sales[:20])
    resolve(workspace)
    ways = []
    for part in days_of(later, days=1, seed=seed):
        come(workspace, staged_persons=part, staged_sales=sales[20:])
        ways.append(both_ways(workspace))
    # A day of little: what it touches stands beside the older files.
    come(
        workspace, staged_persons=[person("pos", "late", card="C000007", seen=700), person("pos", "x", phone="8613712")]
    )
    assert all([*ways, both_ways(workspace)])
    with open_run(workspace, kind="test") as run:
        assert {"identity", "customer_profiles", "person_evidence"} <= {
            n for n, e in run.tables.items() if "patch" in e
        }
    assert both_ways(workspace)


def test_more_than_rows_means_the_full_way(
    workspace: Workspace, fill_lake: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = crowd(30, seed=5)
    fill_lake(staged_persons=rows)
    with open_run(workspace, kind="test") as run:
        assert delta.new_since(run, given=GIVEN) is None
    resolve(workspace)
    come(workspace, staged_persons=[person("pos", "new", card="C000001", seen=9)])
    with open_run(workspace, kind="test") as run:
        found = delta.new_since(run, given=GIVEN)
        assert found is not None
        assert [len(files) for files in found.files.values()] == [1, 0]
    with monkeypatch.context() as changed, open_run(workspace, kind="test") as run:
        changed.setattr(delta, "_code", lambda: "other rules")
        assert delta.new_since(run, given=GIVEN) is None
    fill_lake(staged_persons=rows[1:])
    with open_run(workspace, kind="test") as run:
        assert delta.new_since(run, given=GIVEN) is None


def test_thirty_days_in_any_order_give_the_partition_of_one_run(workspace: Workspace, fill_lake: Fill) -> None:
    rows = shop(7)
    fill_lake(staged_persons=rows)
    resolve(workspace)
    once = _groups(identity(workspace))
    days = list(days_of(rows, days=30, seed=7))
    forget(workspace)
    random.Random(8).shuffle(days)
    fill_lake(staged_persons=[{**row, "batch_id": 1} for row in days[0]])
    for number, part in enumerate(days[1:]):
        come(workspace, staged_persons=[{**row, "batch_id": 1} for row in part])
        if number % 7 == 0:
            resolve(workspace)
    assert _groups(identity(workspace)) == once


def _groups(who: dict[tuple[str, str], int | None]) -> set[frozenset[tuple[str, str]]]:
    found: dict[int, set[tuple[str, str]]] = {}
    for key, customer in who.items():
        if customer is not None:
            found.setdefault(customer, set()).add(key)
    return {frozenset(keys) for keys in found.values()}
