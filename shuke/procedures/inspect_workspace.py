"""What `shuke doctor` looks at: is everything that the workspace names there, readable and large enough."""

import shutil
import sqlite3
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from shuke.kernel.workspace import Workspace
from shuke.lake.models import WriterLease
from shuke.lake.queries import current_generation

# A week at a million customers writes about 2 GB and spills as much again.
_FREE_BYTES = 2 * 1024**3
_FULL = 2  # SQLite's synchronous=full
_SYNCED = "Points are money: switch fsync, full_page_writes and synchronous_commit on in the server's settings."


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `ok` or not, and what to do where not."""

    check: str
    ok: bool
    detail: str
    hint: str = ""


def inspect(workspace: Workspace) -> list[Finding]:
    """Every check, in order; none changes anything."""
    return [*_database(), _files(workspace), _lease(), _secret(workspace), _disk(workspace)]


def _database() -> list[Finding]:
    """Which engine it is, whether it is whole, and whether what it acknowledged is on the disk."""
    return _postgresql() if connection.vendor == "postgresql" else _sqlite()


def _sqlite() -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("pragma quick_check")
        answer = str(cursor.fetchone()[0])
        cursor.execute("pragma synchronous")
        durable = int(cursor.fetchone()[0]) >= _FULL
    return [
        Finding("engine", True, f"SQLite {sqlite3.sqlite_version}, {settings.WORKSPACE.database}"),
        Finding("database", answer == "ok", answer, "Restore the latest backup with 'shuke restore'."),
        Finding("durable", durable, "each commit is synced" if durable else "commits are not synced", _SYNCED),
    ]


def _postgresql() -> list[Finding]:
    asked = ("server_version", "fsync", "synchronous_commit", "full_page_writes")
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(f"current_setting('{name}')" for name in asked))
        version, *switches = cursor.fetchone()
        cursor.execute("select count(*) from pg_index where not indisvalid")
        broken = int(cursor.fetchone()[0])
    off = [name for name, value in zip(asked[1:], switches, strict=True) if value in {"off", "local"}]
    named = connection.settings_dict
    place = f"PostgreSQL {version}, database {named['NAME']} at {named['HOST'] or 'this machine'}"
    return [
        Finding("engine", True, place),
        Finding(
            "database", not broken, f"{broken} indexes are not valid" if broken else "ok", "Run 'reindex database'."
        ),
        Finding("durable", not off, f"off: {', '.join(off)}" if off else "each commit is synced", _SYNCED),
    ]


def _files(workspace: Workspace) -> Finding:
    generation = current_generation()
    names = [n for entry in (generation.tables.values() if generation else []) for n in entry["files"]]
    missing = [name for name in names if not (workspace.lake / name).is_file()]
    detail = f"{len(names)} files named, {len(missing)} missing"
    return Finding("lake", not missing, detail, "Restore the latest backup, or import the raw files again.")


def _lease() -> Finding:
    held = WriterLease.objects.first()
    detail = f"held by process {held.process} ({held.purpose})" if held else "free"
    return Finding("writer", True, detail)


def _secret(workspace: Workspace) -> Finding:
    path = workspace.root / "secret.key"
    ok = path.is_file() and path.stat().st_mode & 0o077 == 0
    return Finding(
        "secret", ok, "readable by its owner only" if ok else "missing or readable by others", f"chmod 600 {path}"
    )


def _disk(workspace: Workspace) -> Finding:
    free = shutil.disk_usage(workspace.root).free
    return Finding("disk", free > _FREE_BYTES, f"{free / 1024**3:.1f} GB free", "Free some space before the next week.")
