"""Where the demo lives: a workspace beside its raw exports and hidden truth, used again while size and seed stay."""

import json
from pathlib import Path

from shuke.kernel.workspace import SETTINGS_FILE, Workspace, load_workspace
from shuke.procedures.make_workspace import make_workspace

_SHOP = "禾里生活"
_STAMP = "made.json"
# Beside the workspace: raw exports, the hidden truth, and the first week's sheets as handed out and as handed in.
FOLDERS = ("exports", "truth", "handed_out", "handed_in")


def demo_workspace(folder: Path, *, customers: int, seed: int) -> Workspace:
    """The demo's workspace; an earlier demo of another size or seed is set aside, not deleted."""
    shop = folder / "shop"
    if stages(folder, customers=customers, seed=seed) and (shop / SETTINGS_FILE).is_file():
        return load_workspace(shop)
    for old in (*(folder / name for name in FOLDERS), shop):
        _set_aside(old)
    (folder / _STAMP).unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    return make_workspace(
        "shop", currency="CNY", timezone="Asia/Shanghai", language="zh-hans", parent=folder, name=_SHOP
    )


def stages(folder: Path, *, customers: int, seed: int) -> frozenset[str]:
    """What has been lived through to its end by a demo of this size and seed; nothing of any other."""
    stamp = folder / _STAMP
    if not stamp.is_file():
        return frozenset()
    made = json.loads(stamp.read_text("utf-8"))
    is_same = (made.get("customers"), made.get("seed")) == (customers, seed)
    return frozenset(made.get("stages", ())) if is_same else frozenset()


def mark(folder: Path, *, stage: str, customers: int, seed: int) -> None:
    """Says that a stage is whole."""
    known = stages(folder, customers=customers, seed=seed) | {stage}
    told = {"customers": customers, "seed": seed, "stages": sorted(known)}
    part = folder / f"{_STAMP}.part"
    part.write_text(json.dumps(told), "utf-8")
    part.replace(folder / _STAMP)


def _set_aside(path: Path) -> None:
    if not path.exists():
        return
    number = 1
    while path.with_name(f"{path.name}.old{number}").exists():
        number += 1
    path.rename(path.with_name(f"{path.name}.old{number}"))
