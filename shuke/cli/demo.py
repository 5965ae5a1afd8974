"""`shuke demo`: a believable retailer, its week, and the console."""

import argparse
from pathlib import Path

from shuke.cli.screen import progress_printer, say


def run(arguments: argparse.Namespace) -> None:
    """Makes the demo in `--folder` (an existing demo of the same size and seed is used again)."""
    from shuke.cli.main import open_workspace
    from shuke.procedures.make_demo import demo_workspace

    progress = progress_printer()
    folder = Path(arguments.folder).resolve()
    workspace = demo_workspace(folder, customers=arguments.customers, seed=arguments.seed)
    open_workspace(str(workspace))
    from shuke.procedures.make_demo import run_demo

    summary = run_demo(folder, customers=arguments.customers, seed=arguments.seed, progress=progress)
    for line in summary.lines():
        say(line)
    if not arguments.no_serve:
        from shuke.cli import serve

        arguments.host = "127.0.0.1"
        serve.run(arguments)
