"""Making a workspace: a folder with settings, a secret of its own, the brand policy and an empty database."""

import secrets
import shutil
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shuke.kernel.errors import WrongUse
from shuke.kernel.workspace import SETTINGS_FILE, Workspace, load_workspace

_ROOMS = Path(__file__).parent.parent


def make_workspace(
    shop: str, *, currency: str, timezone: str, language: str, parent: Path, name: str = ""
) -> Workspace:
    """Writes the folder `parent/shop` whole or not at all; the database is migrated by the caller.

    `shop` may be a name or a path whose last part is the name (or `name` is). Raises `WrongUse` for a folder in use,
    an unknown zone or a currency that is no three-letter code.
    """
    root = parent / shop
    if root.exists() and any(root.iterdir()):
        raise WrongUse(f"{root} exists and is not empty.", hint="Choose another name, or remove that folder.")
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise WrongUse(f"'{currency}' is no currency code.", hint="Use three letters, such as CNY or GBP.")
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise WrongUse(f"'{timezone}' is no time zone.", hint="Use a name such as Asia/Shanghai.") from error
    root.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=root.parent, prefix=".shuke-"))
    try:
        _fill(staging, shop=name or root.name, currency=currency.upper(), timezone=timezone, language=language)
        if root.exists():
            root.rmdir()
        staging.rename(root)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return load_workspace(root)


def _fill(folder: Path, *, shop: str, currency: str, timezone: str, language: str) -> None:
    folder.chmod(0o700)
    quoted = shop.replace("\\", "\\\\").replace('"', '\\"')
    (folder / SETTINGS_FILE).write_text(
        f'shop = "{quoted}"\ncurrency = "{currency}"\ntimezone = "{timezone}"\nlanguage = "{language}"\n'
        "# The business day begins at this hour; sales before it belong to the day before.\nday_starts_hour = 0\n",
        "utf-8",
    )
    secret = folder / "secret.key"
    secret.touch(mode=0o600)
    secret.write_text(secrets.token_urlsafe(48), "utf-8")
    for name in ("lake", "raw", "quarantine", "tasks", "mappings"):
        (folder / name).mkdir()
    policy = _ROOMS / "plays" / "definitions" / "policy.yaml"
    if policy.is_file():
        shutil.copyfile(policy, folder / "policy.yaml")
