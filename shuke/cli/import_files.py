"""`shuke import FILES`."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from shuke.cli.pace import pace_printer
from shuke.cli.screen import progress_printer, say
from shuke.kernel.actor import SYSTEM
from shuke.kernel.errors import WrongUse
from shuke.procedures.import_files import import_files


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Imports every file it can; exit code 1 when one was refused."""
    paths = [found for name in arguments.files for found in _expand(Path(name))]
    report = import_files(
        SYSTEM,
        workspace=settings.WORKSPACE,
        paths=paths,
        mapping=arguments.mapping,
        progress=None if sys.stderr.isatty() else progress_printer(),
        pace=pace_printer(),
    )
    for file in report.files:
        if file.error:
            say(f"REFUSED {file.file}: {file.error}")
            if file.hint:
                say(f"  {file.hint}")
        elif file.already_imported:
            say(f"{file.file}: already imported, nothing changed.")
        else:
            say(
                f"{file.file} [{file.source}]: {file.rows_read:,} rows = {file.staged:,} staged"
                f" + {file.duplicate:,} duplicate + {file.quarantined:,} quarantined"
            )
        if file.quarantine_file:
            say(f"  repair and import again: {file.quarantine_file}")
        for warning in file.warnings:
            say(f"  note: {warning}")
    if any(file.error for file in report.files):
        arguments.exit_code = 1
    return report.as_document()


def _expand(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
    if not path.exists():
        raise WrongUse(f"There is no file {path}.", hint="Check the name; quote it if it has blanks.")
    return [path]
