"""`shuke backup --out FILE`."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings

from shuke.cli.screen import say
from shuke.procedures.keep_safe import backup


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Saves the workspace; it holds personal data, so the file is readable by its owner only."""
    out = Path(arguments.out)
    files = backup(settings.WORKSPACE, out=out)
    say(f"{out}: {files} files. It holds personal data: keep it where only you can read it.")
    return {"file": str(out), "files": files}
