"""Every metric over again, in plain Python from the definitions' words: no SQL, no intervals, no running totals."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]
Member = tuple[str, ...]
FAR = date(9999, 1, 1)
BANDS = (5_000, 10_000, 20_000, 50_000)


@dataclass
class World:
    """A small shop's facts, cut at `as_of`."""

    orders: list[Row]
    profiles: dict[int, Row]
    visits: list[Row]
    as_of: date
    purchases: dict[int, list[date]] = field(default_factory=dict)
    home: dict[tuple[int, date], Row] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.orders = [o for o in self.orders if o["counted"] and o["ordered_on"] < self.as_of]
        for order in sorted(self.orders, key=lambda o: (o["ordered_on"], o["order_key"])):
            customer = self.customer(order)
            if customer is not None and is_purchase(order):
                days = self.purchases.setdefault(customer, [])
                if not days or days[-1] != order["ordered_on"]:
                    days.append(order["ordered_on"])
                    self.home[customer, order["ordered_on"]] = order

    def customer(self, order: Row) -> int | None:
        """Who bought; staff are nobody."""
        number = order["customer_id"]
        return None if number is None or self.profiles.get(number, {}).get("is_staff") else number

    def member_from(self, customer: int | None) -> date:
        """The day from which somebody is a member; far away where they never are."""
        profile = self.profiles.get(customer or 0, {})
        if not profile.get("is_member") or profile.get("is_staff"):
            return FAR
        return profile["registered_on"] or date(1900, 1, 1)

    def seen(self, customer: int) -> list[tuple[date, Row]]:
        """Days on which a customer bought or came by, with where."""
        days = {d: self.home[customer, d] for d in self.purchases.get(customer, [])}
        # Of visits to two stores on one day, that of the first store by name counts.
        for visit in sorted(self.visits, key=lambda v: (v["store"] or "", v["source"])):
            wanted = visit["customer_id"] == customer and visit["kind"] in ("visit", "browse", "event")
            if wanted and visit["happened_on"] < self.as_of and not self.profiles.get(customer, {}).get("is_staff"):
                days.setdefault(visit["happened_on"], {"store": visit["store"], "source": visit["source"]})
        return sorted(days.items())


def is_purchase(order: Row) -> bool:
    """An order that was not wholly given back."""
    return not order["is_return"] and order["net_minor"] - (order["returned_minor"] or 0) > 0


def places(row: Row) -> dict[str, str]:
    """The member of each dimension of a row."""
    store = row.get("store") or ""
    return {
        "all": "",
        "store": store,
        "channel": row["source"],
        "source": row["source"],
        "associate": f"{store}/{row.get('associate') or ''}",
    }


def anybody(customer: int, days: list[date]) -> bool:
    """Every customer."""
    del customer, days
    return True


def anything(order: Row) -> bool:
    """Every order and return."""
    return bool(order)


def once(order: Row) -> float:
    """One an order."""
    return float(bool(order))


Counts = dict[tuple[str, str], float]
People = dict[tuple[str, str], set[int]]


def spread(counts: Counts, row: Row, amount: float = 1, *, dimensions: Iterable[str] = ()) -> None:
    """Adds an amount to every member that a row belongs to."""
    for dimension, member in places(row).items():
        if not dimensions or dimension in dimensions:
            counts[dimension, member] = counts.get((dimension, member), 0) + amount


def sums(
    world: World, start: date, end: date, *, keep: Callable[[Row], bool], amount: Callable[[Row], float]
) -> Counts:
    """Amounts of the orders of a period."""
    counts: Counts = {}
    for order in world.orders:
        if start <= order["ordered_on"] < end and keep(order):
            spread(counts, order, amount(order))
    return counts


def people(world: World, start: date, end: date) -> Counts:
    """Distinct customers of a period."""
    found: People = {}
    for order in world.orders:
        customer = world.customer(order)
        if customer is not None and is_purchase(order) and start <= order["ordered_on"] < end:
            for key in places(order).items():
                found.setdefault(key, set()).add(customer)
    return {key: float(len(known)) for key, known in found.items()}


def states(world: World, moment: date, *, holds: Callable[[int, list[date]], bool]) -> Counts:
    """Customers of whom something holds at a moment, at the place of their latest purchase before it."""
    counts: Counts = {}
    for customer, days in world.purchases.items():
        before = [day for day in days if day < moment]
        if before and holds(customer, before):
            spread(counts, world.home[customer, before[-1]])
    return counts


def within(days: list[date], moment: date, *, span: int) -> int:
    """How many of the days lie in the `span` days before a moment."""
    return sum(moment - timedelta(days=span) <= day < moment for day in days)


def firsts(world: World, start: date, end: date, *, keep: Callable[[int, list[date]], bool]) -> Counts:
    """Customers whose first purchase lies in a period, at its place."""
    counts: Counts = {}
    for customer, days in world.purchases.items():
        if start <= days[0] < end and keep(customer, days):
            spread(counts, world.home[customer, days[0]])
    return counts


def rebought(world: World, before: tuple[date, date], now: tuple[date, date]) -> tuple[Counts, Counts]:
    """Last period's buyers, and those of them who bought again, at the place of their last purchase in that period."""
    again: Counts = {}
    counts: Counts = {}
    for customer, days in world.purchases.items():
        then = [day for day in days if before[0] <= day < before[1]]
        if then:
            spread(counts, world.home[customer, then[-1]])
            if any(now[0] <= day < now[1] for day in days):
                spread(again, world.home[customer, then[-1]])
    return again, counts


def revisits(world: World, moment: date, *, span: int) -> tuple[Counts, Counts]:
    """Customers seen in the span before the last, and those seen again in the last."""
    length = timedelta(days=span)
    again: Counts = {}
    counts: Counts = {}
    for customer in {*world.purchases, *(v["customer_id"] for v in world.visits if v["customer_id"])}:
        seen = world.seen(customer)
        earlier = [(day, row) for day, row in seen if moment - 2 * length <= day < moment - length]
        if earlier:
            spread(counts, earlier[-1][1], dimensions=("all", "store"))
            if any(moment - length <= day < moment for day, _ in seen):
                spread(again, earlier[-1][1], dimensions=("all", "store"))
    return again, counts


def churn(world: World, start: date, end: date, *, span: int) -> tuple[Counts, Counts]:
    """Members within the span of a purchase at the start, and those of them beyond it at the end."""

    def active(customer: int, days: list[date], moment: date) -> bool:
        return world.member_from(customer) < moment and within(days, moment, span=span) > 0

    counts = states(world, start, holds=lambda c, days: active(c, days, start))
    lost: Counts = {}
    for customer, days in world.purchases.items():
        before = [day for day in days if day < start]
        gone = within([day for day in days if day < end], end, span=span) == 0
        if before and active(customer, before, start) and gone:
            spread(lost, world.home[customer, before[-1]])
    return lost, counts


def bands(world: World, start: date, end: date) -> dict[tuple[str, str], tuple[float, float]]:
    """Orders by band of the whole shop and of each store, with all orders below."""
    found: dict[tuple[str, str], float] = {}
    total: dict[str, float] = {}
    for order in world.orders:
        if start <= order["ordered_on"] < end and is_purchase(order):
            band = 1 + sum(order["net_minor"] >= edge for edge in BANDS)
            store = order["store"] or ""
            for key in (("band", str(band)), ("store_band", f"{store}/{band}")):
                found[key] = found.get(key, 0) + 1
            for whole in ("*", store):
                total[whole] = total.get(whole, 0) + 1
    return {
        (dimension, member): (count, total["*" if dimension == "band" else member.rpartition("/")[0]])
        for (dimension, member), count in found.items()
    }


def cells(world: World, span: tuple[date, date], before: tuple[date, date]) -> dict[str, dict[tuple[str, str], Any]]:
    """metric -> (dimension, member) -> (numerator, denominator) of one period; standing metrics at its end."""
    start, end = span
    new = firsts(world, start, end, keep=anybody)
    found = {**of_orders(world, start, end, new=new), **of_customers(world, start, min(end, world.as_of), new=new)}
    found["rebuy_rate"] = rebought(world, before, span)
    paired = {
        code: {
            key: (above.get(key, 0), None if below is None else below.get(key, 0)) for key in {*above, *(below or {})}
        }
        for code, (above, below) in found.items()
    }
    all_new = sum(count for (dimension, _), count in new.items() if dimension == "source")
    paired["acquisition_source"] = {
        (dimension, member): (count, all_new) for (dimension, member), count in new.items() if dimension == "source"
    }
    paired["order_bands"] = bands(world, start, end)
    return paired


Pairs = dict[str, tuple[Counts, Counts | None]]


def of_orders(world: World, start: date, end: date, *, new: Counts) -> Pairs:
    """Metrics that look at the orders of a period."""
    bought = is_purchase

    def flow(keep: Callable[[Row], bool], amount: Callable[[Row], float] = once) -> Counts:
        return sums(world, start, end, keep=keep, amount=amount)

    def member_order(order: Row) -> bool:
        return world.customer(order) is not None and world.member_from(order["customer_id"]) <= order["ordered_on"]

    def has_units(order: Row) -> bool:
        return bought(order) and order["units"] > 0

    told = {o["source"] for o in world.orders if o["discount_minor"] > 0}

    def tells(order: Row) -> bool:
        return bought(order) and order["source"] in told

    sales, orders = flow(anything, lambda o: o["net_minor"]), flow(bought)
    units, buyers = flow(has_units, lambda o: o["units"]), people(world, start, end)
    return {
        "sales": (sales, None),
        "orders": (orders, None),
        "buyers": (buyers, None),
        "new_customers": (new, None),
        "average_order": (sales, orders),
        "units_per_order": (units, flow(has_units)),
        "item_price": (flow(has_units, lambda o: o["net_minor"]), units),
        "discount_depth": (
            flow(tells, lambda o: o["discount_minor"]),
            flow(tells, lambda o: o["gross_minor"] + o["discount_minor"]),
        ),
        "new_customer_share": (new, buyers),
        "member_penetration": (flow(member_order, lambda o: o["net_minor"]), sales),
        "member_order_share": (flow(lambda o: bought(o) and member_order(o)), orders),
        "return_rate": (flow(anything, lambda o: o["refund_minor"]), flow(anything, lambda o: o["gross_minor"])),
    }


def of_customers(world: World, start: date, moment: date, *, new: Counts) -> Pairs:
    """Metrics that look at customers' purchase days, up to a moment."""
    week, ninety = timedelta(days=7), timedelta(days=90)

    def recently(days: list[date], *, times: int) -> bool:
        return within(days, moment, span=90) >= times

    def member(customer: int) -> bool:
        return world.member_from(customer) < moment

    unknown = sums(world, start, moment, keep=lambda o: is_purchase(o) and o["customer_id"] is None, amount=once)
    heads = firsts(world, start, moment, keep=lambda c, days: world.member_from(c) >= days[0])
    enrolled = firsts(world, start, moment, keep=lambda c, days: days[0] <= world.member_from(c) <= days[0] + week)
    second = firsts(world, start, moment, keep=lambda _, days: len(days) > 1 and days[1] <= days[0] + ninety)
    active = states(world, moment, holds=lambda c, days: member(c) and recently(days, times=1))
    lost, were_active = churn(world, start, moment, span=180)
    return {
        "enrolment_rate": (enrolled, {k: heads.get(k, 0) + unknown.get(k, 0) for k in {*heads, *unknown}}),
        "second_purchase_rate": (second, new),
        "return_visit_rate": revisits(world, moment, span=30),
        "repurchase_rate": (
            states(world, moment, holds=lambda _, days: recently(days, times=2)),
            states(world, moment, holds=lambda _, days: recently(days, times=1)),
        ),
        "active_members": (active, None),
        "active_rate": (active, states(world, moment, holds=lambda c, _: member(c))),
        "churned_members": (lost, None),
        "churn_rate": (lost, were_active),
    }
