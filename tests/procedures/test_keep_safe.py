"""A backup holds the secret key and every raw file: nobody else reads it, not even while it grows."""

import sqlite3
import tarfile
from pathlib import Path

import pytest

from shuke.kernel.workspace import load_workspace
from shuke.procedures.keep_safe import backup
from shuke.procedures.make_workspace import make_workspace


def test_a_backup_is_closed_to_others_while_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_workspace("shop", currency="CNY", timezone="Asia/Shanghai", language="zh-hans", parent=tmp_path)
    with sqlite3.connect(made.database) as database:
        database.execute("create table lake_writerlease (id integer)")
        database.execute("create table lake_generation (tables text, is_current bool)")
    (tmp_path / ".b.tar.part").write_bytes(b"left by a run that broke off")
    modes = []
    plain = tarfile.TarFile.add

    def watched(tar: tarfile.TarFile, name: Path, arcname: str) -> None:
        modes.append(Path(str(tar.name)).stat().st_mode & 0o077)
        plain(tar, name, arcname=arcname)

    monkeypatch.setattr(tarfile.TarFile, "add", watched)
    backup(load_workspace(made.root), out=tmp_path / "b.tar")
    assert len(modes) > 3
    assert set(modes) == {0}
    assert (tmp_path / "b.tar").stat().st_mode & 0o077 == 0
