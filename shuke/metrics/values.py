"""What a metric is, and what is told of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shuke.kernel.period import Period

Grain = Literal["week", "month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = ("week", "month", "quarter", "year")
UNITS = ("share", "money", "count", "days", "ratio")
DIMENSIONS = ("all", "store", "channel", "associate", "band", "store_band", "source")
# Below this many people or orders a rate says little.
SMALL = 30


@dataclass(frozen=True)
class Texts:
    """What is written about a metric in one language; `{days}` and `{history_days}` are filled in."""

    name: str
    what: str
    numerator: str
    window: str
    refunds: str
    identity: str
    dedupe: str
    stand: str
    denominator: str = ""


@dataclass(frozen=True)
class Counting:
    """Which rows of a table of this room count, when, and with which amount; most fields are SQL expressions.

    Rows with a `day` count in its period (`period` next: in the one after it). Rows with `start` and `until` count at
    every moment E with start < E <= until: at the period's end, or `at` its start. `each` customer counts people, not
    rows. `{days}`, `{period}`, `{end}` and `{after}` (first day of the row's period, of the next, of the one after
    that) may be used.
    """

    table: str
    day: str = ""
    start: str = ""
    until: str = ""
    where: str = "true"
    amount: str = "1"
    each: str = "row"
    period: str = "own"
    at: str = "end"

    @property
    def is_standing(self) -> bool:
        return bool(self.start)


@dataclass(frozen=True)
class Split:
    """A column of the counted rows cut at edges (in minor units), for the dimension `band`."""

    column: str
    edges: tuple[int, ...]


@dataclass(frozen=True)
class Metric:
    """One file of definitions/, checked. `is_whole`: the denominator is the numerator over all members.

    `days` is the metric's own span; a cell stands `wait_days` after its period and `history_days` after the first day
    of the data. `additive`: numerators and denominators may be added over the members of a dimension. `needs`: a table
    that must have rows, else the metric is off.
    """

    code: str
    texts: Mapping[str, Texts]
    unit: str
    better: str
    order: int
    days: int
    wait_days: int
    history_days: int
    simple: bool
    additive: bool
    grains: tuple[Grain, ...]
    dimensions: tuple[str, ...]
    split: Split | None
    numerator: tuple[Counting, ...]
    denominator: tuple[Counting, ...]
    people: tuple[Counting, ...]
    is_whole: bool = False
    needs: str = ""

    @property
    def has_denominator(self) -> bool:
        return self.is_whole or bool(self.denominator)


@dataclass(frozen=True)
class Definition:
    """A metric as its page shows it, in one language. `missing` says in a sentence why it is off (empty: it is on).

    `numerator_unit` and `denominator_unit` are `money` (minor units) or `count`; '' where there is no denominator.
    """

    code: str
    name: str
    what: str
    unit: str
    better: str
    simple: bool
    numerator: str
    denominator: str
    window: str
    refunds: str
    identity: str
    dedupe: str
    stand: str
    days: int
    grains: tuple[Grain, ...]
    dimensions: tuple[str, ...]
    additive: bool
    file: str
    missing: str = ""
    numerator_unit: str = "count"
    denominator_unit: str = ""


@dataclass(frozen=True)
class Cell:
    """Numerator and denominator of one value; the denominator is None where the numerator is the value."""

    numerator: float
    denominator: float | None
    people: float = 0.0
    mature: bool = True
    note: str = ""


@dataclass(frozen=True)
class Point:
    """A metric in one period. `value` None: nothing to divide by. `note`: '', `unfinished` (the period is not over),
    `waiting` (its waiting time is not), `history` (the data begin too late), `small` (fewer than 30 people or orders).
    """

    period: Period
    value: float | None
    numerator: float
    denominator: float | None
    people: float
    mature: bool
    note: str


@dataclass(frozen=True)
class Card:
    """A metric for a home page: the latest period that stands, the one before it, the same lunar week last year."""

    definition: Definition
    point: Point | None
    before: Point | None
    lunar: Point | None
    trend: tuple[Point, ...]
    sentence: str


@dataclass(frozen=True)
class RowPage:
    """Rows behind a number. `total` counts all of them and `sum` adds up their amounts: that is the number's part."""

    columns: tuple[str, ...]
    names: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    total: int
    sum: float


@dataclass(frozen=True)
class PackLine:
    """One metric of a meeting pack: now, the same lunar week last year, and the change in words."""

    code: str
    name: str
    unit: str
    now: Point | None
    then: Point | None
    change: str


@dataclass(frozen=True)
class PackStore:
    """The whole shop ('' ) or one store of a meeting pack."""

    store: str
    name: str
    lines: tuple[PackLine, ...]


@dataclass(frozen=True)
class MeetingPack:
    """One page for a meeting: every figure computed, `why` from an exact decomposition of the change in sales.

    `week` is the last finished week before `as_of`, `lunar_week` the week of the same lunar day last year (None: before
    the data begin).
    """

    as_of: date
    week: Period
    lunar_week: Period | None
    stores: tuple[PackStore, ...]
    why: tuple[str, ...]
