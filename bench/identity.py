"""Who is who, against known truth: precision, recall, F1, B-cubed, biggest cluster, loss with size, time over a floor.

small: the demo retailer of 20,000 customers, retailers and registers of a few thousand records. full: also a million
records of members and receipts, retailers of several habits at 100,000 records (two seeds) and one of them at 1 and 5
million, registers without any key beside Splink where it is installed. Generators: `_people`, `_registers`.
Records that the truth gives to nobody (walk-ins on a till's own number) count as people of their own, so joining one
is an error; a record that Shuke gives to nobody is a cluster of its own. Records that the truth does not name (receipts
without any person field) are left out; figures are given over all others and over those that carry any identifier.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench import _splink
from bench._people import RETAILERS, write_retailer
from bench._registers import write_register
from bench.figure import Figure, tell
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
# The retailer that is measured at a million and five million records too.
_LARGE = "names"
_KEYS = ("member_id", "card", "unionid", "phone", "shop_user_id", "email")
_FLOOR = """
select count(*), max(times), min(first) from (
  select h, count(*) as times, min(record_id) as first
  from (select stable_hash(COLUMN) as h, record_id from staged_persons where COLUMN is not null)
  group by h
)
"""
# Tables for pages and later rooms: built by a resolution, no part of deciding who is who.
_BESIDE = (
    "evidence_keys", "identifiers", "customer_lookup", "customer_consents", "customer_profiles", "customer_evidence",
)  # fmt: skip
# In a process of its own: the room as a procedure calls it, on the rows that were imported.
_RUN = """
import json, time
import django
django.setup()
from django.conf import settings
from django.db import transaction
from bench.figure import peak_gigabytes, seconds
from shuke.customers.actions import commit_resolution, resolve
from shuke.customers.rules.components import components, numbered, star_edges
from shuke.kernel.actor import SYSTEM
from shuke.lake.actions import open_run
from shuke.reference.actions import build
with open_run(settings.WORKSPACE, kind="bench") as run:
    build(SYSTEM, run=run, parameters={{}})
    lake = run.reader()
    records = lake.value("select count(distinct record_id) from staged_persons")
    floor = seconds(lambda: [lake.rows('''{floor}'''.replace("COLUMN", key)) for key in {keys}], rounds=3)
    def strong():
        hashes = lake.arrow("select " + ", ".join(f"coalesce(stable_hash({{key}}), 0) as {{key}}" for key in {keys})
            + " from staged_persons")
        columns = [numbered(hashes[key].to_numpy())[0] for key in {keys}]
        return components(hashes.num_rows, [star_edges(column) for column in columns])
    strong_keys = seconds(strong, rounds=3)
    started, worked = time.perf_counter(), time.process_time()
    resolution = resolve(SYSTEM, run=run)
    figure, worked = time.perf_counter() - started, time.process_time() - worked
    with transaction.atomic():
        commit_resolution(SYSTEM, resolution=resolution)
        run.publish()
    beside = sum(run.timings.get(name, 0.0) for name in {beside})
    print(json.dumps(dict(records=records, customers=resolution.customers, floor=floor, seconds=figure, worked=worked,
        strong_keys=strong_keys, who_is_who=figure - beside,
        gigabytes=peak_gigabytes(), files=run.tables["identity"]["files"])))
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
    both, found, true, precision, recall, records, biggest, biggest_true, people = engine.execute(_SCORES).fetchall()[0]
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
    parser.add_argument(
        "--resolve", nargs=3, metavar=("WORKSPACE", "TRUTH", "TITLE"), help="only this imported workspace"
    )
    asked = parser.parse_args()
    if asked.resolve:
        _resolve(Path(asked.resolve[0]), truth=Path(asked.resolve[1]), title=asked.resolve[2])
        return 0
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as place:
        folder, full = Path(place), asked.size == "full"
        demo = folder / "demo"
        write_exports(demo / "exports", truth=demo / "truth", customers=20_000, seed=asked.seed)
        _measure(demo, title="demo retailer of 20,000 customers")
        if full:
            # About a million records of persons: members and receipts.
            bulk = folder / "bulk"
            write_bulk(bulk / "exports", truth=bulk / "truth", customers=150_000, seed=asked.seed, mask_phones=True)
            _measure(bulk, title="a million records, a third of the phones masked")
        _measure_retailers(folder, full=full, seed=asked.seed)
        _measure_registers(folder, full=full, seed=asked.seed)
    return 0


def _measure_retailers(folder: Path, *, full: bool, seed: int) -> None:
    """Person files of several habits; one of them also larger, for the loss with size."""
    for kind, habits in RETAILERS.items():
        for turn in range(2 if full else 1):
            at = folder / f"retailer {kind} {turn}"
            write_retailer(at, kind=kind, records=100_000 if full else 20_000, seed=seed + turn)
            found = _measure(at, title=f"retailer '{kind}', {'100,000' if full else '20,000'}, seed {seed + turn}")
            if full and habits.masked <= 1 / 3:
                _judge(f"retailer '{kind}', 100,000, seed {seed + turn}", found)
    if not full:
        return
    base = _scored(folder / f"retailer {_LARGE} 0")["customer_id"].f1
    for records in (1_000_000, 5_000_000):
        at, title = folder / f"{records}", f"retailer '{_LARGE}', {records:,}"
        write_retailer(at, kind=_LARGE, records=records, seed=seed)
        found = _measure(at, title=title)
        _judge(title, found)
        _tell_least(f"{title}, F1 kept from 100,000", found["customer_id"].f1 - base + 1, least=1 - 0.015)
        tell(Figure(f"{title}, biggest cluster", figure=found["customer_id"].biggest, unit="records", limit=15))


def _measure_registers(folder: Path, *, full: bool, seed: int) -> None:
    """Registers without keys, and Splink on the same files."""
    for kind in ("historical", "census"):
        at, people = folder / kind, 5_000 if full else 500
        write_register(at, kind=kind, people=people, seed=seed)
        found = _measure(at, title=f"register '{kind}' of {people:,} people")
        _tell_least(f"register '{kind}', cluster F1", found["customer_id"].f1, least=0.83)
        _splink.compare(at, title=f"register '{kind}'")


def _judge(title: str, found: dict[str, Scores]) -> None:
    """What matching must reach."""
    used, sure = found["customer_id"], found["customer_id_automatic"]
    _tell_least(f"{title}, F1 in use", used.f1, least=0.87)
    _tell_least(f"{title}, B-cubed in use", used.bcubed, least=0.925)
    _tell_least(f"{title}, automatic precision", sure.precision, least=0.97)
    _tell_least(f"{title}, automatic recall", sure.recall, least=0.70)


def _tell_least(name: str, figure: float, *, least: float) -> None:
    print(
        f"{name}: figure {figure:.4f} share (at least {least:.3f}: {'met' if figure >= least else 'MISSED'})",
        flush=True,
    )


def _measure(folder: Path, *, title: str) -> dict[str, Scores]:
    """Imports the exports as a user would, then resolves in a process of its own, so that its memory is its own."""
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    shuke = [sys.executable, "-m", "shuke.cli.main"]
    files = [str(path) for path in sorted((folder / "exports").iterdir())]
    subprocess.run([*shuke, "init", "shop"], cwd=folder, env=environment, check=True, capture_output=True)
    subprocess.run([*shuke, "import", *files], cwd=folder / "shop", env=environment, check=True, capture_output=True)
    again = [sys.executable, "-m", "bench.identity", "--resolve", str(folder / "shop"), str(folder / "truth"), title]
    subprocess.run(again, cwd=_ROOT, env={**environment, "SHUKE_WORKSPACE": str(folder / "shop")}, check=True)
    return _scored(folder)


def _scored(folder: Path) -> dict[str, Scores]:
    """Both partitions of the shop's newest identity table."""
    files = [
        folder / "shop" / "lake" / name for name in json.loads((folder / "shop" / "identity.json").read_text("utf-8"))
    ]
    return {
        name: scores(files, truth=folder / "truth", column=name) for name in ("customer_id", "customer_id_automatic")
    }


def _resolve(shop: Path, *, truth: Path, title: str) -> None:
    environment = {
        "SHUKE_WORKSPACE": str(shop),
        "DJANGO_SETTINGS_MODULE": "shuke.server.settings",
        "PYTHONPATH": str(_ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _RUN.format(keys=_KEYS, floor=_FLOOR, beside=_BESIDE)],
        cwd=_ROOT, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    run = json.loads(done.stdout)
    files = [shop / "lake" / name for name in run["files"]]
    (shop / "identity.json").write_text(json.dumps(run["files"]), "utf-8")
    for column in ("customer_id", "customer_id_automatic"):
        for which, where in (("all records", "true"), ("records with an identifier", "t.keys <> ''")):
            tell_scores(f"{title}, {column}, {which}", scores(files, truth=truth, column=column, where=where))
    print(f"{title}: {run['records']:,} records of persons, {run['customers']:,} customers", flush=True)
    # Eight seconds a million records; a small shop waits for the start of things.
    limit = 8 * run["records"] / 1e6 if run["records"] > 500_000 else None
    tell(Figure(f"{title}, strong keys alone", figure=run["strong_keys"], floor=run["floor"], limit=2.0))
    tell(Figure(f"{title}, who is who", figure=run["who_is_who"], limit=limit))
    tell(Figure(f"{title}, with profiles, consents and look-ups", figure=run["seconds"], limit=limit))
    tell(Figure(f"{title}, processor time of it all", figure=run["worked"]))
    tell(Figure(f"{title}, memory", figure=run["gigabytes"], unit="GB", limit=3))


if __name__ == "__main__":
    sys.exit(main())
