"""`shuke checkup`."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings

from shuke.checkup import actions, queries
from shuke.cli.screen import day, progress_printer, say, table
from shuke.kernel.actor import SYSTEM
from shuke.kernel.money import exponent
from shuke.lake.queries import open_reader
from shuke.procedures.refresh import check


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Brings the check-up up to date, prints it, and writes the file to hand on where asked."""
    workspace = settings.WORKSPACE
    as_of = check(SYSTEM, workspace=workspace, as_of=day(arguments.as_of), progress=progress_printer())
    with open_reader(SYSTEM, workspace) as lake:
        report = queries.report(SYSTEM, lake=lake, as_of=as_of, language=workspace.language)
        if arguments.out:
            actions.write_file(SYSTEM, lake=lake, path=Path(arguments.out), language=workspace.language)
            say(f"Written: {arguments.out}")
    document = report.as_document()
    say(f"As of {as_of}: {report.attachable_sales_share:.1%} of sales have a person behind them.")
    if report.comparison is not None:
        for sentence in document["comparison"]["sentences"]:
            say(f"  {sentence}")
    unit = 10 ** exponent(workspace.currency)
    rows = [(f"{f['money_minor'] / unit:,.2f}", str(f["rows"]), f["title"]) for f in document["findings"]]
    table([(f"money ({workspace.currency})", "rows", "problem"), *rows], right=frozenset({0, 1}))
    return document
