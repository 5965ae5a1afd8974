"""Ledger writes over HTTP on both databases, durable, load generator included, beside pgbench of the same steps.

small tries it out in seconds; full is the claim. The server is `shuke serve` in a process of its own, the database a
real PostgreSQL 18 with fsync on, and a SQLite file with synchronous=full.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from bench._load import Load, MakeRequest, post, processor_seconds, run
from bench.figure import Figure, tell
from shuke.kernel.workspace import DATABASE_VARIABLE
from tests.postgres import Server

_HERE = Path(__file__).resolve().parent
_SIZES = {"small": (400, 1.5, 2), "full": (20_000, 10.0, 32)}
_BASE = "/api/v1/loyalty/"
_DAY = datetime.now(UTC).astimezone(timezone(timedelta(hours=8))).date().isoformat()
# A server's usual settings; the same for both sides. Durability is as it comes: fsync and synchronous_commit on.
_OPTIONS = ("shared_buffers=512MB", "max_wal_size=4GB", "checkpoint_timeout=30min", "checkpoint_completion_target=0.9")
_COUPONS = """
budgets: { hot: { limit: 100000000000 } }
campaigns: { hot: { zh: 热, en: Hot, kind: amount, amount: 1000, budget: hot, per_member: 100000, days: 30 } }
"""


@dataclass(frozen=True)
class Shop:
    """A served shop with members M0 .. and a key."""

    port: int
    key: str
    members: int
    seconds: float
    connections: int
    process: int


def earn(shop: Shop, *, tag: str, path: str = "earn", member: int | None = None) -> MakeRequest:
    """Requests of new purchases by members in turn, or by one."""

    def make(number: int) -> bytes:
        who = (number * 7919) % shop.members if member is None else member
        body = _purchase(who, f"{tag}-{number}")
        return post(_BASE + path, key=shop.key, body=body.encode(), idem=f"{tag}-{number}")

    return make


def _purchase(who: int, order: str) -> str:
    return (
        f'{{"member":"M{who}","order":{{"source":"bench","no":"{order}"}},"eligible_minor":12800,"currency":"CNY",'
        f'"bought_on":"{_DAY}","store":"S1","channel":"store"}}'
    )


def backlog(shop: Shop, *, tag: str, deed: str = "earn", size: int = 1000) -> MakeRequest:
    """Batches of `size` writes."""

    def make(number: int) -> bytes:
        items = []
        for one in range(number * size, (number + 1) * size):
            who = (one * 7919) % shop.members if deed == "earn" else one
            said = _purchase(who, f"{tag}-{one}")[1:] if deed == "earn" else f'"member":"M{who}"}}'
            items.append(f'{{"deed":"{deed}","key":"{tag}-{one}",{said}')
        return post(_BASE + "batch", key=shop.key, body=f'{{"items":[{",".join(items)}]}}'.encode())

    return make


def hot_budget(shop: Shop) -> Load:
    """Holds with a coupon each, by members in turn, all on one budget."""
    codes: list[str] = []
    for number in range(max(1, round(shop.seconds * 2))):
        items = [
            f'{{"deed":"coupons/issue","key":"c-{number}-{one}","member":"M{one % shop.members}","campaign":"hot"}}'
            for one in range(1000)
        ]
        told = _one(shop, post(_BASE + "batch", key=shop.key, body=f'{{"items":[{",".join(items)}]}}'.encode()))
        answers = json.loads(told.partition(b"\r\n\r\n")[2])["answers"]
        codes += [one["answer"]["details"]["coupon"] for one in answers if "answer" in one]

    def make(number: int) -> bytes:
        who = number % 1000 % shop.members
        body = (
            f'{{"member":"M{who}","code":"hot-{number}","points":0,"coupons":["{codes[number]}"],'
            '"cart":{"lines":[{"sku":"MUG","amount_minor":9900}],"currency":"CNY"},"store":"S1"}'
        )
        return post(_BASE + "hold", key=shop.key, body=body.encode(), idem=f"hot-{number}")

    load = run(shop.port, make=make, connections=shop.connections, seconds=shop.seconds, most=len(codes))
    assert set(load.statuses) == {200}, (load.statuses, load.sample[-400:])
    return load


@contextlib.contextmanager
def served(folder: Path, *, url: str, size: str, bare: bool = True) -> Iterator[Shop]:
    """A shop of its own on SQLite, or on the PostgreSQL database `url`, with the server running.

    Without `bare` Django answers the ledger's writes too.
    """
    members, seconds, connections = _SIZES[size]
    environment = {**os.environ, "PYTHONPATH": str(_HERE.parent), DATABASE_VARIABLE: url, "PYTHONWARNINGS": "ignore"}
    environment["SHUKE_BARE_DOOR"] = "on" if bare else "off"
    shuke = [sys.executable, "-m", "shuke.cli.main"]
    subprocess.run([*shuke, "init", "shop"], cwd=folder, env=environment, check=True, capture_output=True)
    shop = folder / "shop"
    (shop / "loyalty").mkdir(exist_ok=True)
    (shop / "loyalty" / "coupons.yaml").write_text(_COUPONS, "utf-8")
    asked = ["client", "add", "bench", "--scope", "loyalty:write", "--per-minute", "10000000", "--json"]
    made = subprocess.run([*shuke, *asked], cwd=shop, env=environment, check=True, capture_output=True, text=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with (folder / "log").open("wb") as log:
        serving = subprocess.Popen(
            [*shuke, "serve", "--no-worker", "--port", str(port)], cwd=shop, env=environment, stdout=log, stderr=log
        )
    try:
        _wait(port)
        found = Shop(port, json.loads(made.stdout)["key"], members, seconds, connections, serving.pid)
        per_batch = min(members, 1000)
        enrolled = backlog(found, tag="enrol", deed="enrol", size=per_batch)
        for number in range(members // per_batch):
            assert b'"answer"' in _one(found, enrolled(number))
        yield found
    finally:
        serving.terminate()
        serving.wait(timeout=30)


def _wait(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise TimeoutError("the server did not start")


def _one(shop: Shop, request: bytes) -> bytes:
    """One request's answer."""
    with socket.create_connection(("127.0.0.1", shop.port)) as line:
        line.sendall(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        answer = b"".join(iter(lambda: line.recv(1 << 20), b""))
    assert answer.startswith(b"HTTP/1.1 200"), answer[:400]
    return answer


def floor(server: Server, *, database: str, seconds: float, clients: int) -> float:
    """Purchases a second that pgbench makes of the same steps, each one call and one commit."""
    psql = [
        str(server.bin / "psql"),
        "-h",
        str(server.folder),
        "-U",
        "postgres",
        "-d",
        database,
        "-v",
        "ON_ERROR_STOP=1",
    ]
    subprocess.run([*psql, "-q", "-f", str(_HERE / "_earn.sql")], check=True, capture_output=True)
    span = subprocess.run(
        [*psql, "-At", "-c", "select min(id), max(id) from loyalty_account"], check=True, capture_output=True, text=True
    ).stdout.strip()
    low, high = span.split("|")
    script = server.folder / "earn.pgbench"
    script.write_text(f"\\set account random({low}, {high})\nselect bench_earn(:account);\n")
    script.chmod(0o644)
    command = [str(server.bin / "pgbench"), "-h", str(server.folder), "-U", "postgres", "-n", "-M", "prepared"]
    command += ["-c", str(clients), "-j", "2", "-T", str(max(1, round(seconds))), "-f", str(script), database]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([\d.]+)", told)
    assert found is not None, told
    return float(found[1])


def measured(shop: Shop, make: MakeRequest, *, connections: int = 0, rate: float = 0.0) -> tuple[Load, float]:
    """A run of requests, and the server's processor seconds in it."""
    before = processor_seconds([shop.process])
    load = run(shop.port, make=make, connections=connections or shop.connections, seconds=shop.seconds, rate=rate)
    assert set(load.statuses) == {200}, (load.statuses, load.sample[-400:])
    return load, processor_seconds([shop.process]) - before


def on_postgresql(folder: Path, *, size: str) -> None:
    """Everything on PostgreSQL."""
    server = Server(durable=True, options=_OPTIONS)
    is_full = size == "full"
    try:
        database = server.database(name="bench")
        with served(folder, url=server.url(database), size=size) as shop:
            run(shop.port, make=earn(shop, tag="warm"), connections=shop.connections, seconds=shop.seconds / 5)
            tps = floor(server, database=database, seconds=shop.seconds, clients=shop.connections)
            load, spent = measured(shop, earn(shop, tag="a"))
            again = floor(server, database=database, seconds=shop.seconds, clients=shop.connections)
            base = (tps + again) / 2
            share = load.processor / (2 * load.seconds)
            tell(
                Figure(
                    "full earn over HTTP, PostgreSQL, floor pgbench",
                    figure=load.rate,
                    floor=base,
                    unit="/s",
                    least=0.40 if is_full else None,
                )
            )
            tell(
                Figure(
                    "application processor time an earn",
                    figure=1000 * spent / load.done,
                    unit="ms",
                    limit=0.6 if is_full else None,
                )
            )
            tell(Figure("the load generator's share of two cores", figure=100 * share, unit="%"))
            slow, _ = measured(shop, earn(shop, tag="p"), rate=500.0)
            tell(Figure("p99 at 500 a second", figure=slow.percentile(0.99), unit="ms", limit=50 if is_full else None))
            hot, _ = measured(shop, earn(shop, tag="h", member=0))
            tell(Figure("hot account", figure=hot.rate, unit="/s", least=1500 if is_full else None))
            tell(Figure("hot budget", figure=hot_budget(shop).rate, unit="/s", least=1500 if is_full else None))
            batch, _ = measured(shop, backlog(shop, tag="b"), connections=2)
            tell(Figure("batch, items", figure=1000 * batch.rate, unit="/s", least=8000 if is_full else None))
        through_django(folder / "django", url=server.url(server.database(name="django")), size=size)
    finally:
        server.remove()


def through_django(folder: Path, *, url: str, size: str) -> None:
    """The same purchases where Django answers them: what the bare door is worth."""
    folder.mkdir()
    with served(folder, url=url, size=size, bare=False) as shop:
        run(shop.port, make=earn(shop, tag="warm"), connections=shop.connections, seconds=shop.seconds / 5)
        load, spent = measured(shop, earn(shop, tag="a"))
        tell(Figure("full earn through Django instead of the bare door", figure=load.rate, unit="/s"))
        tell(Figure("the same, processor time an earn", figure=1000 * spent / load.done, unit="ms"))


def on_sqlite(folder: Path, *, size: str) -> None:
    """Durable writes of one process to one file."""
    is_full = size == "full"
    with served(folder, url="", size=size) as shop:
        load, spent = measured(shop, earn(shop, tag="a"))
        tell(Figure("full earn over HTTP, SQLite", figure=load.rate, unit="/s", least=800 if is_full else None))
        tell(
            Figure(
                "full earn over HTTP, SQLite, p99",
                figure=load.percentile(0.99),
                unit="ms",
                limit=100 if is_full else None,
            )
        )
        tell(Figure("application processor time an earn, SQLite", figure=1000 * spent / load.done, unit="ms"))


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=list(_SIZES), default="full")
    asked = parser.parse_args()
    for work in (on_postgresql, on_sqlite):
        folder = Path(tempfile.mkdtemp(dir=os.environ.get("BENCH_DIR")))
        try:
            work(folder, size=asked.size)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
