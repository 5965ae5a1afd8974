"""Who is who, against the demo retailer's truth: precision, recall, F1, B-cubed, the biggest cluster, time over its floor.

small: the demo retailer of 20,000 customers; full: also 1,000,000 person records with a third of the phones masked.
Records that the truth gives to nobody (walk-ins on a till's own number) count as people of their own, so joining one
is an error; a record that Shuke gives to nobody is a cluster of its own. Records that the truth does not name (receipts
without any person field) are left out; figures are given over all others and over those that carry any identifier.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench.figure import Figure, peak_gigabytes, seconds, tell
from shuke.demo.actions import write_bulk, write_exports

_ROOT = Path(__file__).resolve().parent.parent
_CELLS = """
create or replace temp table cells as
with records as (
  select
    coalesce(i.{column}, -(row_number() over (order by i.source, i.source_row_id))) as cluster,
    coalesce(t.person_id, -(row_number() over (order by i.source, i.source_row_id))) as person
  from read_parquet({identity}) i
  join read_parquet('{truth}/records.parquet') t using (source, source_row_id)
  where {where}
)
select cluster, person, count(*)::double as n from records group by cluster, person
"""
_SCORES = """
with c as (select cluster, sum(n) as n from cells group by cluster),
p as (select person, sum(n) as n from cells group by person)
select
  (select sum(n * (n - 1)) from cells) as both,
  (select sum(n * (n - 1)) from c) as found,
  (select sum(n * (n - 1)) from p) as truth,
  (select sum(x.n * x.n / c.n) from cells x join c using (cluster)) as precision_sum,
  (select sum(x.n * x.n / p.n) from cells x join p using (person)) as recall_sum,
  (select sum(n) from cells) as records,
  (select max(n) from c) as biggest,
  (select max(n) from p) as biggest_true,
  (select max(k) from (select count(distinct person) as k from cells where cluster > 0 group by cluster)) as most_people
"""


@dataclass(frozen=True)
class Scores:
    """Agreement of a partition with the truth, each from 0 to 1; sizes in records."""

    precision: float
    recall: float
    bcubed: float
    records: int
    biggest: int
    biggest_true: int
    most_people: int

    @property
    def f1(self) -> float:
        """Harmonic mean of pairwise precision and recall."""
        return _harmonic(self.precision, self.recall)


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / max(one + other, 1e-12)


def scores(identity: list[Path], *, truth: Path, column: str, where: str = "true") -> Scores:
    """Scores one column of identity (Parquet files) against the truth's records.parquet; `where` cuts the records."""
    engine = duckdb.connect()
    files = "[" + ", ".join(f"'{path}'" for path in identity) + "]"
    engine.execute(_CELLS.format(column=column, identity=files, truth=truth, where=where))
    both, found, true, precision, recall, records, biggest, biggest_true, people = engine.execute(_SCORES).fetchone()
    return Scores(
        precision=both / max(found, 1),
        recall=both / max(true, 1),
        bcubed=_harmonic(precision / records, recall / records),
        records=int(records),
        biggest=int(biggest),
        biggest_true=int(biggest_true),
        most_people=int(people or 0),
    )


def tell_scores(title: str, found: Scores) -> None:
    """Prints the figures of one partition."""
    for name, figure in (
        ("pairwise precision", found.precision),
        ("pairwise recall", found.recall),
        ("pairwise F1", found.f1),
        ("B-cubed F1", found.bcubed),
    ):
        print(f"{title}, {name}: figure {figure:.4f} share", flush=True)
    tell(Figure(f"{title}, biggest cluster (truth {found.biggest_true})", figure=found.biggest, unit="records"))
    tell(Figure(f"{title}, most people in one cluster", figure=found.most_people, unit="people"))


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["small", "full"], default="full")
    parser.add_argument("--seed", type=int, default=20261123)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        _demo(Path(folder), seed=asked.seed)
        if asked.size == "full":
            _bulk(Path(folder), seed=asked.seed)
    return 0


def _demo(folder: Path, *, seed: int) -> None:
    write_exports(folder / "exports", truth=folder / "truth", customers=20_000, seed=seed)
    shop = _imported(folder, name="demo")
    _resolve(shop, truth=folder / "truth", title="demo retailer, 20,000 customers")


def _bulk(folder: Path, *, seed: int) -> None:
    """Members and receipts of 100,000 customers, a third of the phones masked: about a million records."""
    write_bulk(
        folder / "bulk" / "exports", truth=folder / "bulk" / "truth", customers=160_000, seed=seed, mask_phones=True
    )
    shop = _imported(folder / "bulk", name="bulk")
    _resolve(shop, truth=folder / "bulk" / "truth", title="a third of phones masked")


def _imported(folder: Path, *, name: str) -> Path:
    command = [sys.executable, "-m", "shuke.cli.main"]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    subprocess.run([*command, "init", name], cwd=folder, env=environment, check=True, capture_output=True)
    files = [str(path) for path in sorted((folder / "exports").iterdir())]
    shop = folder / name
    subprocess.run([*command, "import", *files], cwd=shop, env=environment, check=True, capture_output=True)
    return shop


def _resolve(shop: Path, *, truth: Path, title: str) -> None:
    """Resolves in a process of its own, so that its memory is its own, and prints its lines."""
    command = [sys.executable, "-m", "bench.identity_run", str(shop), str(truth), title]
    subprocess.run(command, cwd=_ROOT, env={**os.environ, "SHUKE_WORKSPACE": str(shop)}, check=True)


if __name__ == "__main__":
    sys.exit(main())
