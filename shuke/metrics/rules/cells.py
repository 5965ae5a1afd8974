"""From sums by day and place to cells: running totals for what stands at a moment, sums over periods and members."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shuke.kernel.period import Period
from shuke.metrics.rules.numbers import note_of
from shuke.metrics.rules.periods import before, periods
from shuke.metrics.rules.tallies import Tally, tallies_of
from shuke.metrics.values import Counting, Grain, Metric

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Sums by day (rows, from the first day of the data) and place, or place and band (columns), of one tally.
Daily = Callable[[Tally], Floats]
# So many of them are held at once: those of one metric. All of a large chain's would not fit into memory.
_HELD = 12
# Numbers of units come with three decimals: sums in any order are equal once rounded to them.
_DECIMALS = 1000.0


@dataclass(frozen=True)
class Place:
    """One row of metric_places."""

    store: str
    channel: str
    associate: str


@dataclass(frozen=True)
class World:
    """What the sums stand on: the first day of the data, the as-of day, and the places in the order of their columns.

    `known_from` is the first day but for a few stray rows with a wrong clock: from it on the data are there.
    """

    first: date
    known_from: date
    as_of: date
    places: tuple[Place, ...]

    @property
    def days(self) -> int:
        """Days from the first to the as-of day, which is left out; at least one."""
        return max((self.as_of - self.first).days, 1)

    def periods(self, grain: Grain) -> list[Period]:
        """Periods of the data."""
        return periods(self.first, self.as_of, grain=grain)

    @cached_property
    def _members(self) -> dict[tuple[str, int], tuple[list[tuple[str, str]], Ints]]:
        return {}

    def members(self, dimension: str, bands: int) -> tuple[list[tuple[str, str]], Ints]:
        """Members of a dimension as (member, store) and, for each column, the number of its member."""
        key = (dimension, bands if dimension in ("band", "store_band") else 1)
        if key not in self._members:
            names = [
                _member(place, dimension=dimension, band=band) for place in self.places for band in range(1, key[1] + 1)
            ]
            known = sorted(set(names))
            number = {name: place for place, name in enumerate(known)}
            self._members[key] = (known, np.array([number[name] for name in names], dtype=np.int64))
        return self._members[key]


def _member(place: Place, *, dimension: str, band: int) -> tuple[str, str]:
    """(member, the store whose it is) of a place, and band, in a dimension."""
    by_dimension = {
        "all": ("", ""),
        "store": (place.store, place.store),
        "channel": (place.channel, ""),
        "source": (place.channel, ""),
        "associate": (f"{place.store}/{place.associate}", place.store),
        "band": (str(band), ""),
        "store_band": (f"{place.store}/{band}", place.store),
    }
    return by_dimension[dimension]


@dataclass(frozen=True)
class Sparse:
    """The sums of one tally that are not zero: day and column of each, and how many columns there are."""

    day: Ints
    column: Ints
    amount: Floats
    columns: int


def dense(sums: Mapping[Tally, Sparse], *, world: World) -> Daily:
    """Sums by day and column, made when asked for. What lies before the first day counts on it."""

    @lru_cache(maxsize=_HELD)
    def daily(tally: Tally) -> Floats:
        found = sums[tally]
        out = np.zeros((world.days, found.columns))
        np.add.at(out, (np.maximum(found.day, 0), found.column), found.amount)
        return out

    return daily


@dataclass(frozen=True)
class Block:
    """The cells of one metric, grain and dimension: arrays of periods by members."""

    grain: Grain
    dimension: str
    periods: list[Period]
    members: list[tuple[str, str]]
    numerator: Floats
    denominator: Floats | None
    people: Floats
    notes: list[str]
    is_whole: bool = False


def tallies_needed(metrics: Sequence[Metric]) -> list[Tally]:
    """Every tally of the metrics, each once."""
    found: dict[Tally, None] = {}
    for metric in metrics:
        for counting in (*metric.numerator, *metric.denominator, *metric.people):
            for grain in metric.grains:
                for dimension in metric.dimensions:
                    pair = tallies_of(counting, grain=grain, dimension=dimension, split=metric.split)
                    found |= {tally: None for tally in pair if tally is not None}
    return list(found)


def block_of(metric: Metric, *, grain: Grain, dimension: str, world: World, daily: Daily) -> Block:
    """All cells of a metric in a grain and dimension."""
    span = world.periods(grain)
    bands = len(metric.split.edges) + 1 if metric.split else 1
    members, columns = world.members(dimension, bands)

    def part(countings: Sequence[Counting]) -> Floats:
        total = np.zeros((len(span), len(members)))
        for counting in countings:
            pair = tallies_of(counting, grain=grain, dimension=dimension, split=metric.split)
            by_column = _by_period(counting, pair=pair, world=world, span=span, daily=daily)
            total += _by_member(by_column, columns, len(members))
        return np.asarray(np.rint(total * _DECIMALS) / _DECIMALS, dtype=np.float64)

    numerator = part(metric.numerator)
    denominator = part(metric.denominator) if metric.denominator else None
    if metric.is_whole:
        denominator = _whole(numerator, members=members)
    people = part(metric.people) if metric.people else denominator if denominator is not None else numerator
    return Block(
        grain=grain,
        dimension=dimension,
        periods=span,
        members=members,
        numerator=numerator,
        denominator=denominator,
        people=people,
        notes=[_note(metric, period=period, grain=grain, world=world) for period in span],
        is_whole=metric.is_whole,
    )


def _note(metric: Metric, *, period: Period, grain: Grain, world: World) -> str:
    looks_back = any(c.period == "next" for c in (*metric.numerator, *metric.denominator))
    start = before(period, grain=grain).start_on if looks_back else period.start_on
    return note_of(
        Period(start, period.end_on),
        as_of=world.as_of,
        first=world.known_from,
        wait_days=metric.wait_days,
        history_days=metric.history_days,
    )


def _by_period(
    counting: Counting, *, pair: tuple[Tally, Tally | None], world: World, span: list[Period], daily: Daily
) -> Floats:
    """Periods by columns."""
    begins, ends = pair
    starts = np.array([max((period.start_on - world.first).days, 0) for period in span], dtype=np.int64)
    if ends is not None:
        standing = np.cumsum(daily(begins) - daily(ends), axis=0)
        moments = starts if counting.at == "start" else np.append(starts[1:], world.days)
        # What counts at the moment E began on an earlier day: the running total up to the day before E.
        return np.asarray(np.where((moments > 0)[:, None], standing[moments - 1], 0.0), dtype=np.float64)
    sums = np.add.reduceat(daily(begins), starts, axis=0)
    if counting.period == "next":
        sums = np.vstack([np.zeros((1, sums.shape[1])), sums[:-1]])
    return np.asarray(sums, dtype=np.float64)


def _by_member(by_column: Floats, columns: Ints, members: int) -> Floats:
    """Adds up the columns of each member; every member has at least one."""
    order = np.argsort(columns, kind="stable")
    starts = np.searchsorted(columns[order], np.arange(members))
    return np.asarray(np.add.reduceat(by_column[:, order], starts, axis=1), dtype=np.float64)


def _whole(numerator: Floats, *, members: list[tuple[str, str]]) -> Floats:
    """The sum over all members of the same store ('' where a member is of no single store)."""
    stores = sorted({store for _, store in members})
    number = {store: place for place, store in enumerate(stores)}
    which = np.array([number[store] for _, store in members], dtype=np.int64)
    return _by_member(numerator, which, len(stores))[:, which]


def table_of(code: str, block: Block) -> Mapping[str, NDArray[Any] | None]:
    """A block as columns of metric_cells; a member without a row in a period has no cell there, the whole always."""
    size = np.abs(block.numerator) + (0 if block.denominator is None else np.abs(block.denominator))
    if block.is_whole:
        # Every member has the whole below it; one that never counts is no member.
        size = size * np.any(block.numerator != 0, axis=0)
    kept = np.nonzero((size > 0) | (block.dimension == "all"))
    rows, columns = kept

    def same(text: str) -> NDArray[Any]:
        return np.full(len(rows), text, dtype=object)

    notes = np.array(block.notes, dtype=object)
    members = np.array(block.members, dtype=object).reshape(-1, 2)
    return {
        "metric": same(code),
        "grain": same(block.grain),
        "period_start": np.array([period.start_on for period in block.periods], dtype="datetime64[D]")[rows],
        "period_end": np.array([period.end_on for period in block.periods], dtype="datetime64[D]")[rows],
        "dimension": same(block.dimension),
        "member": members[columns, 0],
        "store": members[columns, 1],
        "numerator": block.numerator[kept],
        "denominator": None if block.denominator is None else block.denominator[kept],
        "people": block.people[kept],
        "mature": (notes == "")[rows],
        "note": notes[rows],
    }
