"""Cohorts by month of first purchase: who came back, and what a new customer brought; by channel, against its cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.metrics.queries.points import as_of as day_of
from shuke.metrics.values import SMALL

# Who first bought this soon after the data begin may have bought before them.
HISTORY_DAYS = 90
# Months since the first one, its own month included, over which a new customer's money is added up.
SPANS = (3, 6, 12)
_CELLS = """
select cohort_on, age, cast(sum(buyers) as bigint) as buyers, cast(sum(net_minor) as bigint) as net_minor
from metric_cohorts
where ($channel is null or channel = $channel) and ($store is null or store = $store)
group by cohort_on, age
order by cohort_on, age
"""
_CHANNELS = """
select channel, cohort_on, age, cast(sum(buyers) as bigint) as buyers, cast(sum(net_minor) as bigint) as net_minor
from metric_cohorts
group by channel, cohort_on, age
order by channel, cohort_on, age
"""
_COSTS = """
select channel, day_on as cohort_on, cast(sum(amount_minor) as bigint) as amount_minor
from metric_costs
group by channel, day_on
"""


@dataclass(frozen=True)
class CohortCell:
    """A cohort some months later: `share` of its people bought; `per_head_minor` is their money up to then, a head."""

    age: int
    buyers: int
    share: float
    per_head_minor: float


@dataclass(frozen=True)
class Cohort:
    """The customers of one month of first purchase. Months that are not over have no cell.

    `is_early`: the data begin less than 90 days before, so that old customers may be among them.
    """

    month_on: date
    people: int
    cells: tuple[CohortCell, ...]
    is_small: bool
    is_early: bool


@dataclass(frozen=True)
class Source:
    """What the new customers of one channel brought, over the cohorts old enough for each number; None: none is.

    `value_minor` is the money a head in 3, 6 and 12 months; `again_share` how many buy in a month, over the 3 months
    after that of the first purchase; `cost_minor` is what one cost, over the months for which the shop tells it.
    """

    channel: str
    people: int
    again_share: float | None
    value_minor: Mapping[int, float | None]
    cost_minor: float | None
    is_small: bool


def cohorts(
    actor: Actor, *, lake: Reader, channel: str | None = None, store: str | None = None, last: int = 24
) -> tuple[Cohort, ...]:
    """The last cohorts, the oldest first, of all or of those who first bought on a channel or in a store."""
    require(actor, Permission.SEE_WEEK)
    as_of = day_of(actor, lake=lake)
    if as_of is None or not lake.has("metric_cohorts"):
        return ()
    found: dict[date, dict[int, tuple[int, int]]] = {}
    for row in lake.rows(_CELLS, channel=channel, store=store):
        found.setdefault(row["cohort_on"], {})[row["age"]] = (row["buyers"], row["net_minor"])
    early = _known_from(lake) + timedelta(days=HISTORY_DAYS)
    made = [_cohort(month, cells=cells, as_of=as_of, early=early) for month, cells in sorted(found.items())]
    return tuple(one for one in made if one.people)[-last:]


def sources(actor: Actor, *, lake: Reader) -> tuple[Source, ...]:
    """Each channel of first purchase with what its new customers brought, the greatest first; early cohorts are out."""
    require(actor, Permission.SEE_WEEK)
    as_of = day_of(actor, lake=lake)
    if as_of is None or not lake.has("metric_cohorts"):
        return ()
    early = _known_from(lake) + timedelta(days=HISTORY_DAYS)
    found: dict[str, dict[date, dict[int, tuple[int, int]]]] = {}
    for row in lake.rows(_CHANNELS):
        channel = found.setdefault(row["channel"], {})
        channel.setdefault(row["cohort_on"], {})[row["age"]] = (row["buyers"], row["net_minor"])
    costs: dict[str, dict[date, int]] = {}
    if actor.stores is None and lake.has("metric_costs"):
        for row in lake.rows(_COSTS):
            costs.setdefault(row["channel"], {})[row["cohort_on"]] = row["amount_minor"]
    made = [
        _source(
            name,
            held=[_cohort(month, cells=cells, as_of=as_of, early=early) for month, cells in sorted(months.items())],
            costs=costs.get(name, {}),
        )
        for name, months in found.items()
    ]
    return tuple(sorted((one for one in made if one.people), key=lambda one: (-one.people, one.channel)))


def _known_from(lake: Reader) -> date:
    found: date | None = lake.value("select min(ordered_on) from metric_orders")
    return found or date.min


def _cohort(month: date, *, cells: Mapping[int, tuple[int, int]], as_of: date, early: date) -> Cohort:
    people = cells.get(0, (0, 0))[0]
    ages = _whole_months(month, as_of=as_of)
    told, money = [], 0
    for age in range(ages if people else 0):
        buyers, net = cells.get(age, (0, 0))
        money += net
        told.append(CohortCell(age, buyers, share=buyers / people, per_head_minor=money / people))
    return Cohort(month, people, tuple(told), is_small=people < SMALL, is_early=month < early)


def _whole_months(month: date, *, as_of: date) -> int:
    """How many months from `month` on were over before `as_of`."""
    return max(0, 12 * (as_of.year - month.year) + as_of.month - month.month)


def _source(name: str, *, held: Sequence[Cohort], costs: Mapping[date, int]) -> Source:
    """The channel's cohorts together; each number stands on those that are old enough for it."""
    known = [one for one in held if one.people and not one.is_early]
    value = {span: _per_head(known, months=span) for span in SPANS}
    people = sum(one.people for one in known)
    paid = [one for one in known if costs.get(one.month_on)]
    cost = sum(costs[one.month_on] for one in paid) / sum(one.people for one in paid) if paid else None
    return Source(
        channel=name,
        people=people,
        again_share=_again(known, months=3),
        value_minor=value,
        cost_minor=cost,
        is_small=people < SMALL,
    )


def _per_head(known: Sequence[Cohort], *, months: int) -> float | None:
    old = [one for one in known if len(one.cells) >= months]
    people = sum(one.people for one in old)
    return sum(one.cells[months - 1].per_head_minor * one.people for one in old) / people if people else None


def _again(known: Sequence[Cohort], *, months: int) -> float | None:
    """The mean share that buys in a month after the first one, over its first `months` ones."""
    old = [one for one in known if len(one.cells) > months]
    people = sum(one.people for one in old)
    if not people:
        return None
    return sum(cell.buyers for one in old for cell in one.cells[1 : months + 1]) / (people * months)
