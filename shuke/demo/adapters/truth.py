"""Reads the truth back."""

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shuke.demo.values import Ints


def persons_of(truth: Path, *, records: Sequence[tuple[str, str]]) -> Ints:
    """The person of each source record; -1 where the record is unknown or about nobody."""
    if not records:
        return np.zeros(0, dtype=np.int64)
    wanted = pa.array(sorted({f"{source}|{row}" for source, row in records}))
    found: dict[str, int] = {}
    for batch in pq.ParquetFile(truth / "records.parquet").iter_batches(
        columns=["source", "source_row_id", "person_id"]
    ):
        keys = pc.binary_join_element_wise(batch.column("source"), batch.column("source_row_id"), "|")
        hits = pc.and_(pc.is_in(keys, value_set=wanted), pc.is_valid(batch.column("person_id")))
        persons = batch.column("person_id").filter(hits)
        found.update(zip(keys.filter(hits).to_pylist(), persons.to_pylist(), strict=True))
    return np.array([found.get(f"{source}|{row}", -1) for source, row in records], dtype=np.int64)


def person_traits(truth: Path, *, persons: Ints) -> pa.Table:
    """The rows of `persons.parquet` for these persons, in their order."""
    return pq.read_table(truth / "persons.parquet").take(pa.array(persons))


def last_orders(truth: Path, *, persons: Ints, before: Sequence[date]) -> list[date | None]:
    """The day of each person's last order before the day given; None where there is none."""
    table = pq.read_table(truth / "orders.parquet", columns=["person_id", "ordered_on", "status"])
    mask = pc.and_(pc.is_in(table["person_id"], value_set=pa.array(persons)), pc.not_equal(table["status"], "return"))
    days: dict[int, list[date]] = {}
    kept = table.filter(mask)
    for person, on in zip(kept["person_id"].to_pylist(), kept["ordered_on"].to_pylist(), strict=True):
        days.setdefault(person, []).append(on)
    return [
        max((on for on in days.get(int(person), []) if on < day), default=None)
        for person, day in zip(persons, before, strict=True)
    ]


def replace_folder(folder: Path, *, by: Path) -> None:
    """Puts another folder in the place of one."""
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    folder.rename(old)
    by.rename(folder)
    shutil.rmtree(old)
