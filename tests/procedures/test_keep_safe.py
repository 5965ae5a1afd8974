"""A backup holds the secret key and every raw file: nobody else reads it, not even while it grows."""

import sqlite3
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from shuke.kernel.errors import WrongUse
from shuke.kernel.workspace import DATABASE_VARIABLE, load_workspace
from shuke.lake.models import Generation, WriterLease
from shuke.procedures.keep_database import DumpFailed
from shuke.procedures.keep_safe import backup, restore
from shuke.procedures.make_workspace import make_workspace
from tests.engines import Engine
from tests.postgres import Server


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


@pytest.fixture
def on_postgresql(engine: Engine, postgres_server: Server, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A shop on PostgreSQL with one lake file, one journal line and a writer at work; its programs on the path."""
    if engine.kind != "postgresql":
        pytest.skip("the SQLite side is tested by the command's own tests")
    monkeypatch.setenv("PATH", f"{postgres_server.bin}:/usr/bin:/bin")
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
    (engine.workspace.lake / "a.parquet").write_bytes(b"whole")
    at = datetime(2026, 11, 23, tzinfo=UTC)
    tables = {"orders": {"files": ["a.parquet"], "rows": 1}}
    Generation.objects.create(kind="week", tables=tables, started_at=at, published_at=at, is_current=True)
    WriterLease.objects.create(host="here", process=1, purpose="week", taken_at=at)
    return engine


def test_a_postgresql_shop_comes_back_whole(
    on_postgresql: Engine, postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(on_postgresql.workspace, out=tmp_path / "b.tar")
    empty = postgres_server.url(postgres_server.database())
    monkeypatch.setenv(DATABASE_VARIABLE, empty)
    restored = restore(tmp_path / "b.tar", into=tmp_path / "again")
    assert (restored.lake / "a.parquet").read_bytes() == b"whole"
    assert not (restored.root / "database.dump").exists()
    with psycopg.connect(empty) as copy:
        assert copy.execute("select count(*), min(kind) from lake_generation").fetchall() == [(1, "week")]
        assert copy.execute("select count(*) from lake_writerlease").fetchall() == [(0,)]
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            copy.execute(
                "insert into journal_entry (at, actor, role, verb, object_type, object_id, details)"
                " values (now(), 'a', 'owner', 'see', 'x', '1', '{}'); delete from journal_entry"
            )
    monkeypatch.delenv(DATABASE_VARIABLE)
    # The settings named the original's database: the copy's name the copy's, or it would write into the original.
    assert load_workspace(restored.root).database_url == empty
    assert WriterLease.objects.count() == 1


def test_a_postgresql_backup_never_overwrites_a_database(
    on_postgresql: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(on_postgresql.workspace, out=tmp_path / "b.tar")
    with pytest.raises(WrongUse, match="PostgreSQL"):
        restore(tmp_path / "b.tar", into=tmp_path / "again")
    monkeypatch.setenv(DATABASE_VARIABLE, on_postgresql.address)
    with pytest.raises(WrongUse, match="tables already"):
        restore(tmp_path / "b.tar", into=tmp_path / "again")
    assert not (tmp_path / "again").exists()
    assert connection.vendor == "postgresql" and Generation.objects.count() == 1


def test_without_the_programs_a_backup_says_so(
    on_postgresql: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DumpFailed, match="pg_dump"):
        backup(on_postgresql.workspace, out=tmp_path / "b.tar")
    assert not (tmp_path / "b.tar").exists()
