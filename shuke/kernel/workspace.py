"""The workspace: the one folder that holds a shop's settings, database, lake and sheets.

The database is a SQLite file in that folder, unless `shuke.toml` names a PostgreSQL server (`[database] url = ...`) or
the environment does (SHUKE_DATABASE_URL, which goes first: a password then need not lie in a file).
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shuke.kernel.errors import WrongUse

SETTINGS_FILE = "shuke.toml"
DATABASE_VARIABLE = "SHUKE_DATABASE_URL"
_PLAIN = {"shop", "currency", "timezone", "language", "day_starts_hour"}
_SCHEMES = ("postgresql://", "postgres://")


@dataclass(frozen=True)
class Workspace:
    """Paths and settings of one shop. `timezone` decides days; the business day begins at `day_starts_hour`.

    `database_url` is empty for SQLite; it may hold a password, so it is never shown with the rest. `webhook_hosts` are
    hosts inside that webhooks may reach nevertheless, such as the shop's own ERP.
    """

    root: Path
    shop: str
    currency: str = "CNY"
    timezone: str = "Asia/Shanghai"
    language: str = "zh-hans"
    day_starts_hour: int = 0
    secret_key: str = field(default="", repr=False)
    database_url: str = field(default="", repr=False)
    webhook_hosts: frozenset[str] = frozenset()

    @property
    def database(self) -> Path:
        """The SQLite file; there is none where `database_url` names a server."""
        return self.root / "shuke.sqlite3"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    @property
    def tasks(self) -> Path:
        return self.root / "tasks"

    @property
    def mappings(self) -> Path:
        """Mappings of this shop; they go before those that ship with Shuke."""
        return self.root / "mappings"

    @property
    def plays(self) -> Path:
        """Plays of this shop: a file named as a ready play replaces it, any other is a play of its own."""
        return self.root / "plays"

    @property
    def policy(self) -> Path:
        return self.root / "policy.yaml"

    @property
    def scratch(self) -> Path:
        return self.root / "tmp"


def load_workspace(root: Path) -> Workspace:
    """Reads `shuke.toml` in `root`; raises `WrongUse` where there is none."""
    path = root / SETTINGS_FILE
    if not path.is_file():
        raise WrongUse(
            f"{root} is not a Shuke workspace.", hint="Run 'shuke init SHOP' first, or name one with --workspace DIR."
        )
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise WrongUse(f"{path} cannot be read: {error}.", hint="Mend that line and try again.") from error
    known = {k: v for k, v in values.items() if k in _PLAIN}
    secret = root / "secret.key"
    return Workspace(
        root=root.resolve(),
        secret_key=secret.read_text().strip() if secret.is_file() else "",
        database_url=named_database(values),
        webhook_hosts=frozenset(map(str, values.get("webhook_hosts", []))),
        **known,
    )


def named_database(values: Mapping[str, object] | None = None) -> str:
    """The PostgreSQL address of the environment, else that of the settings given, else '' (SQLite).

    Raises `WrongUse` for an address of another engine; the message never repeats it, for it may hold a password.
    """
    section = (values or {}).get("database", {})
    url = os.environ.get(DATABASE_VARIABLE) or (section.get("url", "") if isinstance(section, dict) else "")
    if not isinstance(url, str) or (url and not url.startswith(_SCHEMES)):
        raise WrongUse(
            f"The database that {SETTINGS_FILE} or {DATABASE_VARIABLE} names is not PostgreSQL.",
            hint="Write postgresql://user:password@host:5432/name, or leave it out for SQLite.",
        )
    return url


def find_workspace(named: str | None = None) -> Workspace:
    """The workspace named, else that of SHUKE_WORKSPACE, else the current folder or one of its parents."""
    given = named or os.environ.get("SHUKE_WORKSPACE")
    if given:
        return load_workspace(Path(given))
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / SETTINGS_FILE).is_file():
            return load_workspace(folder)
    return load_workspace(here)
