"""Where the demo lives: a workspace beside its raw exports and hidden truth, used again while size and seed stay."""

import json
from pathlib import Path

from shuke.kernel.workspace import SETTINGS_FILE, Workspace, load_workspace
from shuke.procedures.make_workspace import make_workspace

_SHOP = "禾里生活"
_STAMP = "made.json"


def demo_workspace(folder: Path, *, customers: int, seed: int) -> Workspace:
    """The demo's workspace; an earlier demo of another size or seed is set aside, not deleted."""
    shop = folder / "shop"
    if is_made(folder, customers=customers, seed=seed) and (shop / SETTINGS_FILE).is_file():
        return load_workspace(shop)
    for old in (folder / "exports", folder / "truth", shop):
        _set_aside(old)
    (folder / _STAMP).unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    return make_workspace(
        "shop", currency="CNY", timezone="Asia/Shanghai", language="zh-hans", parent=folder, name=_SHOP
    )


def is_made(folder: Path, *, customers: int, seed: int) -> bool:
    """Whether the exports of this size and seed have been written to their end."""
    stamp = folder / _STAMP
    return stamp.is_file() and json.loads(stamp.read_text("utf-8")) == {"customers": customers, "seed": seed}


def mark_made(folder: Path, *, customers: int, seed: int) -> None:
    """Says that the exports are whole."""
    (folder / _STAMP).write_text(json.dumps({"customers": customers, "seed": seed}), "utf-8")


def _set_aside(path: Path) -> None:
    if not path.exists():
        return
    number = 1
    while path.with_name(f"{path.name}.old{number}").exists():
        number += 1
    path.rename(path.with_name(f"{path.name}.old{number}"))
