"""kill -9 of tills, server and database, at random and at every step of a write: what was acknowledged stays.

After each kill the books add up, nothing is half there, and the same key is answered as it was the first time.
"""

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from shuke.loyalty.actions.writing import write_batch
from shuke.loyalty.adapters import places
from shuke.loyalty.models import Txn
from shuke.loyalty.values.ledger import Answer
from tests.engines import KINDS, Engine, fresh_database, fresh_file, migrated_template
from tests.loyalty.auditing import differences
from tests.loyalty.programmes import product_programme, under
from tests.loyalty.serving import Shop, served, unlike
from tests.loyalty.test_interleaving import made
from tests.loyalty.till import Till
from tests.postgres import Server

_TILLS = 6
_POINTS = ("before begin", "before lock", "before store", "before commit", "after commit")


@pytest.fixture(params=KINDS)
def stage(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: Any
) -> Iterator[tuple[Engine, Server | None]]:
    """A durable database of its own, and the PostgreSQL server that it is on: both can be killed."""
    with django_db_blocker.unblock(), contextlib.ExitStack() as stack:
        if request.param == "sqlite":
            template = request.getfixturevalue("sqlite_template")
            yield stack.enter_context(fresh_file(tmp_path / "shop", template=template)), None
            return
        server = Server(durable=True)
        stack.callback(server.remove)
        template = migrated_template(server, folder=tmp_path / "template")
        yield stack.enter_context(fresh_database(tmp_path / "shop", server=server, template=template)), server


def _kills(shop: Shop, server: Server | None, *, count: int, seed: int) -> dict[str, int]:
    """Kills one thing after another while tills ask; what is killed comes back at once. Says how many of each."""
    chance, killed = random.Random(seed), {"till": 0, "server": 0, "database": 0}
    for number in range(_TILLS):
        shop.open_till(number, seconds=3_600)
    for _ in range(count):
        _until_more(shop, answers=chance.randrange(1, 25))
        time.sleep(chance.uniform(0, 0.1))
        what = chance.choice(["till", "till", "server", "database" if server else "server"])
        killed[what] += 1
        if what == "till":
            number = chance.randrange(_TILLS)
            shop.tills[number].kill()
            shop.tills[number].wait()
            shop.open_till(number, seconds=3_600)  # from its first request on: each key once more
        elif what == "server":
            shop.kill()
            shop.start()
        elif server:
            server.kill()
            server.start()
    time.sleep(1)
    for till in shop.tills.values():
        till.kill()
        till.wait()
    return killed


def _until_more(shop: Shop, *, answers: int) -> None:
    """Waits until the tills have had some more answers: everything is up again and at work."""
    begun, end = len(shop.said()), time.monotonic() + 30
    while len(shop.said()) < begun + answers and time.monotonic() < end:
        time.sleep(0.02)


def _trouble(folder: Path) -> str:
    """The last unexpected error of the server."""
    return (folder / "log").read_text().rpartition(" failed\nTraceback")[2][:6_000]


def _check_survives(stage: tuple[Engine, Server | None], folder: Path, *, count: int) -> None:
    engine, server = stage
    with served(engine, folder) as shop:
        connections["default"].close()  # the database is about to go; tests look at it again when it is back
        killed = _kills(shop, server, count=count, seed=count)
        said = shop.said()
        acknowledged = {line.number for line in said if line.status == 200}
        codes = {line.document["code"] for line in said if line.status not in (200, 0)}
        print(f"{engine.kind}: killed {killed}, {len(said)} answers, {len(acknowledged)} acknowledged, refused {codes}")
        connections["default"].close()
        # While its database is away the server says that it is busy: the till sends the same key again.
        business = {"insufficient_points", "hold_unknown", "order_unknown", "refund_too_large"}
        assert codes <= business | ({"busy"} if server else set()), _trouble(folder)
        assert len(acknowledged) > count
        assert unlike(shop) == []
        assert differences() == []


def test_what_was_acknowledged_survives_kills(stage: tuple[Engine, Server | None], tmp_path: Path) -> None:
    _check_survives(stage, tmp_path / "tills", count=10)


@pytest.mark.proof
def test_what_was_acknowledged_survives_many_kills(stage: tuple[Engine, Server | None], tmp_path: Path) -> None:
    _check_survives(stage, tmp_path / "tills", count=200)


class Deadly:
    """The ledger's own door; its process dies before or after one of its steps."""

    def __init__(self, door: Any, point: str) -> None:
        self._door, (self._when, self._step) = door, point.split()

    def __getattr__(self, name: str) -> Any:
        step = getattr(self._door, name)
        if name != self._step:
            return step

        def deadly(*given: Any, **named: Any) -> Any:
            if self._when == "after":
                step(*given, **named)
            os.kill(os.getpid(), signal.SIGKILL)

        return deadly


def _requests() -> dict[str, Callable[[Till], Any]]:
    return {
        "earn": lambda t: t.earn("a", "9", 1_000, key="same"),
        "burn": lambda t: t.burn("a", "9", 5, key="same"),
        "refund": lambda t: t.refund("1", 500, key="same"),
        "transfer": lambda t: t.transfer("a", "b", 5),
        "capture": lambda t: t.capture("h", "9", 3),
        "merge": lambda t: t.merge("a", "b"),
    }


def _ask(command: Any, till: Till, door_of: Callable[[], Any] = places.door) -> Any:
    return write_batch([command], programme=product_programme(), now=till.now, actors=["till"], door_of=door_of)[0]


@pytest.mark.parametrize("point", _POINTS)
def test_a_write_that_dies_is_whole_or_nothing(engine: Engine, point: str) -> None:
    with under(engine.workspace, "default"):
        for name, make in _requests().items():
            till = Till("2027-03-05 10:00")
            till.enrol("a", "b")
            till.earn("a", "1", 3_000)
            till.hold("a", "h", 4)
            command = make(made(till))
            places.let_go()
            connections["default"].close()
            child = os.fork()
            if not child:
                _ask(command, till, lambda: Deadly(places.open_door(), point))
                os._exit(0)
            _, status = os.waitpid(child, 0)
            assert os.WIFSIGNALED(status), (name, point)
            stored = Txn.objects.filter(client="till", key=command.key).values_list("answer", flat=True)
            assert len(stored) == (1 if point == "after commit" else 0), (name, point)
            again = _ask(command, till)
            assert isinstance(again, Answer)
            if stored:
                assert again.txn == stored[0]["txn"] and again.balance == stored[0]["balance"]
            assert Txn.objects.filter(client="till", key=command.key).count() == 1
        assert differences() == []


def test_the_ledgers_connection_is_durable(stage: tuple[Engine, Server | None]) -> None:
    engine, _ = stage
    door: Any = places.open_door()
    try:
        asked = ["fsync", "synchronous_commit", "full_page_writes"]
        cursor = door.cursor()
        if engine.kind == "postgresql":
            assert [cursor.execute(f"show {name}").fetchall() for name in asked] == [[("on",)]] * 3
        else:
            assert cursor.execute("pragma synchronous").fetchall() == [(2,)]
            assert cursor.execute("pragma journal_mode").fetchall() == [("wal",)]
    finally:
        door.close()


def test_power_loss_keeps_what_was_acknowledged(stage: tuple[Engine, Server | None], tmp_path: Path) -> None:
    """Everything that was not in the log when the answer came is lost: cut there, torn behind it, and read again.

    On PostgreSQL the log must have been flushed up to its end when the answer comes.
    """
    engine, _ = stage
    with under(engine.workspace, "default"):
        till = Till("2027-03-05 10:00")
        till.enrol("a")
        if engine.kind == "postgresql":
            behind = sum(not _flushed(till, number) for number in range(20))
            assert behind <= 2  # the server's own housekeeping may write a record in between
            return
        log = Path(engine.address + "-wal")
        sizes = []
        for number in range(20):
            till.earn("a", str(number), 1_000)
            sizes.append(log.stat().st_size)
        whole, database = log.read_bytes(), Path(engine.address).read_bytes()
        for count, size in enumerate(sizes, 1):
            following = sizes[count] if count < len(sizes) else size
            for cut in {size, (size + following) // 2, following - 1} - {size - 1}:
                for torn in (b"", bytes(random.Random(cut).randbytes(5_000))):
                    left = _after_power_loss(tmp_path, database, whole[:cut] + torn)
                    assert left == count, (count, cut, len(torn))


def _after_power_loss(folder: Path, database: bytes, log: bytes) -> int:
    """How many orders a database is found to hold, opened from its file and what is left of its log."""
    place = folder / "lost"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    (place / "shuke.sqlite3").write_bytes(database)
    (place / "shuke.sqlite3-wal").write_bytes(log)
    with contextlib.closing(sqlite3.connect(place / "shuke.sqlite3")) as opened:
        assert opened.execute("pragma integrity_check").fetchall() == [("ok",)]
        counts = {
            opened.execute(sql).fetchall()[0][0]
            for sql in (
                "select count(*) from loyalty_order",
                "select count(*) from loyalty_txn where kind = 'earn'",
                "select free / 10 from loyalty_balance",
                "select count(*) from outbox_fact where kind like '%' and payload like '%earn%'",
            )
        }
    assert len(counts) == 1, counts
    return int(counts.pop())


def _flushed(till: Till, number: int) -> bool:
    till.earn("a", str(number), 1_000)
    with connections["default"].cursor() as cursor:
        cursor.execute("select pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()")
        return bool(cursor.fetchone()[0])
