"""Coupons by the million, one hot budget, a page of campaigns and the price of a tier, on SQLite and on PostgreSQL.

full: 1,000,000 codes, 6,000 holds with a coupon each on one budget, in transactions of 64 as the teller makes them;
small: a twentieth. Both databases are durable. Limits: 1,500 reservations a second, so 1,000 of them in 0.67 s.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.postgres import Server

_ROOT = Path(__file__).resolve().parent.parent
_WORK = "import django; django.setup(); from bench._loyalty_perks import measure; measure({kind!r}, share={share})"
_CAMPAIGN = """
budgets: { hot: { limit: 100000000000 } }
campaigns: { hot: { zh: 热, en: Hot, kind: amount, amount: 1000, budget: hot, per_member: 9, days: 30 } }
"""


def main() -> None:
    """Prints the figures of both engines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["small", "full"], default="full")
    share = 1.0 if parser.parse_args().size == "full" else 0.05
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, _environment(kind, Path(folder)) as told:
            work = _WORK.format(kind=kind, share=share)
            subprocess.run([sys.executable, "-c", work], env=told, cwd=_ROOT, check=True)


@contextlib.contextmanager
def _environment(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    """A shop with one campaign, on a database of its own."""
    told = {**os.environ, "PYTHONPATH": str(_ROOT), "DJANGO_SETTINGS_MODULE": "shuke.server.settings"}
    shop = folder / "shop"
    with contextlib.ExitStack() as ends:
        if kind == "postgresql":
            server = Server(durable=True)
            ends.callback(server.remove)
            told["SHUKE_DATABASE_URL"] = server.url(server.database(name="bench"))
        subprocess.run([sys.executable, "-m", "shuke.cli.main", "init", str(shop)], env=told, cwd=_ROOT, check=True)
        (shop / "loyalty").mkdir(exist_ok=True)
        (shop / "loyalty" / "coupons.yaml").write_text(_CAMPAIGN, "utf-8")
        told["SHUKE_WORKSPACE"] = str(shop)
        subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity", "0"], env=told, cwd=_ROOT, check=True)
        yield told


if __name__ == "__main__":
    main()
