"""`shuke predict`."""

import argparse
from typing import Any

from django.conf import settings

from shuke.cli.screen import day, progress_printer, say, table
from shuke.kernel.actor import SYSTEM
from shuke.procedures.predict import predict


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Computes and prints how many customers are in each stage and segment."""
    document = predict(SYSTEM, workspace=settings.WORKSPACE, as_of=day(arguments.as_of), progress=progress_printer())
    say(f"As of {document['as_of']}: {document['buyers']:,} buyers of {document['customers']:,} customers.")
    rows = [(code, f"{people:,}") for part in ("stages", "segments") for code, people in document[part].items()]
    table(rows, right=frozenset({1}))
    say("Next: 'shuke export customers --out customers.csv', or 'shuke week'.")
    return document
