"""Every cell of every metric against plain Python written from the definitions' words."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.metrics.adapters import load_metrics
from tests.metrics import oracle, shop
from tests.metrics.conftest import BuildMetrics

Cells = dict[tuple[str, str, date, str, str], tuple[float, float | None]]


def _spans(grain: str) -> list[tuple[date, date]]:
    """Periods by plain calendar arithmetic, from the one before the data."""
    if grain == "week":
        monday = date(2025, 9, 1)
        return [(monday + timedelta(weeks=n), monday + timedelta(weeks=n + 1)) for n in range(65)]
    length = {"month": 1, "quarter": 3, "year": 12}[grain]
    firsts = [date(2024 + n // 12, n % 12 + 1, 1) for n in range(0, 48, length)]
    return list(pairwise(firsts))


def _expected(world: oracle.World, *, first: date) -> Cells:
    found: Cells = {}
    for grain in ("week", "month", "quarter", "year"):
        spans = _spans(grain)
        for before, span in pairwise(spans):
            if span[1] <= first or span[0] >= shop.AS_OF:
                continue
            for metric, members in oracle.cells(world, span, before).items():
                for (dimension, member), pair in members.items():
                    found[metric, grain, span[0], dimension, member] = pair
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_every_cell_is_what_the_words_say(seed: int, workspace: Workspace, build_metrics: BuildMetrics) -> None:
    build_metrics(seed)
    metrics = load_metrics(workspace)
    people = {row["customer_id"]: row for row in shop.profiles(seed)}
    world = oracle.World(shop.orders(seed), people, shop.visits(seed), shop.AS_OF)
    expected = {
        key: pair
        for key, pair in _expected(world, first=min(o["ordered_on"] for o in world.orders)).items()
        if key[3] in metrics[key[0]].dimensions and key[1] in metrics[key[0]].grains
    }
    with open_reader(SYSTEM, workspace) as lake:
        rows = lake.rows("select * from metric_cells")
    computed: dict[Any, Any] = {
        (r["metric"], r["grain"], r["period_start"], r["dimension"], r["member"]): (r["numerator"], r["denominator"])
        for r in rows
    }
    assert {code for code, *_ in computed} == {
        code for code, metric in metrics.items() if metric.needs != "metric_spent"
    }
    wrong = []
    for key in {*computed, *expected}:
        nothing = (0, 0 if metrics[key[0]].has_denominator else None)
        mine, told = computed.get(key, nothing), expected.get(key, nothing)
        if metrics[key[0]].is_whole and key not in expected and mine[0] == 0:
            continue  # a band without an order still has the whole below it
        if mine[0] != pytest.approx(told[0], abs=1e-6) or mine[1] != (told[1] and pytest.approx(told[1], abs=1e-6)):
            wrong.append((key, mine, told))
    assert not wrong, f"{len(wrong)} of {len(computed)}: {sorted(wrong, key=str)[:8]}"
    assert len(computed) > 5_000
