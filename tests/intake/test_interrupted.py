"""An import that is killed, stopped or out of room leaves nothing half written, and the next one works."""

import errno
import json
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shuke.intake.models import Batch
from shuke.lake.models import Generation, WriterLease
from shuke.procedures import import_files as procedure
from tests.intake.conftest import Shop, csv_text
from tests.intake.test_bad_input import zipped
from tests.intake.test_mappings import workbook

HEADER = "order_no,ordered_at,sku,quantity,unit_price,phone"
# Reads lines `SECONDS`: forks an import and kills it after so many seconds (-1: never), then tells how long it ran.
SCRIPT = """
import os, signal, sys, time
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from shuke.kernel.actor import SYSTEM
from shuke.procedures.import_files import import_files
call_command("migrate", verbosity=0)
connections.close_all()
print("ready", flush=True)
for line in sys.stdin:
    began, seconds = time.monotonic(), float(line)
    child = os.fork()
    if not child:
        report = import_files(SYSTEM, workspace=settings.WORKSPACE, paths=[Path(p) for p in sys.argv[1:]])
        os._exit(0 if report.ok else 3)
    if seconds >= 0:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    print(time.monotonic() - began if os.WIFSIGNALED(status) or status == 0 else "failed", flush=True)
"""


class Importer:
    """A process that imports the same files into one shop over and over, killed when the test says so."""

    def __init__(self, root: Path, files: list[Path]) -> None:
        root.mkdir()
        (root / "shuke.toml").write_text('shop = "x"\n', "utf-8")
        self.root = root
        environment = os.environ | {
            "SHUKE_WORKSPACE": str(root),
            "DJANGO_SETTINGS_MODULE": "shuke.server.settings",
            "PYTHONPATH": str(Path(__file__).parent.parent.parent),
        }
        command = [sys.executable, "-c", SCRIPT, *map(str, files)]
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, *, killed_after: float = -1) -> float:
        """Seconds that the import ran."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{killed_after}\n")
        stdin.flush()
        return float(next(line for line in stdout if line.strip() != "ready"))

    def close(self) -> None:
        self._process.communicate()
        assert self._process.returncode == 0

    def state(self) -> dict[str, Any]:
        """What the database publishes: rows of every table (checked against its files) and all batches."""
        base = sqlite3.connect(self.root / "shuke.sqlite3")
        current = base.execute("select tables from lake_generation where is_current").fetchone()
        found: dict[str, Any] = {}
        for name, entry in json.loads(current[0]).items() if current else ():
            files = [str(self.root / "lake" / file) for file in entry["files"]]
            rows = duckdb.execute(
                f"select count(*), sum(hash(t)::hugeint) from (select t from read_parquet({files}) t)"
            ).fetchall()[0]
            assert rows[0] == entry["rows"]
            found[name] = rows
        columns = "id, file, part, sha256, rows_read, staged, duplicate, quarantined, quarantine_file"
        found["batches"] = base.execute(f"select {columns} from intake_batch order by id").fetchall()
        base.close()
        return found

    def seen(self) -> dict[str, bytes]:
        """Files that a person sees in raw and quarantine."""
        folders = [self.root / "raw", self.root / "quarantine"]
        paths = [path for folder in folders if folder.is_dir() for path in folder.iterdir()]
        return {str(path.relative_to(self.root)): path.read_bytes() for path in paths if not path.name.startswith(".")}

    def left_over(self) -> list[str]:
        """Files that nothing names."""
        base = sqlite3.connect(self.root / "shuke.sqlite3")
        named = json.loads(base.execute("select tables from lake_generation where is_current").fetchone()[0])
        base.close()
        known = {self.root / "lake" / file for entry in named.values() for file in entry["files"]}
        hidden = [path for name in ("raw", "quarantine") for path in (self.root / name).glob(".*")]
        lake = [path for path in self.root.glob("lake/*/*") if path not in known]
        return [str(path) for path in (*hidden, *lake, *self.root.glob("tmp/import"))]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Exports of several formats with bad rows and a repeat of each other."""
    rows = [f"{n},2025-01-02 03:04:05,A,{'x' if n % 999 == 5 else 1},1.50,138{n:08d}" for n in range(12_000)]
    book = workbook(("s", [list(row.split(",")) for row in (HEADER, *rows[5_900:6_200])]))
    contents = {
        "a.csv": csv_text(HEADER, rows[:6_000]).encode(),
        "b.zip": zipped(**{"b.xlsx": book, "c.csv": csv_text(HEADER, rows[5_000:9_000]).encode("utf-16")}),
        "d.csv": csv_text(f"{HEADER},product", [f"{row},茶" for row in rows[8_000:]]).encode("gb18030"),
    }
    found = []
    for name, content in contents.items():
        found.append(tmp_path / name)
        found[-1].write_bytes(content)
    return found


@pytest.fixture
def importer(tmp_path: Path, files: list[Path]) -> Iterator[Callable[[str], Importer]]:
    made: list[Importer] = []

    def make(name: str) -> Importer:
        made.append(Importer(tmp_path / name, files))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("kills", [5, pytest.param(25, marks=pytest.mark.proof)])
def test_killed_at_any_moment(importer: Callable[[str], Importer], kills: int) -> None:
    calm, victim = importer("calm"), importer("victim")
    whole = calm.run()
    expected, seen, dice = calm.state(), calm.seen(), random.Random(kills)
    assert calm.left_over() == []
    for number in range(kills):
        # Evenly over the whole import, in any order, and a little behind its usual end.
        victim.run(killed_after=whole * 1.1 * (number + dice.random()) / kills)
        now = victim.state()
        assert now in (expected, {"batches": []})
        assert victim.seen().items() <= seen.items()
    victim.run()
    assert victim.state() == expected
    assert victim.seen() == seen
    assert victim.left_over() == []
    victim.run()
    assert victim.state() == expected


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")])
def test_stopped_or_out_of_room_before_publishing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    path = shop.write("a.csv", csv_text(HEADER, ["1,2025-01-02,A,1,1.5,", "2,never,A,1,1.5,"]))

    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(procedure, "_publish", fail)
        with pytest.raises(procedure.DiskFull if isinstance(error, OSError) else KeyboardInterrupt):
            shop.take(path)
    assert shop.files() == set()
    assert not Batch.objects.exists()
    assert not WriterLease.objects.exists()
    assert shop.take(path).files[0].staged == 1


def test_a_crash_between_commit_and_names_is_mended_by_the_next_import(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop.write("a.csv", csv_text(HEADER, ["1,2025-01-02,A,1,1.5,", "2,never,A,1,1.5,"]))
    with monkeypatch.context() as patch:
        patch.setattr(procedure, "_clear", lambda *_: None)  # a power cut: the commit is the last that was done
        (shop.workspace.scratch / "import").mkdir(parents=True)
        shop.take(path)
    batch = Batch.objects.get()
    assert not (shop.workspace.raw / batch.sha256).exists()
    assert shop.take(path).files[0].already_imported
    assert (shop.workspace.raw / batch.sha256).read_bytes() == path.read_bytes()
    assert (shop.workspace.quarantine / batch.quarantine_file).is_file()
    assert not any(name.rpartition("/")[2].startswith(".") for name in shop.files())


def test_files_of_a_killed_run_go_with_the_next_run(shop: Shop) -> None:
    dead = Generation.objects.create(kind="week", tables={}, started_at="2025-01-02T00:00:00Z")
    left = shop.workspace.lake / "staged_sales" / f"{dead.pk}-0.parquet"
    left.parent.mkdir()
    left.write_bytes(b"half")
    shop.bring("a.csv", csv_text(HEADER, ["1,2025-01-02,A,1,1.5,"]))
    assert not left.exists()
    assert not Generation.objects.filter(published_at__isnull=True).exists()
