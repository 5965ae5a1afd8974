"""The command as a script sees it: exit codes, one JSON document, one clear message, never a traceback."""

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest


def shuke(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    environment.pop("SHUKE_WORKSPACE", None)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-m", "shuke.cli.main", *arguments], cwd=cwd, env=environment, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    made = shuke("init", "店一", "--json", cwd=folder)
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["currency"] == "CNY"
    return folder / "店一"


def test_init_writes_only_inside_its_folder_and_keeps_its_secret(shop: Path) -> None:
    assert [p.name for p in shop.parent.iterdir()] == ["店一"]
    assert (shop / "secret.key").stat().st_mode & 0o077 == 0
    assert len((shop / "secret.key").read_text()) >= 40


def test_init_refuses_a_folder_in_use_and_wrong_settings(shop: Path) -> None:
    for arguments in (["店一"], ["b", "--timezone", "Mars/Olympus"], ["b", "--currency", "yuan"]):
        done = shuke("init", *arguments, cwd=shop.parent)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
    assert not (shop.parent / "b").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["checkup"], 1),
        (["week", "--json"], 1),
        (["week", "--as-of", "yesterday"], 2),
        (["import", "no-such-file.csv"], 2),
        (["export", "orders", "--out", "orders.unknown"], 2),
        (["export", "orders", "--out", "orders.csv"], 1),
        (["approve"], 2),
        (["no-such-verb"], 2),
        ([], 2),
    ],
)
def test_refusals_have_a_message_a_code_and_no_traceback(shop: Path, arguments: list[str], code: int) -> None:
    done = shuke(*arguments, cwd=shop)
    assert done.returncode == code, done.stderr
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert not done.stdout or ("--json" in arguments and list(json.loads(done.stdout)) == ["error", "hint"])


def test_a_refusal_is_one_json_document_too(shop: Path) -> None:
    done = shuke("import", "no-such-file.csv", "--json", cwd=shop)
    assert done.returncode == 2
    assert "no-such-file.csv" in json.loads(done.stdout)["error"]


def test_a_place_that_cannot_be_written_is_told_without_a_traceback(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "orders.csv").write_text("order_no,ordered_at,quantity,unit_price,sku\nA1,2026-10-01,1,2,T1\n")
    own = tmp_path / "own"
    for arguments in (["init", str(own)], ["import", "orders.csv", "--workspace", str(own)]):
        assert shuke(*arguments, cwd=tmp_path).returncode == 0
    for place in (tmp_path / "file" / "orders.csv", tmp_path / "file" / "tasks"):
        done = shuke("export", "orders", "--out", str(place), "--format", "csv", "--workspace", str(own), cwd=tmp_path)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert str(tmp_path / "file") in done.stderr


def _large(folder: Path) -> Path:
    rows = "".join(f"K{number},2026-10-01,1,2,S{number * 7919 % 99991}\n" for number in range(120_000))
    (folder / "large.csv").write_text(f"order_no,ordered_at,quantity,unit_price,sku\n{rows}")
    assert shuke("init", str(folder / "own"), cwd=folder).returncode == 0
    return folder / "own"


def test_no_room_left_is_told_and_the_next_import_takes_all(tmp_path: Path) -> None:
    own = _large(tmp_path)
    verb = f"ulimit -f 400; exec {sys.executable} -m shuke.cli.main import large.csv --workspace {own}"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(["bash", "-c", verb], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "disk is full" in done.stderr
    again = shuke("import", "large.csv", "--json", "--workspace", str(own), cwd=tmp_path)
    assert json.loads(again.stdout)["files"][0]["staged"] == 120_000


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_while_the_engine_works_stops_with_one_message(tmp_path: Path) -> None:
    own = _large(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    verb = [sys.executable, "-m", "shuke.cli.main", "import", "large.csv", "--workspace", str(own)]
    # A shell's background jobs ignore Ctrl-C, and their children with them: the command under test must not.
    running = subprocess.Popen(
        verb, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True, preexec_fn=_heed_interrupts
    )
    until = time.monotonic() + 30
    # The folder of the staged table is made right before the engine begins to write into it.
    while not own.joinpath("lake", "staged_sales").exists() and time.monotonic() < until:
        time.sleep(0.001)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in told
    assert "stopped" in told
    again = shuke("import", "large.csv", "--json", "--workspace", str(own), cwd=tmp_path)
    assert json.loads(again.stdout)["files"][0]["staged"] == 120_000


def test_outside_a_workspace_it_says_what_to_do(tmp_path: Path) -> None:
    done = shuke("checkup", cwd=tmp_path)
    assert done.returncode == 2
    assert "shuke init" in done.stderr


def test_doctor_of_a_new_workspace_is_content(shop: Path) -> None:
    done = shuke("doctor", "--json", cwd=shop)
    assert done.returncode == 0
    assert all(check["ok"] for check in json.loads(done.stdout)["checks"])


def test_backup_and_restore_bring_the_same_shop_back(shop: Path, tmp_path: Path) -> None:
    assert shuke("backup", "--out", str(tmp_path / "b.tar"), cwd=shop).returncode == 0
    done = shuke("restore", str(tmp_path / "b.tar"), "--into", str(tmp_path / "again"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "again" / "secret.key").read_text() == (shop / "secret.key").read_text()
    assert shuke("doctor", cwd=tmp_path / "again").returncode == 0


def test_a_broken_backup_is_refused_and_leaves_nothing(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.tar").write_bytes(b"not a tar")
    done = shuke("restore", "bad.tar", "--into", "x", cwd=tmp_path)
    assert done.returncode == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.tar"]


def test_help_is_fast_and_shows_examples(tmp_path: Path) -> None:
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        done = shuke("--help", cwd=tmp_path)
        seconds.append(time.perf_counter() - started)
        assert done.returncode == 0
        assert "shuke import" in done.stdout
    assert min(seconds) < 0.5


def test_a_backup_with_a_path_that_climbs_out_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        entry = tarfile.TarInfo("../outside.txt")
        tar.addfile(entry, io.BytesIO())
    done = shuke("restore", "evil.tar", "--into", "x/y", cwd=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "outside.txt").exists()
    assert not (tmp_path / "x" / "outside.txt").exists()
