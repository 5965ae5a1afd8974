"""From a definition to SQL: each counting becomes sums by day and place, many of them in one pass over a table."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from shuke.metrics.values import Counting, Grain, Split

_INTERVALS = {
    "week": ("7 day", "14 day"),
    "month": ("1 month", "2 month"),
    "quarter": ("3 month", "6 month"),
    "year": ("1 year", "2 year"),
}
_NUMBERS = {"store": "store_no", "channel": "channel_no", "associate": "associate_no"}
PLACE_DIMENSIONS = ("all", *_NUMBERS)


@dataclass(frozen=True)
class Tally:
    """One number a day and place: the sum of `amount` over the rows `where`, or the people who are not yet counted.

    `people_by` is '' for rows; else the dimension whose member a person is counted in once a period of `grain`.
    """

    table: str
    day: str
    where: str
    amount: str = "1"
    split: Split | None = None
    people_by: str = ""
    grain: Grain | None = None


def tallies_of(counting: Counting, *, grain: Grain, dimension: str, split: Split | None) -> tuple[Tally, Tally | None]:
    """What must be added up for a counting in a grain and dimension: the rows that begin and, for standing ones, the
    rows that end. Row tallies are equal for all dimensions, and for all grains where no period is named.
    """
    cut = split if dimension in ("band", "store_band") else None
    if counting.is_standing:
        start, until = (resolved(text, day="", grain=grain) for text in (counting.start, counting.until))
        where = f"({counting.where}) and {start} < {until}"
        begins = Tally(counting.table, day=start, where=where, amount=counting.amount, split=cut)
        return begins, replace(begins, day=until)
    where = resolved(counting.where, day=counting.day, grain=grain)
    tally = Tally(counting.table, day=counting.day, where=where, amount=counting.amount, split=cut)
    if counting.each == "customer":
        by = dimension if dimension in PLACE_DIMENSIONS else "all"
        return replace(tally, people_by=by, grain=grain), None
    return tally, None


def resolved(text: str, *, day: str, grain: Grain) -> str:
    """An expression with `{period}`, `{end}` and `{after}` written out for the period of `day`."""
    period = f"cast(date_trunc('{grain}', {day}) as date)"
    end, after = (f"cast({period} + interval {length} as date)" for length in _INTERVALS[grain])
    return text.replace("{period}", period).replace("{end}", end).replace("{after}", after)


def batches(tallies: Iterable[Tally]) -> list[tuple[Tally, ...]]:
    """Tallies that one statement can compute: rows of one table and day together, people of one counting together."""
    groups: dict[tuple[object, ...], dict[Tally, None]] = {}
    for tally in tallies:
        key: tuple[object, ...] = (tally.table, tally.day, tally.split)
        if tally.people_by:
            key = (*key, tally.where, tally.people_by)
        groups.setdefault(key, {})[tally] = None
    return [tuple(group) for group in groups.values()]


def statement(batch: Sequence[Tally], *, as_of: date) -> str:
    """The SQL of a batch: columns on_day, place, band (where split) and t0, t1, ... in the order of the batch."""
    one = batch[0]
    return _people(batch, as_of=as_of) if one.people_by else _rows(batch, as_of=as_of)


def _rows(batch: Sequence[Tally], *, as_of: date) -> str:
    one = batch[0]
    sums = [f"cast(sum(case when {t.where} then {t.amount} end) as double) as t{n}" for n, t in enumerate(batch)]
    band, group = ("", "") if one.split is None else (f" {band_of(one.split)} as band,", ", band")
    return (
        f"select {one.day} as on_day, place,{band} {', '.join(sums)} from {one.table}"
        f" where {one.day} < date '{as_of}' group by {one.day}, place{group}"
    )


def _people(batch: Sequence[Tally], *, as_of: date) -> str:
    """A person is counted on the day of their first row of a period: where the row before lies before the period."""
    one = batch[0]
    member = _NUMBERS.get(one.people_by)
    by = f"customer_id, l.{member}" if member else "customer_id"
    join = " left join metric_places l on l.place = x.place" if member else ""
    first = "seen_before is null or seen_before < "
    sums = [
        f"cast(count(case when {first}cast(date_trunc('{t.grain}', on_day) as date) then 1 end) as double) as t{n}"
        for n, t in enumerate(batch)
    ]
    # Rows of one day look alike: lag finds the same day for the second of them, which is not before the period.
    return (
        f"select on_day, place, {', '.join(sums)} from (select x.{one.day} as on_day, x.place,"
        f" lag(x.{one.day}) over (partition by {by} order by x.{one.day}) as seen_before"
        f" from {one.table} x{join} where {one.where} and x.{one.day} < date '{as_of}') s group by on_day, place"
    )


def is_band(member: str) -> bool:
    """Whether a text can be a member of `band` ('2') or of `store_band` ('store/2')."""
    return bool(re.fullmatch("[0-9]{1,3}", member.rpartition("/")[2]))


def band_of(split: Split) -> str:
    """The number of the band, from 1, in which a column's value lies."""
    cases = " ".join(f"when {split.column} < {edge} then {number}" for number, edge in enumerate(split.edges, 1))
    return f"case {cases} else {len(split.edges) + 1} end"
