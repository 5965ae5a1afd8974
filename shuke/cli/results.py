"""`shuke results FILE`."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings

from shuke.cli.screen import say
from shuke.kernel.actor import SYSTEM
from shuke.procedures.read_results import read_results


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Reads filled sheets; exit code 1 when a file was refused or a row could not be taken."""
    documents = []
    for name in arguments.files:
        report = read_results(SYSTEM, workspace=settings.WORKSPACE, path=Path(name))
        document = report.as_document()
        documents.append({"file": name, **document})
        problems = document["problems"]
        say(f"{name}: {document['taken']} taken, {document['unchanged']} unchanged, {len(problems)} not taken")
        for problem in problems:
            say(f"  row {problem['row']}: {problem['message']}")
            arguments.exit_code = 1
    return {"files": documents}
