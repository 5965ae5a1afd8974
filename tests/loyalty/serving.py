"""A real `shuke serve` on a real database, and tills that are processes of their own; both can be killed."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from shuke.access.actions import create_client
from shuke.kernel.actor import SYSTEM
from shuke.kernel.clock import today, utc_now
from shuke.loyalty.actions import write
from shuke.loyalty.models import Txn
from shuke.loyalty.values import commands as c
from tests.engines import Engine
from tests.loyalty.client import ACCOUNTS

_CLIENT = Path(__file__).parent / "client.py"
_ROOT = Path(__file__).parent.parent.parent


class Said(NamedTuple):
    """An answer that a till got: the number of the request, its deed, the status and the document."""

    number: int
    deed: str
    status: int
    document: Any


@dataclass
class Shop:
    """A served workspace. `mark` stands before all its members, orders, holds and keys."""

    engine: Engine
    folder: Path
    key: str
    mark: str
    port: int
    server: subprocess.Popen[bytes] | None = None
    tills: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> None:
        """Starts the server and waits until it listens."""
        with (self.folder / "log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "shuke.cli.main", "serve", "--no-worker", "--port", str(self.port)],
                cwd=self.engine.workspace.root, stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, **self.engine.environment, "PYTHONPATH": str(_ROOT), "PYTHONWARNINGS": "ignore"},
            )  # fmt: skip
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            assert self.server.poll() is None, (self.folder / "log").read_text()[-2000:]
            time.sleep(0.05)
        raise AssertionError("the server did not start within 30 seconds")

    def kill(self) -> None:
        """kill -9 of the server with all its processes."""
        if self.server is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()

    def open_till(self, number: int, *, seconds: float) -> None:
        """Starts a client process; what it is answered goes to a file of its own, also after it was killed."""
        day = today("Asia/Shanghai").isoformat()
        asked = [str(self.port), self.key, str(number), str(seconds), self.mark, str(self._file(number)), day]
        self.tills[number] = subprocess.Popen([sys.executable, "-I", "-S", _CLIENT, *asked])

    def wait(self, *, at_most: float) -> None:
        """Until every till has closed."""
        end = time.monotonic() + at_most
        for till in self.tills.values():
            till.wait(timeout=max(0.1, end - time.monotonic()))

    def said(self) -> list[Said]:
        """Every whole line that a till wrote down."""
        lines = [line for number in self.tills for line in self._file(number).read_text("utf-8").split("\n")[:-1]]
        return [Said(*json.loads(line)) for line in lines if line.endswith("]")]

    def stop(self) -> None:
        for till in self.tills.values():
            till.kill()
            till.wait()
        self.kill()

    def _file(self, number: int) -> Path:
        path = self.folder / f"till-{number}"
        path.touch()
        return path


@contextlib.contextmanager
def served(engine: Engine, folder: Path, *, mark: str = "x") -> Iterator[Shop]:
    """A shop with ten members and some points each, served."""
    folder.mkdir(exist_ok=True)
    now = utc_now()
    _, key = create_client(
        SYSTEM, name=f"tills-{mark}", scopes=["loyalty:write"], stores=None, now=now, per_minute=1_000_000
    )
    members = [f"{mark}m{number}" for number in range(ACCOUNTS)]
    opened = [c.Enrol(client="setup", key=f"e{member}", at=now, member=member) for member in members]
    write(SYSTEM, commands=opened, now=now)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    shop = Shop(engine, folder, key, mark, port)
    try:
        shop.start()
        yield shop
    finally:
        shop.stop()


def unlike(shop: Shop) -> list[str]:
    """Where what the tills were told and what is stored differ: lost, changed or told in two ways."""
    stored = {row.key: row.answer for row in Txn.objects.filter(client=f"tills-{shop.mark}")}
    told: dict[int, Any] = {}
    found = []
    for said in shop.said():
        if said.status != 200:
            continue
        key, answer = f"{shop.mark}{said.number}", said.document
        if told.setdefault(said.number, answer) != answer:
            found.append(f"{key} was told {told[said.number]} and {answer}")
        if key not in stored:
            found.append(f"{key} was acknowledged and is not stored")
        elif answer["txn"] != stored[key]["txn"] or answer["balance"] != stored[key]["balance"]:
            found.append(f"{key} was told {answer}, stored is {stored[key]}")
    return found


def out_of_order(shop: Shop) -> list[str]:
    """Where an answer's balance is not the one before it with the request's own points: not one serial order."""
    found, worth = [], dict[int, int]()
    for txn in Txn.objects.filter(client=f"tills-{shop.mark}").order_by("id"):
        shown = txn.answer["balance"]
        has = shown["available"] + shown["pending"] + shown["held"] - shown["owed"]
        if has != worth.get(txn.account_id, 0) + txn.answer["points"]:
            found.append(f"transaction {txn.id} ({txn.kind}): {worth.get(txn.account_id)} and {txn.answer} do not fit")
        worth[txn.account_id] = has
    return found
