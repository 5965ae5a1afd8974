"""The whole job at size: import, week, features over their floor, the customer page, memory, the time of --help.

full: 1,000,000 customers and about 20 million lines; small: 20,000 customers. Every step is a command of its own, as
a user runs it, so memory is the operating system's figure for that process.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.figure import Figure, tell
from shuke.demo.actions import write_bulk

_ROOT = Path(__file__).resolve().parent.parent
_PAGE = """
import statistics, sys, time
import django
django.setup()
from django.conf import settings
from django.test import Client
from shuke.access.models import User
from shuke.kernel.actor import SYSTEM
from shuke.lake.queries import open_reader
user, _ = User.objects.get_or_create(username="bench", defaults={"name": "bench", "role": "owner"})
client = Client(headers={"host": "127.0.0.1"})
client.force_login(user)
with open_reader(SYSTEM, settings.WORKSPACE) as lake:
    ids = [r["customer_id"] for r in lake.rows(
        "select customer_id from customer_features where orders >= 5 order by customer_id limit 400")][::20]
times = []
for number in ids:
    started = time.perf_counter()
    answer = client.get(f"/customers/{number}/")
    assert answer.status_code == 200, answer.status_code
    times.append((time.perf_counter() - started) * 1000)
print(statistics.median(times[1:]))
"""


def main() -> int:
    """Prints the figures; exit code 1 when a step fails."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", choices=["small", "full"], default="full")
    parser.add_argument("--exports", type=Path, help="use these exports instead of writing new ones")
    asked = parser.parse_args()
    customers = 1_000_000 if asked.size == "full" else 20_000
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        exports = asked.exports or Path(folder) / "exports"
        if asked.exports is None:
            started = time.perf_counter()
            write_bulk(exports, truth=Path(folder) / "truth", customers=customers)
            tell(Figure(f"demo retailer, {customers:,} customers", figure=time.perf_counter() - started))
        shop = Path(folder) / "bench"
        _shuke("init", "bench", cwd=Path(folder))
        _measure(shop, exports=exports, full=asked.size == "full")
    return 0


def _measure(shop: Path, *, exports: Path, full: bool) -> None:
    files = [str(path) for path in sorted(exports.iterdir())]
    seconds, memory, document = _shuke("import", *files, "--json", cwd=shop)
    rows = sum(file["rows_read"] for file in json.loads(document)["files"])
    tell(Figure(f"import of {rows:,} rows", figure=seconds))
    tell(Figure("import, memory", figure=memory, unit="GB", limit=6))
    seconds, memory, document = _shuke("week", "--as-of", "2026-11-23", "--json", cwd=shop)
    week = json.loads(document)
    tell(Figure(f"week of {week['customers']:,} customers", figure=seconds, limit=120 if full else None))
    tell(Figure("week, memory", figure=memory, unit="GB", limit=6))
    _features(shop)
    milliseconds = statistics.median(float(_python(_PAGE, shop=shop)) for _ in range(3))
    tell(Figure("customer page", figure=milliseconds, unit="ms", limit=300))
    helps = sorted(_shuke("--help", cwd=shop)[0] for _ in range(5))
    tell(Figure("shuke --help", figure=helps[2], limit=0.5))


def _features(shop: Path) -> None:
    """The features over a bare pass that reads the same columns and groups by customer once, on the shop's tables."""
    floor, figure = _python(_FEATURES, shop=shop).split()
    tell(Figure("customer features", figure=float(figure), floor=float(floor), limit=4))


_FEATURES = """
import statistics, time
from datetime import date
import django
django.setup()
from django.conf import settings
from bench.features import FLOOR
from shuke.kernel.actor import SYSTEM
from shuke.lake.actions import open_run
from shuke.predictions.actions import build
parameters = {"as_of": date(2026, 11, 23), "timezone": "Asia/Shanghai", "currency": "CNY"}
with open_run(settings.WORKSPACE, kind="bench") as run:
    lake = run.reader()
    lake.use("orders", "order_lines")
    floors, figures = [], []
    for _ in range(3):
        started = time.perf_counter()
        for statement in FLOOR:
            lake.cursor.execute(statement)
        floors.append(time.perf_counter() - started)
        lake.cursor.execute("drop table bare_orders; drop table bare_lines")
        started = time.perf_counter()
        build(SYSTEM, run=run, parameters=parameters)
        figures.append(time.perf_counter() - started)
    print(statistics.median(floors), statistics.median(figures))
"""


def _python(code: str, *, shop: Path) -> str:
    environment = {
        **os.environ,
        "PYTHONPATH": str(_ROOT),
        "SHUKE_WORKSPACE": str(shop),
        "DJANGO_SETTINGS_MODULE": "shuke.server.settings",
    }
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout.strip().splitlines()[-1]


def _shuke(*arguments: str, cwd: Path) -> tuple[float, float, str]:
    """Runs one command; seconds, peak gigabytes of the largest child so far, and its stdout."""
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    started = time.perf_counter()
    command = [sys.executable, "-m", "shuke.cli.main", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments[:2])} failed with exit code {done.returncode}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    return time.perf_counter() - started, peak, done.stdout


if __name__ == "__main__":
    sys.exit(main())
