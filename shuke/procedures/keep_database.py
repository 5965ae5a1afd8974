"""A PostgreSQL database in a backup: dumped by pg_dump from one snapshot, brought back by pg_restore into an empty one.

Lake files named by the snapshot's generation are read in the same snapshot, so the dump and the files agree while
the shop works on. The two programs come with PostgreSQL's client package; passwords go to them by the environment.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from django.db import connection, transaction

from shuke.kernel.errors import ShukeError, WrongUse
from shuke.kernel.workspace import DATABASE_VARIABLE, SETTINGS_FILE, named_database

DUMP = "database.dump"
_URL_LINE = re.compile(r"(?ms)(^\[database\][^\[]*?^\s*url\s*=)[^\n]*")


class DumpFailed(ShukeError):
    """pg_dump or pg_restore is absent or refused."""


def dump(url: str, *, into: Path) -> list[str]:
    """Writes the workspace's database, which is at `url`, to the file `into`; returns the lake files that it names.

    Who holds the writer's lease is left out: a restored copy must not wait for a process that is gone.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")
        cursor.execute("select pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        cursor.execute("select tables from lake_generation where is_current")
        rows = cursor.fetchall()
        _run(
            "pg_dump", url,
            "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}",
            "--exclude-table-data=lake_writerlease", f"--file={into}",
        )  # fmt: skip
    return sorted(name for (tables,) in rows for entry in _read(tables).values() for name in entry["files"])


def bring_back(file: Path, *, settings: Path) -> None:
    """Restores the dump in `file` into the database that SHUKE_DATABASE_URL names, which must hold no table yet.

    Where the settings of the restored folder (`settings`) named a database, they name the new one afterwards, so that
    the copy can never write into the original. Raises `WrongUse`, `DumpFailed`.
    """
    url = named_database()
    if not url:
        raise WrongUse(
            "This backup holds a PostgreSQL database.",
            hint=f"Make an empty database and name it in {DATABASE_VARIABLE}, then restore again.",
        )
    count = "select count(*) from pg_tables where schemaname = 'public'"
    tables = _run("psql", url, "--no-psqlrc", "--tuples-only", "--no-align", "--command", count).strip()
    if tables != "0":
        raise WrongUse(
            f"The database that {DATABASE_VARIABLE} names holds {tables} tables already.",
            hint="Name an empty database; nothing was changed.",
        )
    _run("pg_restore", url, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(file))
    text = (settings / SETTINGS_FILE).read_text("utf-8")
    (settings / SETTINGS_FILE).write_text(_URL_LINE.sub(lambda line: f"{line[1]} {json.dumps(url)}", text), "utf-8")


def _run(program: str, url: str, *arguments: str) -> str:
    """What a program of PostgreSQL's prints; the password goes to it by the environment."""
    path = shutil.which(program)
    if path is None:
        raise DumpFailed(
            f"The program {program} is not on the path.", hint="Install PostgreSQL's client programs and try again."
        )
    parts = urlsplit(url)
    who, _, place = parts.netloc.rpartition("@")
    user, _, password = who.partition(":")
    bare = urlunsplit(parts._replace(netloc=f"{user}@{place}" if user else place))
    environment = {**os.environ, **({"PGPASSWORD": unquote(password)} if password else {})}
    done = subprocess.run(
        [path, f"--dbname={bare}", *arguments],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason"])[-1]
        raise DumpFailed(f"{program} failed: {said}", hint="Is it at least as new as the server?")
    return done.stdout


def _read(value: object) -> dict[str, dict[str, list[str]]]:
    """A jsonb column as a dictionary, whether Django has decoded it or not."""
    read = json.loads(value) if isinstance(value, str) else value
    return dict(read) if isinstance(read, dict) else {}
