"""Writing the proposed mapping of an unknown file beside the shop's own mappings."""

import re
from collections.abc import Sequence
from pathlib import Path

from shuke.intake.rules.proposals import as_yaml, propose
from shuke.intake.values import Channel, Unknown


def write_proposal(table: Unknown, *, channels: Sequence[Channel], file: str, folder: Path) -> Path:
    """Writes `<name>.yaml.proposed` into the mappings folder and gives its path; an older proposal is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    code = re.sub(r"[^a-z0-9]+", "_", Path(file).stem.lower()).strip("_")[:40]
    kind, guesses = propose(table.rows, channels)
    code = f"generic_{code}" if code else f"generic_{kind.value}"
    path = folder / f"{code}.yaml.proposed"
    path.write_text(as_yaml(code, kind, guesses), "utf-8")
    return path
