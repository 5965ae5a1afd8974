"""`shuke week`."""

import argparse
from typing import Any

from django.conf import settings

from shuke.cli.screen import day, progress_printer, say, table
from shuke.kernel.actor import SYSTEM
from shuke.kernel.money import exponent
from shuke.procedures.week import week


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Runs the week and prints its plays."""
    workspace = settings.WORKSPACE
    report = week(SYSTEM, workspace=workspace, as_of=day(arguments.as_of), progress=progress_printer())
    document = report.as_document()
    unit = 10 ** exponent(workspace.currency)
    say(f"As of {document['as_of']}: {document['customers']:,} customers, {len(document['proposals'])} plays.")
    rows = [("id", "play", "people", "held out", f"gain ({workspace.currency})", "basis")]
    for p in document["proposals"]:
        gain = f"{p['gain_low_minor'] / unit:,.0f} to {p['gain_high_minor'] / unit:,.0f}"
        rows.append((str(p["id"]), p["play"], f"{p['people']:,}", f"{p['holdout']:,}", gain, p["basis"]))
    table(rows, right=frozenset({0, 2, 3, 4}))
    say("Next: 'shuke approve --all', then 'shuke export tasks --out tasks/'.")
    return document
