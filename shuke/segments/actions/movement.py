"""Stages on earlier days, and who moved between stages and layers, for a run."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from shuke.lake.actions import Run
from shuke.lake.rules import literal
from shuke.reference.adapters import OutsideCalendar, same_lunar_day_last_year
from shuke.segments import rules
from shuke.segments.adapters import definition
from shuke.segments.values import STAGES

_EPOCH = date(1970, 1, 1)
# A code above the stages: not yet known to the shop.
_NOBODY = len(STAGES)
_COUNTS = {"on_day": pa.date32(), "kind": pa.string(), "stage": pa.string(), "store": pa.string(), "people": pa.int64()}
_MOVES = {
    "kind": pa.string(), "from_on": pa.date32(), "to_on": pa.date32(), "from_state": pa.string(),
    "to_state": pa.string(), "store": pa.string(), "people": pa.int64(),
}  # fmt: skip


def write_movement(run: Run, *, as_of: date) -> None:
    """Fills `stage_counts_then` and `stage_moves` from gaps, facts and changes of layer."""
    people = _People(run)
    settings = definition("lifecycle")
    days = dict.fromkeys(rules.month_ends(as_of, months=settings["trend_months"]), "month")
    lunar = _lunar(as_of)
    if lunar is not None:
        days.setdefault(lunar, "lunar")
    enough = timedelta(days=settings["history_days_min"])
    first = people.first_day
    states = {day: people.on(day) for day in sorted(days) if first is not None and day >= first + enough}
    states[as_of] = people.now
    kinds = {**days, as_of: "now"}
    counts = [row for day, stages in states.items() for row in people.counts(stages, day=day, kind=kinds[day])]
    steps = sorted(day for day in states if kinds[day] != "lunar")
    pairs = sorted({*pairwise(steps), *((day, as_of) for day in steps[:-1])})
    moves = [row for one, other in pairs for row in people.moves((one, other), (states[one], states[other]))]
    run.write_arrow("stage_counts_then", rows=_table(_COUNTS, counts))
    moves += _layer_moves(run, as_of=as_of, days=[day for day in steps if day != as_of])
    run.write_arrow("stage_moves", rows=_table(_MOVES, moves))


class _People:
    """All customers as arrays: id, home store, day since when known, stage now, and their purchases."""

    def __init__(self, run: Run) -> None:
        lake = run.reader()
        rows = lake.arrow(
            "select f.customer_id, f.store, f.stage, date_diff('day', date '1970-01-01',"
            " coalesce(least(f.registered_on, f.first_seen_on), date '1900-01-01')) as known"
            " from segment_facts f order by f.customer_id"
        )
        self._ids = rows["customer_id"].to_numpy()
        encoded = rows["store"].combine_chunks().dictionary_encode()
        self._stores: list[str] = encoded.dictionary.to_pylist()
        self._store = encoded.indices.to_numpy().astype(np.int64)
        self._known = rows["known"].to_numpy()
        self.now = np.searchsorted(sorted(STAGES), rows["stage"].to_numpy(zero_copy_only=False).astype("U10"))
        self.now = np.array([STAGES.index(name) for name in sorted(STAGES)])[self.now]
        bought = lake.arrow(
            "select customer_id, date_diff('day', date '1970-01-01', from_on) as day from customer_gaps"
            " order by customer_id, gap_no"
        )
        days = bought["day"].to_numpy()
        self._purchases = rules.purchases_of(bought["customer_id"].to_numpy(), days)
        self.first_day = _EPOCH + timedelta(days=int(days.min())) if len(days) else None
        self._place = np.searchsorted(self._ids, self._purchases.owners)
        row = lake.row(
            "select typical_gap_days, shrink_gaps, lapsing_cycles, lapsed_cycles"
            " from shop_clock cross join lapse_limits"
        )
        self._yardstick = rules.Yardstick(**(row or {}), lapsing_days_min=definition("lifecycle")["lapsing_days_min"])

    def on(self, day: date) -> Any:
        """The stage of everybody on an earlier day; `_NOBODY` for those not known by then."""
        number = (day - _EPOCH).days
        found = np.where(self._known < number, STAGES.index("prospect"), _NOBODY)
        stages = rules.stages_on(self._purchases, day=number, yardstick=self._yardstick)
        bought = stages >= 0
        found[self._place[bought]] = stages[bought]
        return found

    def counts(self, stages: Any, *, day: date, kind: str) -> list[tuple[Any, ...]]:
        """(day, kind, stage, store, people)"""
        found = rules.counted({"stage": stages, "store": self._store}, sizes=self._sizes)
        return [(day, kind, STAGES[s], self._stores[t], n) for s, t, n in found if s != _NOBODY]

    def moves(self, days: tuple[date, date], stages: tuple[Any, Any]) -> list[tuple[Any, ...]]:
        """(kind, from day, to day, from stage, to stage, store, people)"""
        parts = {"stage": stages[0], "other": stages[1], "store": self._store}
        found = rules.counted(parts, sizes={**self._sizes, "other": _NOBODY + 1})
        names = (*STAGES, "")
        return [("stage", *days, names[a], names[b], self._stores[t], n) for a, b, t, n in found if b != _NOBODY]

    @property
    def _sizes(self) -> dict[str, int]:
        return {"stage": _NOBODY + 1, "store": max(1, len(self._stores))}


def _lunar(as_of: date) -> date | None:
    try:
        return same_lunar_day_last_year(as_of)
    except OutsideCalendar:
        return None


def _layer_moves(run: Run, *, as_of: date, days: Sequence[date]) -> list[tuple[Any, ...]]:
    """Moves between layers from each month end, and from the first week computed, to now."""
    lake = run.reader()
    first = lake.value("select min(as_of) from layer_changes")
    if first is None:
        return []
    found = []
    for day in sorted({*(day for day in days if day >= first), *([first] if first < as_of else [])}):
        rows = lake.rows(
            "with earlier as ("
            "  select coalesce(a.customer_id, c.customer_id) as customer_id, arg_max(c.layer, c.as_of) as layer"
            "  from layer_changes c left join customer_aliases a on a.alias_id = c.customer_id"
            f"  where c.as_of <= {literal(day)} group by 1)"
            " select coalesce(t.layer, '') as from_state, l.layer as to_state, f.store, count(*) as people"
            " from layers l join segment_facts f on f.customer_id = l.customer_id"
            " left join earlier t on t.customer_id = l.customer_id group by 1, 2, 3 order by 1, 2, 3"
        )
        found += [("layer", day, as_of, r["from_state"], r["to_state"], r["store"], r["people"]) for r in rows]
    return found


def _table(columns: dict[str, Any], rows: Sequence[tuple[Any, ...]]) -> Any:
    return pa.table(
        {name: pa.array([row[place] for row in rows], kind) for place, (name, kind) in enumerate(columns.items())}
    )
