"""Staged rows and evidence arrays, written short."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from shuke.customers.adapters import guards, weights
from shuke.customers.rules import partition
from shuke.customers.rules.components import numbered
from shuke.customers.rules.statistics import measure
from shuke.customers.values import KEY_TYPES, Evidence, Parts, Statistics
from shuke.kernel.actor import SYSTEM
from shuke.kernel.ids import record_id, stable_hash
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import Reader, open_reader

Row = dict[str, Any]
DAY_0 = datetime(2025, 1, 1, 2)


def day(number: int) -> datetime:
    """The instant `number` days after the first."""
    return DAY_0 + timedelta(days=number)


def person(source: str, row_id: str, **values: Any) -> Row:
    """A staged person; `seen` is a day number, `kind` is guessed from the source."""
    kinds = {"member": "member", "wecom": "contact", "person": "person", "consent": "fact"}
    seen = values.pop("seen", 0)
    row: Row = {
        "batch_id": 1,
        "row_no": 1,
        "record_id": record_id(source, row_id),
        "source": source,
        "shop": "",
        "source_row_id": row_id,
        "kind": kinds.get(source, "order"),
        "seen_at": day(seen),
        "birthday": None,
        "is_staff": None,
    }
    return row | values


def sale(source: str, order_no: str, **values: Any) -> Row:
    """A staged order line."""
    row: Row = {
        "batch_id": 1, "row_no": 1, "row_hash": stable_hash(order_no), "record_id": record_id(source, order_no),
        "source": source, "shop": "", "row_grain": "line", "order_no": order_no, "currency": "CNY",
        "ordered_at": DAY_0, "ordered_on": DAY_0.date(),
    }  # fmt: skip
    return row | values


def evidence_of(rows: Sequence[Row]) -> Evidence:
    """Evidence arrays from rows such as {"card": "c1", "phone": "p1", "name": "陈小燕", "first": 0, "last": 9}."""

    def column(name: str) -> Any:
        return _numbers(row.get(name) for row in rows)

    cards_and_members = np.split(numbered(np.concatenate([column("card"), column("member_id")]))[0], 2)
    keys = {kind: numbered(column(kind))[0] for kind in KEY_TYPES}
    return Evidence(
        keys=keys | dict(zip(("card", "member_id"), cards_and_members, strict=True)),
        name=numbered(column("name"))[0],
        name_is_full=np.array([bool(row.get("name")) for row in rows]),
        initial=numbered(_numbers((row.get("name") or row.get("initial") or "")[:1] for row in rows))[0],
        city=numbered(column("city"))[0],
        district=numbered(column("district"))[0],
        gender=numbered(column("gender"))[0],
        birthday=np.array([row.get("birthday") or 0 for row in rows], np.int64),
        mask=numbered(column("mask"))[0],
        prefix=np.array([int(str(row.get("mask") or "0")[:3]) for row in rows], np.int64),
        first=np.array([86_400 * (1000 + row.get("first", 0)) for row in rows], np.int64),
        last=np.array([86_400 * (1000 + row.get("last", row.get("first", 0))) for row in rows], np.int64),
        records=np.array([row.get("records", 1) for row in rows], np.int64),
        is_own=np.array([bool(row.get("own")) for row in rows]),
        is_staff=np.array([bool(row.get("staff")) for row in rows]),
        place=np.zeros(len(rows), np.int64),
        visits=np.zeros(len(rows), np.int64),
        seen_at=None,
    )


def _numbers(values: Iterable[Any]) -> Any:
    return np.array([0 if value in (None, "") else stable_hash(str(value)) for value in values], np.int64)


def measured(evidence: Evidence) -> Statistics:
    """The statistics of evidence whose rows no key ties."""
    return measure(evidence, np.arange(len(evidence)), weights=weights())


def parts_of(rows: Sequence[Row]) -> Parts:
    """The partition of such rows under the shipped definitions."""
    return partition(
        evidence_of(rows),
        spelled=lambda asked: [rows[row].get("name") for row in asked.tolist()],
        limits=guards().limits,
        weights=weights(),
    )


def groups(rows: Sequence[Row], *, automatic: bool = False) -> list[list[int]]:
    """Rows by customer, sorted; rows of nobody are left out."""
    parts = parts_of(rows)
    labels = parts.automatic if automatic else parts.used
    found: dict[int, list[int]] = {}
    for row, label in zip(parts.evidence.tolist(), labels.tolist(), strict=True):
        if label >= 0:
            found.setdefault(label, []).append(row)
    return sorted(sorted(set(rows)) for rows in found.values())


def resolve(workspace: Workspace) -> Any:
    """Resolves and publishes, as the procedure does."""
    from django.db import transaction

    from shuke.customers.actions import commit_resolution
    from shuke.customers.actions import resolve as resolve_run

    with open_run(workspace, kind="test") as run:
        if "store_names" not in run.tables:
            run.write("store_names", sql="select '' as source, '' as written, '' as store, '' as channel where false")
        resolution = resolve_run(SYSTEM, run=run)
        with transaction.atomic():
            commit_resolution(SYSTEM, resolution=resolution)
            run.publish()
    return resolution


def forget(workspace: Workspace) -> None:
    """Leaves a workspace that holds staged rows and remembers nothing of earlier resolutions."""
    from shuke.customers.models import Allocator

    Allocator.objects.all().delete()
    with open_run(workspace, kind="test") as run:
        for name in list(run.tables):
            if not name.startswith("staged_"):
                run.tables.pop(name)
        run.publish()


def identity(workspace: Workspace, column: str = "customer_id") -> dict[tuple[str, str], int | None]:
    """(source, source_row_id) -> customer."""
    with open_reader(SYSTEM, workspace) as lake:
        rows = lake.rows(f"select source, source_row_id, {column} as who from identity")
    return {(row["source"], row["source_row_id"]): row["who"] for row in rows}


def table(lake: Reader, name: str) -> list[tuple[Any, ...]]:
    """All rows of a table, sorted."""
    return sorted((tuple(row.values()) for row in lake.rows(f"select * from {name}")), key=repr)
