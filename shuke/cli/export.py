"""`shuke export WHAT --out PLACE`."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings

from shuke.cli.screen import progress_printer, say
from shuke.kernel.actor import SYSTEM


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Writes a table, or the task sheets."""
    out = Path(arguments.out)
    if arguments.what == "tasks":
        from shuke.procedures.write_tasks import write_tasks

        sheets = write_tasks(SYSTEM, workspace=settings.WORKSPACE, out=out, form=arguments.format)
        for sheet in sheets.files:
            say(f"{sheet.path}: {sheet.tasks} tasks")
        for path in sheets.kept:
            say(f"{path}: was filled in and never read; kept under this name. 'shuke results' takes it.")
        return sheets.as_document()
    from shuke.procedures.export_tables import export_table

    rows = export_table(
        SYSTEM,
        workspace=settings.WORKSPACE,
        what=arguments.what,
        out=out,
        form=arguments.format,
        progress=progress_printer(),
    )
    say(f"{out}: {rows:,} rows")
    return {"what": arguments.what, "file": str(out), "rows": rows}
