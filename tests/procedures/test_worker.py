"""The worker: every job under its lease, a failing one does not stop the others, a killed one leaves nothing half."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

from shuke.kernel.actor import SYSTEM
from shuke.kernel.clock import utc_now
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import LakeBusy
from shuke.lake.queries import open_reader
from shuke.loyalty.models import Entry, Txn
from shuke.outbox.actions import take_lease
from shuke.outbox.models import Fact, Lease
from shuke.outbox.queries import cursor_of
from shuke.procedures.notebook_loyalty import Loyalty
from shuke.procedures.worker import Job, run
from tests.engines import Engine
from tests.outbox.facts import tell

_COMMAND = [sys.executable, "-m", "shuke.cli.main", "worker"]


def environment(engine: Engine) -> dict[str, str]:
    """What a worker of its own needs."""
    return {**os.environ, **engine.environment, "PYTHONPATH": ":".join(sys.path)}


def test_once_carries_everything_on(engine: Engine) -> None:
    keys = [tell().key for _ in range(3)]
    done = subprocess.run(
        [*_COMMAND, "--once", "--json"], env=environment(engine), capture_output=True, check=True, text=True
    )
    assert json.loads(done.stdout)["facts_to_lake"] == 3
    with open_reader(SYSTEM, engine.workspace) as lake:
        assert [row["key"] for row in lake.rows("select key from loyalty_facts order by position")] == keys
    assert not Lease.objects.exists()


def test_it_ends_gracefully_and_another_goes_on_after_a_kill(engine: Engine) -> None:
    for how, code in ((signal.SIGTERM, 0), (signal.SIGKILL, -9)):
        tell()
        with subprocess.Popen(_COMMAND, env=environment(engine), stderr=subprocess.PIPE) as worker:
            deadline = time.monotonic() + 30
            while Fact.objects.filter(position__isnull=True).exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            worker.send_signal(how)
            assert worker.wait(timeout=30) == code
    Lease.objects.update(until=utc_now())  # as if the killed one's leases had run out
    run(engine.workspace, stop=threading.Event(), once=True)
    assert cursor_of(SYSTEM, consumer="lake") == cursor_of(SYSTEM, consumer="webhooks") == 2


def test_a_failing_job_does_not_stop_the_others(engine: Engine) -> None:
    def fail(workspace: Workspace) -> int:
        raise ZeroDivisionError

    def busy(workspace: Workspace) -> int:
        raise LakeBusy("Somebody writes.")

    jobs = [Job("a", 1, fail), Job("b", 1, busy), Job("c", 1, lambda _: 7)]
    assert run(engine.workspace, stop=threading.Event(), once=True, jobs=jobs) == {"a": 0, "b": 0, "c": 7}
    assert not Lease.objects.exists()


def test_what_somebody_else_does_is_left_to_them(engine: Engine) -> None:
    take_lease(SYSTEM, name="c", holder="another", now=utc_now(), seconds=60)
    job = Job("c", 1, lambda _: 7)
    assert run(engine.workspace, stop=threading.Event(), once=True, jobs=[job]) == {"c": 0}
    later = utc_now() + timedelta(seconds=61)
    assert run(engine.workspace, stop=threading.Event(), once=True, jobs=[job], clock=lambda: later) == {"c": 7}


def test_each_job_comes_at_its_time(engine: Engine) -> None:
    stop, now, seen = threading.Event(), [utc_now()], []

    def note(name: str) -> int:
        seen.append(name)
        now[0] += timedelta(seconds=20)
        if len(seen) >= 6:
            stop.set()
        return 1

    jobs = [Job("often", 1, lambda _: note("often")), Job("seldom", 70, lambda _: note("seldom"))]
    run(engine.workspace, stop=stop, jobs=jobs, clock=lambda: now[0])
    assert seen == ["often", "seldom", "often", "often", "often", "seldom"]


def test_what_the_ledger_tells_reaches_the_lake_as_it_was(engine: Engine) -> None:
    points = Loyalty(engine.workspace)
    points.enrol("M1", key="1")
    points.earn("M1", key="2", source="pos", no="7", eligible_minor=12_800)
    points.refund(key="3", source="pos", no="7", refunded_minor=2_800)
    run(engine.workspace, stop=threading.Event(), once=True)
    with open_reader(SYSTEM, engine.workspace) as lake:
        rows = lake.rows("select kind, key, account_id, payload from loyalty_facts order by position")
    assert [row["kind"] for row in rows] == ["loyalty.enrol", "loyalty.earn", "loyalty.refund"]
    told = [json.loads(row["payload"]) for row in rows]
    txns = {txn.pk: txn for txn in Txn.objects.all()}
    assert [row["key"] for row in rows] == [f"txn:{one['txn']}" for one in told] and len(txns) == 3
    for row, one in zip(rows, told, strict=True):
        assert (one["account"], one["kind"]) == (row["account_id"], txns[one["txn"]].kind)
        entries = [(entry["source"], entry["target"], entry["points"]) for entry in one["entries"]]
        stored = Entry.objects.filter(txn_id=one["txn"]).order_by("pk").values_list("source", "target", "points")
        assert entries == list(stored)
