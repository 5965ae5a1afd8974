"""`shuke doctor`."""

import argparse
import dataclasses
from typing import Any

from django.conf import settings

from shuke.cli.screen import say
from shuke.procedures.inspect_workspace import inspect


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Prints every check; exit code 1 when one is not in order."""
    findings = inspect(settings.WORKSPACE)
    for finding in findings:
        say(f"  {'ok ' if finding.ok else 'BAD'}  {finding.check}: {finding.detail}")
        if not finding.ok:
            say(f"       {finding.hint}")
    arguments.exit_code = 0 if all(finding.ok for finding in findings) else 1
    return {"checks": [dataclasses.asdict(finding) for finding in findings]}
