"""Writing the proposed mapping of an unknown file beside the shop's own mappings."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from shuke.access.rules import Permission, require
from shuke.intake.adapters.mappings import read_document
from shuke.intake.queries import checked_mapping
from shuke.intake.rules.extending import extended, names_in
from shuke.intake.rules.familiar import Change
from shuke.intake.rules.proposals import as_yaml, propose
from shuke.intake.values import Channel, Unknown
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.kernel.errors import WrongUse
from shuke.kernel.workspace import Workspace


def write_proposal(table: Unknown, *, channels: Sequence[Channel], file: str, folder: Path) -> Path:
    """Writes `<name>.yaml.proposed` into the mappings folder and gives its path; an older proposal is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    code = re.sub(r"[^a-z0-9]+", "_", Path(file).stem.lower()).strip("_")[:40]
    kind, guesses = propose(table.rows, channels)
    code = f"generic_{code}" if code else f"generic_{kind.value}"
    path = folder / f"{code}.yaml.proposed"
    path.write_text(as_yaml(code, kind, guesses=guesses), "utf-8")
    return path


def write_change(change: Change, *, folder: Path) -> Path | None:
    """Writes the mapping that reads a renamed column as `<code>.yaml.proposed`; None where no column is in sight.

    What the shop's own mapping of that code says already stays in it.
    """
    if not change.lines:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    code, text = change.channel.code, change.lines
    for path in sorted(folder.glob("*.yaml")):
        own = dict(read_document(path.read_text("utf-8-sig"), name=path.name))
        if own.get("code", own.get("extends", path.stem)) == change.channel.code:
            code, text = path.stem, yaml.safe_dump(_widened(own, change), allow_unicode=True, sort_keys=False)
    proposed = folder / f"{code}.yaml.proposed"
    proposed.write_text(text, "utf-8")
    return proposed


def _widened(own: dict[str, Any], change: Change) -> dict[str, Any]:
    added = {one.target: [one.instead] for one in change.lost if one.instead}
    if "extends" not in own:
        return extended(own, {"columns": added})
    columns = own.get("columns", {})
    merged = {target: [*names, *names_in(columns.get(target))] for target, names in added.items()}
    return {**own, "columns": {**columns, **merged}}


def accept_proposal(actor: Actor, *, workspace: Workspace, code: str, text: str) -> Path:
    """Makes a reviewed proposal a mapping of this shop; files of that kind are read from then on. Journaled.

    Raises `WrongUse` where nothing is proposed under that code, `BadMapping` where the text cannot be used.
    """
    require(actor, Permission.IMPORT_FILES)
    proposed = workspace.mappings / f"{code}.yaml.proposed"
    if not re.fullmatch("[a-z0-9_]+", code) or not proposed.is_file():
        raise WrongUse(f"No mapping is proposed under '{code}'.", hint="Import the file again to get a proposal.")
    checked_mapping(text, name=f"{code}.yaml")
    accepted = workspace.mappings / f"{code}.yaml"
    accepted.write_text(text, "utf-8")
    proposed.unlink()
    note(actor, "mapping_accepted", object_type="mapping", object_id=code)
    return accepted
