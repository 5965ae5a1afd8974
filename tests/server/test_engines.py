"""A workspace lives on SQLite or on PostgreSQL: the same tables, the same guards, durable commits."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from shuke.cli.migrate import Unreachable, bring_up_to_date
from shuke.journal.models import Entry
from shuke.kernel.errors import WrongUse
from shuke.kernel.workspace import DATABASE_VARIABLE, load_workspace, named_database
from shuke.procedures.inspect_workspace import inspect
from shuke.server.database import postgresql
from tests.engines import Engine, shop, standing_on


def test_what_was_journaled_stays(engine: Engine) -> None:
    Entry.objects.create(at=timezone.now(), actor="a", role="owner", verb="see", object_type="x", object_id="1")
    for change in ("update journal_entry set verb = 'hide'", "delete from journal_entry"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert list(Entry.objects.values_list("verb", flat=True)) == ["see"]


def test_the_connection_is_durable(engine: Engine) -> None:
    assert connection.vendor == engine.kind
    found = {finding.check: finding for finding in inspect(engine.workspace)}
    # The servers of most tests run without fsync: the doctor says so, and a shop's must not.
    assert found["durable"].ok is (engine.kind == "sqlite")
    assert "fsync" in found["durable"].detail or engine.kind == "sqlite"
    assert found["database"].ok
    assert ("PostgreSQL 18" if engine.kind == "postgresql" else "SQLite") in found["engine"].detail


def test_migrating_again_does_nothing_and_a_lost_database_is_made_again(engine: Engine) -> None:
    bring_up_to_date()
    stamp = engine.workspace.root / ".migrated"
    written = stamp.stat().st_mtime_ns
    bring_up_to_date()
    assert stamp.stat().st_mtime_ns == written
    if engine.kind == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("drop schema public cascade; create schema public")
        bring_up_to_date()
        assert Entry.objects.count() == 0


def test_another_process_finds_the_same_database(engine: Engine) -> None:
    bring_up_to_date()
    done = subprocess.run(
        [sys.executable, "-m", "shuke.cli.main", "doctor", "--workspace", str(engine.workspace.root)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ("PostgreSQL" if engine.kind == "postgresql" else "SQLite") in done.stderr, done.stderr


def test_a_server_that_does_not_answer_is_one_clear_sentence(tmp_path: Path, django_db_blocker: object) -> None:
    away = shop(tmp_path / "shop", url=f"postgresql://me:very-secret@/shop?host={tmp_path}")
    with django_db_blocker.unblock(), standing_on(away), pytest.raises(Unreachable) as told:
        bring_up_to_date()
    assert "cannot be opened" in str(told.value)
    assert "very-secret" not in str(told.value) + told.value.hint + repr(away)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://me:p%40ss@db.shop.cn:5433/shop", ("me", "p@ss", "db.shop.cn", "5433", "shop")),
        ("postgres://me@/shop?host=/Var/Run", ("me", "", "/Var/Run", "", "shop")),
        ("postgresql://me@%2FVar%2FRun/shop", ("me", "", "/Var/Run", "", "shop")),
        ("postgresql://[::1]:5432/shop", ("", "", "::1", "5432", "shop")),
    ],
)
def test_addresses(url: str, expected: tuple[str, ...]) -> None:
    read = postgresql(url)
    assert tuple(read[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")) == expected


def test_options_of_the_address_are_handed_on() -> None:
    assert postgresql("postgresql://db/shop?sslmode=verify-full")["OPTIONS"]["sslmode"] == "verify-full"


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop(tmp_path, url="postgresql://db/of-the-file")
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
    assert load_workspace(tmp_path).database_url == "postgresql://db/of-the-file"
    monkeypatch.setenv(DATABASE_VARIABLE, "postgresql://db/of-the-environment")
    assert load_workspace(tmp_path).database_url == "postgresql://db/of-the-environment"


@pytest.mark.parametrize("wrong", ["mysql://me:very-secret@db/shop", 7])
def test_other_engines_are_refused_without_repeating_the_address(
    wrong: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
    with pytest.raises(WrongUse) as told:
        named_database({"database": {"url": wrong}})
    assert "very-secret" not in str(told.value) + told.value.hint
