"""`shuke init SHOP`."""

import argparse
import sys
from pathlib import Path
from typing import Any

from shuke.procedures.make_workspace import make_workspace


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Makes the workspace and its database; asks nothing."""
    from shuke.cli.main import open_workspace

    workspace = make_workspace(
        arguments.shop,
        currency=arguments.currency,
        timezone=arguments.timezone,
        language=arguments.language,
        parent=Path.cwd(),
    )
    open_workspace(str(workspace.root))
    print(f"Workspace made: {workspace.root}", file=sys.stderr)
    print("Next: cd there, then 'shuke import FILES'.", file=sys.stderr)
    return {"workspace": str(workspace.root), "shop": workspace.shop, "currency": workspace.currency}
