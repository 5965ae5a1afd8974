"""熟客 Shuke: one customer, one ID; each week a short list of plays; proof of what changed.

`import shuke` is cheap: nothing is loaded until a shop is opened. No room imports this module.

    >>> import shuke
    >>> shop = shuke.open_shop("myshop")          # doctest: +SKIP
    >>> shop.import_files("exports/orders.csv")   # doctest: +SKIP
    >>> shop.week()["proposals"]                  # doctest: +SKIP
    >>> shop.loyalty.earn("M1", key="k1", source="pos", no="7", eligible_minor=12_800)  # doctest: +SKIP
    >>> shop.loyalty.balance("M1").available      # doctest: +SKIP
    >>> shop.table("select stage, count(*) from lifecycle group by stage")  # doctest: +SKIP
"""

import importlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shuke.procedures.notebook import Shop

__version__ = "0.1.0"

# Threads of OpenMP (boosted trees) sleep while they wait for each other. By default they spin, and on a machine that
# has other work to do a fit of half a second then takes more than a minute. Read once, when the library is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def open_shop(folder: str) -> "Shop":
    """Opens the workspace in `folder` for a notebook or script; one workspace a Python process.

    Raises `kernel.errors.WrongUse` where there is none (make one with `shuke init`).
    """
    opened = os.environ.get("SHUKE_WORKSPACE")
    root = Path(folder).resolve()
    if opened and Path(opened).resolve() != root:
        raise RuntimeError(f"This process has opened {opened} already; use one Python process a workspace.")
    workspace = importlib.import_module("shuke.kernel.workspace").find_workspace(folder)
    os.environ["SHUKE_WORKSPACE"] = str(root)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuke.server.settings")
    importlib.import_module("django").setup()
    importlib.import_module("shuke.cli.migrate").bring_up_to_date()
    shop: Shop = importlib.import_module("shuke.procedures.notebook").Shop(workspace)
    return shop
