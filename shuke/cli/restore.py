"""`shuke restore FILE --into DIR`."""

import argparse
from pathlib import Path
from typing import Any

from shuke.cli.screen import say
from shuke.procedures.keep_safe import restore


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Brings a backup back."""
    workspace = restore(Path(arguments.file), into=Path(arguments.into))
    say(f"Restored {workspace.shop} into {workspace.root}.")
    return {"workspace": str(workspace.root), "shop": workspace.shop}
