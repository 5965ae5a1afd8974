"""The measuring part of `segments_metrics`, in a process whose settings are those of the measured workspace."""

import re
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

import shuke.metrics.actions as metrics
import shuke.segments.actions as segments
from bench.figure import Figure, peak_gigabytes, tell
from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import Run, open_run
from shuke.lake.queries import Reader, open_reader, specs
from shuke.lake.rules import inputs_of
from shuke.segments.queries import preview

_DAY = date(2026, 11, 23)
_ROOMS = ("metrics", "segments")
# From plain facts to windows over the rollups; the names are filled with the shop's most frequent ones.
_RULES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("facts", {"all": [{"field": "stage", "is": "lapsing"}, {"field": "orders", "at_least": 3}]}),
    ("product", {"field": "bought_product", "in": ["$product"], "last_days": 180}),
    (
        "category and facts",
        {
            "all": [
                {"field": "bought_category", "in": ["$category"], "last_months": 6, "measure": "days", "at_least": 2},
                {"not": {"field": "bought_product", "in": ["$product"]}},
                {"any": [{"field": "orders_365", "at_least": 4}, {"field": "days_since", "at_most": 30}]},
            ]
        },
    ),
)


def measure() -> None:
    """Tells both figures; leaves with exit code 1 where a limit is missed."""
    met = [_previews(settings.WORKSPACE)]
    with open_reader(SYSTEM, settings.WORKSPACE) as lake:
        customers = lake.row_count("customer_profiles")
    with open_run(settings.WORKSPACE, kind="bench") as run:
        floor, figure = _build_both(run)
    title = f"segments and metrics, {customers:,} customers"
    met.append(tell(Figure(title, figure=figure, floor=floor, limit=3.0)).is_met)
    met.append(tell(Figure(f"{title}, memory", figure=peak_gigabytes(), unit="GB", limit=6.0)).is_met)
    sys.exit(0 if all(met) else 1)


def _build_both(run: Run) -> tuple[float, float]:
    """Medians of three rounds: seconds of the bare pass, seconds of both rooms. Nothing is published."""
    parameters = {"as_of": _DAY, "timezone": run.workspace.timezone, "currency": run.workspace.currency}
    lake = run.reader()
    passes = list(_passes(lake))
    floors, figures = [], []
    for _ in range(3):
        started = time.perf_counter()
        for statement in passes:
            lake.cursor.execute(f"create or replace temp table bare_pass as {statement}")
        floors.append(time.perf_counter() - started)
        lake.cursor.execute("drop table bare_pass")
        started = time.perf_counter()
        metrics.build(SYSTEM, run=run, parameters=parameters)
        middle = time.perf_counter()
        segments.build(SYSTEM, run=run, parameters=parameters)
        figures.append(time.perf_counter() - started)
        print(f"metrics {middle - started:.2f} s, segments {time.perf_counter() - middle:.2f} s", file=sys.stderr)
    return statistics.median(floors), statistics.median(figures)


def _passes(lake: Reader) -> Iterator[str]:
    """One statement a table of an earlier room: every column that the rooms' files name, by customer where needed."""
    own = {name: spec for name, spec in specs().items() if spec.room in _ROOMS}
    named = set(re.findall(r"\w+", " ".join(_code(spec.path) for spec in own.values())))
    for name in sorted({table for spec in own.values() for table in inputs_of(spec)} - set(own)):
        if not lake.row_count(name):
            continue
        lake.use(name)
        columns = [row[0] for row in lake.cursor.execute(f"describe select * from {name}").fetchall()]
        used = ", ".join(f"max({column}) as {column}" for column in columns if column in named - {"customer_id"})
        many = "customer_id" in columns and specs()[name].header["grain"] != "customer_id"
        yield f"select count(*) as n{', ' if used else ''}{used} from {name}{' group by customer_id' if many else ''}"


def _code(path: Path) -> str:
    return "\n".join(line for line in path.read_text("utf-8").splitlines() if not line.startswith("--"))


def _previews(workspace: Workspace) -> bool:
    """The slowest of the rules, each the median of five with a reader of its own, as a page asks."""
    most = "select {0} from customer_products where {0} is not null group by {0} order by count(*) desc, {0} limit 1"
    with open_reader(SYSTEM, workspace) as lake:
        names = {f"${name}": lake.value(most.format(name)) for name in ("product", "category")}
    slowest = 0.0
    for title, rule in _RULES:
        times = []
        people = 0
        for _ in range(5):
            started = time.perf_counter()
            with open_reader(SYSTEM, workspace) as lake:
                people = preview(SYSTEM, lake=lake, rule=_filled(rule, names=names)).people
            times.append(time.perf_counter() - started)
        print(f"preview, {title}: {people:,} people, {statistics.median(times):.2f} s", file=sys.stderr)
        slowest = max(slowest, statistics.median(times))
    return tell(Figure("segment preview, the slowest of three rules", figure=slowest, limit=1.0)).is_met


def _filled(rule: Any, *, names: dict[str, str]) -> Any:
    if isinstance(rule, dict):
        return {key: _filled(value, names=names) for key, value in rule.items()}
    if isinstance(rule, list):
        return [_filled(value, names=names) for value in rule]
    return names.get(rule, rule) if isinstance(rule, str) else rule
