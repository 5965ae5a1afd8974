"""Bulk jobs of the points ledger on PostgreSQL: opening balances from a file, reconciliation, expiry while tills run.

full: 10,000,000 members, 1,000,000 lots that end; small: 200,000 and 50,000. The floor of the openings is the bare COPY
of the rows that they write into tables of the same shape and indexes, one after another on one connection. While
points end, a till sells to members one order after another; its slowest twentieth is told.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.figure import Figure, tell
from shuke.kernel.workspace import DATABASE_VARIABLE
from tests.postgres import Server

_ROOT = Path(__file__).resolve().parent.parent
_OPTIONS = ("shared_buffers=512MB", "max_wal_size=8GB", "checkpoint_timeout=15min", "work_mem=64MB")
_WORK = """
import sys, threading, time
from datetime import UTC, date, datetime
from pathlib import Path
import django
django.setup()
import duckdb
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from shuke.kernel.actor import SYSTEM
from shuke.loyalty.actions import Teller
from shuke.loyalty.actions.freezing import reconcile
from shuke.loyalty.values.commands import Earn, OrderRef
from shuke.loyalty.values.openings import OpeningRequest, OpeningTotals
from shuke.procedures.expire_points import expire_points
from shuke.procedures.load_openings import load_openings
members, ending = int(sys.argv[1]), int(sys.argv[2])
quiet = lambda text: None
call_command("migrate", verbosity=0)
file = settings.WORKSPACE.root / "openings.csv"
duckdb.sql(f'''copy (
  select '88' || lpad(((i * 7919) % {members})::varchar, 11, '0') as member_no, (i * 37) % 5000 + 1 as points,
    case when (i * 7919) % {members} < {ending} then '2027-06-30' else '2028-12-31' end as expires_on,
    case when i % 7 = 0 then i % 5000 end as growth
  from range({members}) t(i)) to '{file}' (header)''')
points = sum((i * 37) % 5000 + 1 for i in range(members))
request = OpeningRequest(file, OpeningTotals(points, members))
now = datetime(2027, 6, 1, tzinfo=UTC)
started = time.perf_counter()
load_openings(SYSTEM, workspace=settings.WORKSPACE, request=request, now=now, progress=quiet)
openings = time.perf_counter() - started
with connection.cursor() as cursor:
    cursor.execute("analyze")
found = reconcile(SYSTEM, freeze=False, progress=quiet)
assert not found.drifts and found.accounts == members, found
floor = 0.0
with connection.cursor() as cursor:
    for table in ("account", "txn", "lot", "entry", "balance", "growth"):
        path = settings.WORKSPACE.root / table
        cursor.execute(f"create table bare_{table} (like loyalty_{table} including all)")
        with path.open("wb") as out, cursor.copy(f"copy loyalty_{table} to stdout") as copy:
            for block in copy:
                out.write(block)
        started = time.perf_counter()
        with path.open("rb") as source, cursor.copy(f"copy bare_{table} from stdin") as copy:
            while block := source.read(1 << 20):
                copy.write(block)
        floor += time.perf_counter() - started
        cursor.execute(f"drop table bare_{table}")
        path.unlink()
later = datetime(2027, 7, 2, tzinfo=UTC)
waits, over = [], threading.Event()
def sell():
    teller, number = Teller(clock=lambda: later), 0
    while not over.is_set():
        number += 1
        member = f"88{number * 7919 % members:011d}"
        command = Earn(client="bench", key=f"{number}", at=later, member=member, order=OrderRef("pos", str(number)),
                       eligible_minor=10_000, currency="CNY", bought_on=date(2027, 7, 2))
        began = time.perf_counter()
        teller.submit(SYSTEM, command)
        waits.append(time.perf_counter() - began)
        time.sleep(0.005)
    teller.close()
till = threading.Thread(target=sell)
till.start()
started = time.perf_counter()
report = expire_points(SYSTEM, now=later, progress=quiet)
expiry = time.perf_counter() - started
over.set()
till.join()
assert report.lots == ending, report
assert not reconcile(SYSTEM, freeze=False, progress=quiet).drifts
waits.sort()
print(openings, floor, found.seconds, expiry, waits[int(len(waits) * 0.95)] * 1000, len(waits))
"""


def main() -> int:
    """Prints the figures; exit code 1 when a job of the full size misses its limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", choices=["small", "full"], default="full")
    is_full = parser.parse_args().size == "full"
    members, ending = (10_000_000, 1_000_000) if is_full else (200_000, 50_000)
    server = Server(durable=True, options=_OPTIONS)
    try:
        with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
            shop = Path(folder) / "shop"
            (shop / "lake").mkdir(parents=True)
            (shop / "shuke.toml").write_text('shop = "bench"\n', "utf-8")
            told = {
                "SHUKE_WORKSPACE": str(shop),
                DATABASE_VARIABLE: server.url(server.database(name="bench")),
                "DJANGO_SETTINGS_MODULE": "shuke.server.settings",
                "PYTHONPATH": str(_ROOT),
            }
            command = [sys.executable, "-c", _WORK, str(members), str(ending)]
            done = subprocess.run(command, env=os.environ | told, stdout=subprocess.PIPE, text=True, check=True)
    finally:
        server.remove()
    openings, floor, compared, expiry, slow, sales = (float(number) for number in done.stdout.split())
    met = [
        tell(Figure(f"opening balances of {members:,} members, bare COPY", figure=openings, floor=floor)),
        tell(Figure(f"opening balances of {members:,} members", figure=openings, limit=600 if is_full else None)),
        tell(Figure(f"reconciliation of {members:,} accounts", figure=compared, limit=120 if is_full else None)),
        tell(Figure(f"expiry of {ending:,} lots", figure=expiry, limit=180 if is_full else None)),
        tell(Figure(f"a till meanwhile, 95 % of {sales:,.0f} sales", figure=slow, unit="ms", limit=100)),
    ]
    return 0 if all(one.is_met for one in met) else 1


if __name__ == "__main__":
    sys.exit(main())
