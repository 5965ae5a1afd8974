"""The commands of the README, typed as they stand there, on the exports of a small retailer."""

import os
import re
import shlex
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest

from shuke.demo.actions import write_exports
from tests.house.reading import ROOT

_NO_SERVER = re.compile(r"^(make|export|.*shuke serve)\b")


def _blocks(page: str) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)


def _script(page: str) -> str:
    """Every command of a page, set-up and server left out, as one script that stops at the first failure."""
    lines = [line for block in _blocks(page) for line in block.splitlines()]
    return "set -eo pipefail\n" + "\n".join(line for line in lines if not _NO_SERVER.match(line)) + "\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with exports of a small retailer in it and `shuke` on the path."""
    write_exports(tmp_path / "exports", truth=tmp_path / "truth", customers=300, seed=7, as_of=date(2026, 11, 23))
    command = tmp_path / "bin" / "shuke"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m shuke.cli.main "$@"\n', "utf-8")
    command.chmod(0o755)
    (tmp_path / "desk").mkdir()
    return tmp_path


def _type(script: str, *, home: Path) -> subprocess.CompletedProcess[str]:
    names = ("SHUKE_WORKSPACE", "DJANGO_SETTINGS_MODULE")
    kept = {key: value for key, value in os.environ.items() if key not in names}
    environment = {
        **kept,
        "HOME": str(home),
        "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "SHUKE_MEMORY": "1GB",
    }
    return subprocess.run(
        ["bash", "-c", script], cwd=home / "desk", env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_the_readme_can_be_typed(home: Path) -> None:
    done = _type(_script("README.md"), home=home)
    assert done.returncode == 0, done.stderr[-3000:]
    shop = home / "desk" / "myshop"
    sheets = sorted((shop / "tasks").glob("*.xlsx"))
    assert sheets, "task sheets come out"
    assert all(zipfile.is_zipfile(sheet) for sheet in sheets)
    assert "体检" in (shop / "checkup.html").read_text("utf-8")
    assert zipfile.is_zipfile(shop / "customers.xlsx")
    assert (shop / "backup.tar").stat().st_size > 100_000
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readme_puts_the_command_on_the_path_before_it_types_it(page: str) -> None:
    lines = [line for block in _blocks(page) for line in block.splitlines()]
    first = next(number for number, line in enumerate(lines) if line.startswith("shuke "))
    assert any(".venv/bin" in line and line.startswith("export PATH=") for line in lines[:first]), (
        f"{page}: 'shuke' stands before the line that puts .venv/bin on the path."
    )
