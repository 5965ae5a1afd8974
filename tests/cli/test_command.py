"""The command as a script sees it: exit codes, one JSON document, one clear message, never a traceback."""

import json
import os
import subprocess
import sys
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
    assert done.stdout == ""


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
