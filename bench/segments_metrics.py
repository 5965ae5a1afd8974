"""All ready segments and metrics over a bare pass of their columns, and how long a rule's preview takes.

full: 1,000,000 customers and about 20 million lines; small: 20,000 customers; `--shop` takes a workspace whose week was
computed. The floor reads every column that the two rooms name in tables of earlier rooms, grouped by customer once
where a table has more than one row a customer.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from shuke.demo.actions import write_bulk

_ROOT = Path(__file__).resolve().parent.parent
_WORK = "import django; django.setup(); from bench._segments_metrics import measure; measure()"


def main() -> int:
    """Exit code 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["small", "full"], default="full")
    parser.add_argument("--shop", type=Path, help="a workspace whose week was computed, instead of making one")
    asked = parser.parse_args()
    if asked.shop:
        return _in_shop(asked.shop)
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        exports = Path(folder) / "exports"
        write_bulk(exports, truth=Path(folder) / "truth", customers=1_000_000 if asked.size == "full" else 20_000)
        _shuke("init", "bench", cwd=Path(folder))
        shop = Path(folder) / "bench"
        _shuke("import", *(str(path) for path in sorted(exports.iterdir())), cwd=shop)
        _shuke("week", "--as-of", "2026-11-23", cwd=shop)
        return _in_shop(shop)


def _shuke(*arguments: str, cwd: Path) -> None:
    command = [sys.executable, "-m", "shuke.cli.main", *arguments]
    subprocess.run(command, cwd=cwd, env=os.environ | {"PYTHONPATH": str(_ROOT)}, check=True, capture_output=True)


def _in_shop(shop: Path) -> int:
    """Measures in a process of its own, so that its memory and its caches are its own."""
    settings = {
        "SHUKE_WORKSPACE": str(shop.resolve()),
        "DJANGO_SETTINGS_MODULE": "shuke.server.settings",
        "PYTHONPATH": str(_ROOT),
    }
    command = [sys.executable, "-W", "ignore", "-c", _WORK]
    return subprocess.run(command, cwd=_ROOT, env=os.environ | settings, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
