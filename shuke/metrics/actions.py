"""Computing the cells of all metrics."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.lake.actions import Run
from shuke.metrics import rules
from shuke.metrics.adapters import load_costs, load_metrics
from shuke.metrics.models import MetricSetting
from shuke.metrics.queries.definitions import SIMPLE
from shuke.metrics.values import Metric

TABLES = ("metric_places", "metric_orders", "metric_days", "metric_seen", "metric_spent", "metric_members")
_SCHEMA = pa.schema(
    [
        ("metric", pa.string()),
        ("grain", pa.string()),
        ("period_start", pa.date32()),
        ("period_end", pa.date32()),
        ("dimension", pa.string()),
        ("member", pa.string()),
        ("store", pa.string()),
        ("numerator", pa.float64()),
        ("denominator", pa.float64()),
        ("people", pa.float64()),
        ("mature", pa.bool_()),
        ("note", pa.string()),
    ]
)
_PERIODS = pa.schema(
    [
        *(_SCHEMA.field(name) for name in ("metric", "grain", "period_start", "period_end", "mature", "note")),
        pa.field("as_of", pa.date32()),
    ]
)
_COSTS = pa.schema([("channel", pa.string()), ("day_on", pa.date32()), ("amount_minor", pa.int64())])
_DAYS = """
select min(day) as first_on, min(case when upto >= 0.001 * total then day end) as known_from
from (
  select ordered_on as day, sum(count(*)) over (order by ordered_on) as upto, sum(count(*)) over () as total
  from metric_orders
  group by ordered_on
) s
"""


def build(actor: Actor, *, run: Run, parameters: Mapping[str, Any]) -> None:
    """Builds the tables of this room in `run` as of `parameters['as_of']`, after activity.

    Raises `adapters.BadMetric` where a definition cannot be used, before anything is computed.
    """
    require(actor, Permission.IMPORT_FILES)
    known = load_metrics(run.workspace).values()
    costs = load_costs(run.workspace)
    run.write_arrow("metric_costs", rows=pa.Table.from_pylist(costs, schema=_COSTS))
    run.build((*TABLES, "metric_cohorts"), parameters=parameters)
    if "coupons" in run.tables:
        run.build(["campaign_effects"], parameters=parameters)
    if costs:
        run.build(["metric_firsts"], parameters=parameters)
    metrics = [metric for metric in known if not metric.needs or run.tables.get(metric.needs, {}).get("rows")]
    world = _world(run, as_of=parameters["as_of"])
    if world is None:
        run.write_arrow("metric_cells", rows=_SCHEMA.empty_table())
        run.write_arrow("metric_periods", rows=_PERIODS.empty_table())
        return
    sums = _sums(run, metrics=metrics, world=world)
    daily = rules.dense(sums, world=world)
    blocks = [
        (metric.code, rules.block_of(metric, grain=grain, dimension=dimension, world=world, daily=daily))
        for metric in metrics
        for grain in metric.grains
        for dimension in metric.dimensions
    ]
    cells = [_cells(code, block=block) for code, block in blocks]
    run.write_arrow("metric_cells", rows=pa.concat_tables(cells))
    periods = [
        {"metric": code, "grain": block.grain, "period_start": period.start_on, "period_end": period.end_on,
         "mature": not note, "note": note, "as_of": world.as_of}
        for code, block in {(code, block.grain): (code, block) for code, block in blocks}.values()
        for period, note in zip(block.periods, block.notes, strict=True)
    ]  # fmt: skip
    run.write_arrow("metric_periods", rows=pa.Table.from_pylist(periods, schema=_PERIODS))


def _cells(code: str, *, block: rules.Block) -> Any:
    """A block as a `pyarrow.Table`."""
    columns = rules.table_of(code, block)
    kept = columns["people"]
    arrays = [
        pa.nulls(0 if kept is None else len(kept), type=field.type)
        if columns[field.name] is None
        else pa.array(columns[field.name], field.type)
        for field in _SCHEMA
    ]
    return pa.Table.from_arrays(arrays, schema=_SCHEMA)


def _world(run: Run, *, as_of: date) -> rules.World | None:
    lake = run.reader()
    days = lake.row(_DAYS)
    if days is None or days["first_on"] is None:
        return None
    found = lake.rows("select store, channel, associate from metric_places order by place")
    places = tuple(rules.Place(**row) for row in found)
    return rules.World(first=days["first_on"], known_from=days["known_from"], as_of=as_of, places=places)


def _sums(run: Run, *, metrics: Sequence[Metric], world: rules.World) -> dict[rules.Tally, rules.Sparse]:
    """Every tally's sums by day and place (and band)."""
    lake = run.reader()
    found: dict[rules.Tally, rules.Sparse] = {}
    for batch in rules.batches(rules.tallies_needed(metrics)):
        rows = lake.arrow(rules.statement(batch, as_of=world.as_of))
        split = batch[0].split
        bands = len(split.edges) + 1 if split else 1
        day = (rows["on_day"].to_numpy() - np.datetime64(world.first)).astype("timedelta64[D]").astype(np.int64)
        column = (rows["place"].to_numpy().astype(np.int64) - 1) * bands
        if split is not None:
            column = column + rows["band"].to_numpy() - 1
        for number, tally in enumerate(batch):
            amount = np.nan_to_num(rows[f"t{number}"].to_numpy(zero_copy_only=False).astype(np.float64))
            kept = np.nonzero(amount)[0]
            found[tally] = rules.Sparse(day[kept], column[kept], amount[kept], len(world.places) * bands)
    return found


@transaction.atomic
def set_simple(actor: Actor, *, simple: bool) -> None:
    """Shows three numbers only, or all. Journaled."""
    require(actor, Permission.EDIT_SETTINGS)
    MetricSetting.objects.update_or_create(name=SIMPLE, defaults={"is_on": simple})
    note(actor, "metrics_simple", object_type="setting", object_id=SIMPLE, simple=simple)
