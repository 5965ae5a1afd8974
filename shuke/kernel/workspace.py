"""The workspace: the one folder that holds a shop's settings, database, lake and sheets."""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from shuke.kernel.errors import WrongUse

SETTINGS_FILE = "shuke.toml"


@dataclass(frozen=True)
class Workspace:
    """Paths and settings of one shop. `timezone` decides days; the business day begins at `day_starts_hour`."""

    root: Path
    shop: str
    currency: str = "CNY"
    timezone: str = "Asia/Shanghai"
    language: str = "zh-hans"
    day_starts_hour: int = 0
    secret_key: str = ""

    @property
    def database(self) -> Path:
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
    known = {k: v for k, v in values.items() if k in {"shop", "currency", "timezone", "language", "day_starts_hour"}}
    secret = root / "secret.key"
    return Workspace(root=root.resolve(), secret_key=secret.read_text().strip() if secret.is_file() else "", **known)


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
