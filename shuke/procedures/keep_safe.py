"""Backup and restore: a snapshot of the database and every file that it names, in one tar.

The database is copied through SQLite's own backup while it is in use; lake files are immutable, so the copy of
those that the snapshot's generation names is consistent with it. A database on a PostgreSQL server is dumped and
brought back by `keep_database`.
"""

import json
import shutil
import sqlite3
import tarfile
import tempfile
from pathlib import Path

from shuke.kernel.errors import ShukeError, WrongUse
from shuke.kernel.workspace import SETTINGS_FILE, Workspace, load_workspace
from shuke.procedures.keep_database import DUMP, bring_back, dump

_OWN = ("policy.yaml", "plays", "segments", "metrics", "loyalty", "mappings")
_PLAIN = (SETTINGS_FILE, "secret.key", *_OWN, "raw", "quarantine", "tasks")
_NAMES = "database.files.json"


class BadBackup(ShukeError):
    """The file is not a whole backup."""


def backup(workspace: Workspace, *, out: Path) -> int:
    """Writes the tar (whole or not at all) and returns how many files it holds."""
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = out.with_name(f".{out.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=out.parent) as folder:
            snapshot = Path(folder) / (DUMP if workspace.database_url else "shuke.sqlite3")
            files = _take(workspace, snapshot)
            # Closed to others from its first byte: it holds the secret key and every raw file.
            staging.unlink(missing_ok=True)
            staging.touch(mode=0o600, exist_ok=False)
            with tarfile.open(staging, "w") as tar:
                for name in (snapshot.name, _NAMES):
                    if (snapshot.parent / name).exists():
                        tar.add(snapshot.parent / name, arcname=name)
                for name in _PLAIN:
                    if (workspace.root / name).exists():
                        tar.add(workspace.root / name, arcname=name)
                for name in files:
                    tar.add(workspace.lake / name, arcname=f"lake/{name}")
        staging.replace(out)
    finally:
        staging.unlink(missing_ok=True)
    return len(files) + 1


def restore(file: Path, *, into: Path) -> Workspace:
    """Unpacks a backup into a new folder, checks that every named file is there, and opens it."""
    if into.exists() and any(into.iterdir()):
        raise WrongUse(f"{into} is not empty.", hint="Name a folder that does not exist yet.")
    into.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=into.parent, prefix=".restore-"))
    try:
        try:
            with tarfile.open(file) as tar:
                _unpack(tar, into=staging)
        except (tarfile.TarError, OSError, EOFError) as error:
            raise BadBackup(
                f"{file} cannot be read: {error}.", hint="Is it a file of 'shuke backup', whole?"
            ) from error
        _check(staging, file=file)
        for name in ("lake", "raw", "quarantine", "tasks", "mappings"):
            (staging / name).mkdir(exist_ok=True)
        staging.chmod(0o700)
        if into.exists():
            into.rmdir()
        staging.rename(into)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return load_workspace(into)


def _take(workspace: Workspace, snapshot: Path) -> list[str]:
    """Copies the database to the file `snapshot` and returns the lake files that it names."""
    if workspace.database_url:
        files = dump(workspace.database_url, into=snapshot)
        snapshot.with_name(_NAMES).write_text(json.dumps(files), "utf-8")
        return files
    _copy_database(workspace.database, snapshot)
    return _named_files(snapshot)


def _check(staging: Path, *, file: Path) -> None:
    """Whether all of a backup has been unpacked; brings a server's database back. Raises `BadBackup`."""
    dumped = (staging / DUMP).is_file()
    if not (staging / SETTINGS_FILE).is_file() or not (dumped or (staging / "shuke.sqlite3").is_file()):
        raise BadBackup(f"{file} is not a Shuke backup.", hint="Name a file that 'shuke backup' wrote.")
    names = json.loads((staging / _NAMES).read_text("utf-8")) if dumped else _named_files(staging / "shuke.sqlite3")
    missing = [name for name in names if not (staging / "lake" / name).is_file()]
    if missing:
        raise BadBackup(f"{file} lacks {len(missing)} files, such as {missing[0]}.", hint="Use another backup.")
    if dumped:
        bring_back(staging / DUMP, settings=staging)
        (staging / DUMP).unlink()
        (staging / _NAMES).unlink()


def _unpack(tar: tarfile.TarFile, *, into: Path) -> None:
    """Writes plain files and folders below `into`; refuses links, devices and paths that climb out.

    Written out because `extractall(filter="data")` came with Python 3.11.4 and 3.11 is enough for Shuke.
    """
    for member in tar:
        place = Path(member.name)
        if place.is_absolute() or ".." in place.parts or not (member.isfile() or member.isdir()):
            raise tarfile.ExtractError(f"it holds {member.name}, which no backup of Shuke holds")
        target = into / place
        if member.isdir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        content = tar.extractfile(member)
        if content is None:
            raise tarfile.ExtractError(f"{member.name} cannot be read")
        with content, target.open("wb") as out:
            shutil.copyfileobj(content, out, 1 << 20)
        target.chmod(0o600)


def _copy_database(source: Path, target: Path) -> None:
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reading.backup(writing)
        # A lease belongs to a living process; a restored copy must not wait for it.
        writing.execute("delete from lake_writerlease")
        writing.commit()
    finally:
        reading.close()
        writing.close()


def _named_files(database: Path) -> list[str]:
    connection = sqlite3.connect(database)
    try:
        row = connection.execute("select tables from lake_generation where is_current").fetchone()
    except sqlite3.DatabaseError as error:
        raise BadBackup(f"The database in it cannot be read: {error}.", hint="Use another backup.") from error
    finally:
        connection.close()
    return sorted(name for entry in json.loads(row[0]).values() for name in entry["files"]) if row else []
