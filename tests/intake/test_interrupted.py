"""An import that is killed, stopped or out of room leaves nothing half written, and the next one works."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shuke.intake.models import Batch
from shuke.lake.models import WriterLease
from shuke.procedures import import_files as procedure
from tests.intake.conftest import Shop, csv_text

HEADER = "order_no,ordered_at,sku,quantity,unit_price"
SCRIPT = """
import sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from shuke.kernel.actor import SYSTEM
from shuke.procedures.import_files import import_files
call_command("migrate", verbosity=0)
for _ in range(int(sys.argv[1])):
    paths = [Path(p) for p in sys.argv[2:]]
    told = lambda t: print(t, flush=True)
    report = import_files(SYSTEM, workspace=settings.WORKSPACE, paths=paths, progress=told)
    print(sum(file.staged for file in report.files), flush=True)
"""


def run(root: Path, *arguments: str) -> "subprocess.Popen[str]":
    place = Path(__file__).parent.parent.parent
    environment = os.environ | {
        "SHUKE_WORKSPACE": str(root),
        "DJANGO_SETTINGS_MODULE": "shuke.server.settings",
        "PYTHONPATH": str(place),
    }
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *arguments], env=environment, stdout=subprocess.PIPE, text=True
    )


def test_kill_in_the_middle(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "shuke.toml").write_text('shop = "x"\n', "utf-8")
    files = [tmp_path / f"{number}.csv" for number in range(2)]
    for number, path in enumerate(files):
        path.write_text(csv_text(HEADER, [f"{number}{n},2025-01-02 03:04:05,A,1,1.50" for n in range(30_000)]), "utf-8")
    names = [str(path) for path in files]
    victim = run(root, "1", *names)
    assert victim.stdout is not None
    seen = [victim.stdout.readline().strip(), victim.stdout.readline().strip()]
    assert seen == ["0.csv", "1.csv"]  # the first file is written to the lake, the second is on its way
    time.sleep(0.05)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    victim.stdout.close()
    survivor = run(root, "2", *names)
    out, _ = survivor.communicate()
    assert survivor.returncode == 0
    assert [word for word in out.split() if word.isdigit()] == ["60000", "0"]
    assert not list((root / "raw").glob(".incoming-*"))
    assert not (root / "tmp" / "import").exists()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")])
def test_stopped_or_out_of_room_before_publishing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    path = shop.write("a.csv", csv_text(HEADER, ["1,2025-01-02,A,1,1.5", "2,never,A,1,1.5"]))

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
