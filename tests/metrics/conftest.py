"""A shop whose metrics are built."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.metrics.actions import build
from tests.conftest import FillLake
from tests.metrics import shop

BuildMetrics = Callable[..., None]


@pytest.fixture
def build_metrics(workspace: Workspace, fill_lake: FillLake) -> BuildMetrics:
    """`build_metrics(seed)` fills a random shop, or given rows, and builds its metrics."""

    def make(seed: int = 1, *, as_of: date = shop.AS_OF, **tables: list[dict[str, Any]]) -> None:
        given = {
            "orders": shop.orders(seed),
            "customer_profiles": shop.profiles(seed),
            "interactions": shop.visits(seed),
        }
        fill_lake(**(given | tables))
        with open_run(workspace, kind="test") as run:
            build(SYSTEM, run=run, parameters={"as_of": as_of, "timezone": "Asia/Shanghai", "currency": "CNY"})
            run.publish()

    return make
