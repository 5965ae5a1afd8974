"""The two databases a workspace may live on, each real and fresh for a test, copied from a migrated template."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from shuke.kernel.workspace import DATABASE_VARIABLE, Workspace
from shuke.server.database import database_of
from tests.postgres import Server

KINDS = ("sqlite", "postgresql")
_TEMPLATE = "template_shuke"


@dataclass(frozen=True)
class Engine:
    """A migrated, empty database: `kind` names it, Django's default connection (of every thread) leads to it.

    `environment` is what another process needs to open the same workspace; `address` its file or its URL.
    """

    kind: str
    workspace: Workspace
    address: str

    @property
    def environment(self) -> dict[str, str]:
        return {"SHUKE_WORKSPACE": str(self.workspace.root), DATABASE_VARIABLE: self.workspace.database_url}


@contextlib.contextmanager
def standing_on(workspace: Workspace) -> Iterator[None]:
    """Leads Django's default connection to the workspace's database, in all threads, and back afterwards."""
    before, workspace_before = connections.settings["default"], settings.WORKSPACE
    kept = connections["default"]
    described: dict[str, Any] = {"default": database_of(workspace, sqlite_name=str(workspace.database))}
    connections.settings["default"] = connections.configure_settings(described)["default"]
    connections["default"] = connections.create_connection("default")
    settings.WORKSPACE = workspace
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = before
        connections["default"] = kept
        settings.WORKSPACE = workspace_before


def shop(root: Path, *, url: str = "") -> Workspace:
    """A workspace's folder with its settings, on the server's database `url` or on a file of its own."""
    root.mkdir(parents=True, exist_ok=True)
    section = f'\n[database]\nurl = "{url}"\n' if url else ""
    (root / "shuke.toml").write_text(f'shop = "禾里生活"\n{section}', "utf-8")
    (root / "secret.key").write_text("test-only")
    made = Workspace(root=root.resolve(), shop="禾里生活", secret_key="test-only", database_url=url)
    for folder in (made.lake, made.raw, made.quarantine, made.tasks):
        folder.mkdir(exist_ok=True)
    return made


def migrated_file(folder: Path) -> Path:
    """A SQLite database with all tables and no rows; copies of it are the tests' databases."""
    made = shop(folder)
    with standing_on(made):
        call_command("migrate", interactive=False, verbosity=0)
    with sqlite3.connect(made.database) as database:
        database.execute("pragma wal_checkpoint(truncate)")
    database.close()
    return made.database


def migrated_template(server: Server, *, folder: Path) -> str:
    """The same on a PostgreSQL server: the name of a database to copy."""
    name = server.database(name=_TEMPLATE)
    with standing_on(shop(folder, url=server.url(name))):
        call_command("migrate", interactive=False, verbosity=0)
    return name


@contextlib.contextmanager
def fresh_file(root: Path, *, template: Path) -> Iterator[Engine]:
    """An engine on a copy of the migrated file."""
    made = shop(root)
    shutil.copyfile(template, made.database)
    with standing_on(made):
        yield Engine("sqlite", made, str(made.database))


@contextlib.contextmanager
def fresh_database(root: Path, *, server: Server, template: str) -> Iterator[Engine]:
    """An engine on a copy of the server's migrated template."""
    name = server.database(template=template)
    made = shop(root, url=server.url(name))
    try:
        with standing_on(made):
            yield Engine("postgresql", made, made.database_url)
    finally:
        server.drop(name)
