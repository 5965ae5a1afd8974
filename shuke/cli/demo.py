"""`shuke demo`: a believable retailer, its week, and the console."""

import argparse
from pathlib import Path

from shuke.cli.screen import progress_printer, say
from shuke.procedures.demo_workspace import demo_workspace


def run(arguments: argparse.Namespace) -> None:
    """Makes the demo in `--folder`, or uses the one there of the same size and seed again."""
    from shuke.cli.main import open_workspace

    size = {"customers": arguments.customers, "seed": arguments.seed}
    folder = Path(arguments.folder).resolve()
    workspace = demo_workspace(folder, **size)
    open_workspace(str(workspace.root))
    # Models can be imported only now that Django knows its workspace.
    from shuke.procedures.run_demo import run_demo

    for line in run_demo(folder, workspace=workspace, progress=progress_printer(), **size):
        say(line)
    if not arguments.no_serve:
        from shuke.cli import serve

        arguments.host = "127.0.0.1"
        serve.run(arguments)
