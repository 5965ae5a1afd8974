"""Facts reach the lake exactly once, whoever is killed when."""

import subprocess
import sys
from typing import Any

import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import LakeBusy, open_run
from shuke.lake.queries import open_reader
from shuke.outbox.queries import cursor_of
from shuke.procedures import flush_outbox as procedure
from shuke.procedures.flush_outbox import flush_outbox, relay
from tests.engines import Engine
from tests.outbox.facts import tell

# In a process of its own: killed where the name says, as by kill -9.
_KILLED = """
import os, sys
import django
django.setup()
from django.conf import settings
from shuke.kernel.actor import SYSTEM
from shuke.procedures import flush_outbox as procedure
place = sys.argv[1]
if place == "before the commit":
    procedure.publish = lambda *a, **k: os._exit(9)
elif place == "inside the commit":
    from shuke.lake.actions import Run
    Run.publish = lambda self: os._exit(9)
else:
    right = procedure.publish
    procedure.publish = lambda *a, **k: (right(*a, **k), os._exit(9))
procedure.flush_outbox(SYSTEM, workspace=settings.WORKSPACE)
"""


def in_lake(workspace: Workspace) -> list[dict[str, Any]]:
    """The table as readers see it."""
    with open_reader(SYSTEM, workspace) as lake:
        return lake.rows("select * from loyalty_facts order by position")


def test_facts_arrive_whole_and_once(engine: Engine) -> None:
    facts = [tell(order_no="单 1"), tell("loyalty.burn"), tell()]
    assert relay(SYSTEM) == 3
    assert flush_outbox(SYSTEM, workspace=engine.workspace) == 3
    assert flush_outbox(SYSTEM, workspace=engine.workspace) == 0
    rows = in_lake(engine.workspace)
    assert [(row["position"], row["key"], row["account_id"]) for row in rows] == [
        (n, fact.key, fact.object_id) for n, fact in enumerate(facts, 1)
    ]
    assert rows[0]["payload"] == f'{{"order_no":"单 1","points":5,"txn":{facts[0].object_id}}}'
    assert rows[0]["event_at"] == facts[0].at.replace(tzinfo=None)


@pytest.mark.parametrize("place", ["before the commit", "inside the commit", "after the commit"])
def test_killed_in_between_nothing_is_lost_or_doubled(place: str, engine: Engine) -> None:
    keys = [tell().key for _ in range(4)]
    relay(SYSTEM)
    environment = {
        **engine.environment,
        "DJANGO_SETTINGS_MODULE": "shuke.server.settings",
        "PYTHONPATH": ":".join(sys.path),
    }
    done = subprocess.run([sys.executable, "-c", _KILLED, place], env=environment, capture_output=True, check=False)
    assert done.returncode == 9, done.stderr.decode()[-800:]
    assert cursor_of(SYSTEM, consumer="lake") == (4 if place == "after the commit" else 0)
    keys.append(tell().key)
    relay(SYSTEM)
    flush_outbox(SYSTEM, workspace=engine.workspace)
    assert [row["key"] for row in in_lake(engine.workspace)] == keys


def test_many_small_files_become_one(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    if engine.kind == "postgresql":
        pytest.skip("files are the same on both")
    monkeypatch.setattr(procedure, "_MOST_SMALL", 3)
    keys = []
    for _ in range(5):
        keys.append(tell().key)
        relay(SYSTEM)
        flush_outbox(SYSTEM, workspace=engine.workspace)
    assert [row["key"] for row in in_lake(engine.workspace)] == keys
    from shuke.lake.queries import current_generation

    current = current_generation()
    assert current is not None and len(current.tables["loyalty_facts"]["files"]) < 3
    assert current.tables["loyalty_facts"]["rows"] == 5


def test_a_busy_lake_is_told_and_the_facts_wait(engine: Engine) -> None:
    tell()
    relay(SYSTEM)
    with open_run(engine.workspace, kind="week"):
        from shuke.lake.models import WriterLease

        WriterLease.objects.update(process=1)
        with pytest.raises(LakeBusy):
            flush_outbox(SYSTEM, workspace=engine.workspace)
    assert flush_outbox(SYSTEM, workspace=engine.workspace) == 1
