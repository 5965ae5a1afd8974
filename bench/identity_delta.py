"""A delta of one record in a hundred against the whole resolution of the same rows: processor time of both.

small: about 20 thousand records of persons; full: about a million, a third of the phones masked. The delta and the
whole stand on the same generation, one after the other in one process; neither is published.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.figure import Figure, tell
from shuke.demo.actions import write_bulk

_ROOT = Path(__file__).resolve().parent.parent
_CUSTOMERS = {"small": 3_000, "full": 150_000}
# In a process of its own: takes one record in a hundred out, resolves, and lets them come as new files.
_RUN = """
import json, time
import django
django.setup()
from django.conf import settings
from django.db import transaction
from shuke.customers.actions import commit_resolution, resolve
from shuke.kernel.actor import SYSTEM
from shuke.lake.actions import open_run
from shuke.reference.actions import build
staged = ("staged_persons", "staged_sales")
with open_run(settings.WORKSPACE, kind="bench") as run:
    later = {}
    for table in staged:
        later[table] = run.reader().arrow(f"select * from {table} where record_id % 100 = 0")
        run.write(table, sql=f"select * from {table} where record_id % 100 <> 0")
    build(SYSTEM, run=run, parameters={})
    resolution = resolve(SYSTEM, run=run)
    with transaction.atomic():
        commit_resolution(SYSTEM, resolution=resolution)
        run.publish()
with open_run(settings.WORKSPACE, kind="bench") as run:
    for table, rows in later.items():
        run.reader().cursor.register("later_rows", rows)
        run.append(table, sql="select * from later_rows")
    run.publish()
def worked(whole):
    with open_run(settings.WORKSPACE, kind="bench") as run:
        build(SYSTEM, run=run, parameters={})
        started = time.process_time()
        resolve(SYSTEM, run=run, whole=whole)
        return time.process_time() - started
times = [(worked(False), worked(True)) for _ in range(2)]
print(json.dumps(dict(records=later["staged_persons"].num_rows, delta=min(t[0] for t in times),
    whole=min(t[1] for t in times))))
"""


def main() -> int:
    """Prints the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["small", "full"], default="full")
    parser.add_argument("--seed", type=int, default=20261123)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        place = Path(folder)
        customers = _CUSTOMERS[asked.size]
        write_bulk(place / "exports", truth=place / "truth", customers=customers, seed=asked.seed, mask_phones=True)
        environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
        shuke = [sys.executable, "-m", "shuke.cli.main"]
        files = [str(path) for path in sorted((place / "exports").iterdir())]
        subprocess.run([*shuke, "init", "shop"], cwd=place, env=environment, check=True, capture_output=True)
        subprocess.run([*shuke, "import", *files], cwd=place / "shop", env=environment, check=True, capture_output=True)
        told = {"SHUKE_WORKSPACE": str(place / "shop"), "DJANGO_SETTINGS_MODULE": "shuke.server.settings"}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _RUN], cwd=_ROOT, env={**environment, **told}, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
    run = json.loads(done.stdout)
    title = f"a delta of {run['records']:,} records, one in a hundred, processor time over the whole's"
    tell(Figure(title, figure=run["delta"], floor=run["whole"], limit=0.1 if asked.size == "full" else None))
    return 0


if __name__ == "__main__":
    sys.exit(main())
