"""What each store, channel, kind of customer or product did to a change in sales: exact, with mix and rate apart.

Sales of a member = all orders x the member's share of them x its money per order. Each factor's effect is its
logarithm's share of the member's change, weighed by the logarithmic mean (LMDI-I, as in `change`), so the three effects
of a member add up to its change and the members add up to the whole, to the last minor unit. Where a member sold in one
of the periods only there is nothing to compare: its whole change is `other`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from shuke.metrics.rules.change import logarithmic_mean, rounded

# Fewer orders than these in either period: money per order moves by chance alone.
SMALL = 30


@dataclass(frozen=True)
class Sold:
    """What a member sold in a period: money in minor units, and orders (of products: pieces)."""

    sales_minor: int = 0
    orders: float = 0


@dataclass(frozen=True)
class Move:
    """What a member did to the change, in minor units: `total` = `volume` + `mix` + `rate` + `other`.

    volume: there were more or fewer orders in all; mix: the member's share of them moved; rate: its money per order
    did; other: it sold in one of the two periods only. `is_small`: too few orders to rely on mix and rate.
    """

    member: str
    now: Sold
    then: Sold
    total_minor: int
    volume_minor: int
    mix_minor: int
    rate_minor: int
    other_minor: int
    is_small: bool


def moves(now: Mapping[str, Sold], then: Mapping[str, Sold]) -> tuple[Move, ...]:
    """One `Move` a member of either period, the greatest change first; a missing member sold nothing."""
    orders = sum(one.orders for one in now.values()), sum(one.orders for one in then.values())
    grown = math.log(orders[0] / orders[1]) if min(orders) > 0 else 0.0
    found = [
        _move(member, now=now.get(member, Sold()), then=then.get(member, Sold()), grown=grown)
        for member in {**now, **then}
    ]
    return tuple(sorted(found, key=lambda one: (-abs(one.total_minor), one.member)))


def _move(member: str, *, now: Sold, then: Sold, grown: float) -> Move:
    """`grown` is the logarithm of the growth of all orders."""
    total = now.sales_minor - then.sales_minor
    small = min(now.orders, then.orders) < SMALL
    if min(now.sales_minor, then.sales_minor, now.orders, then.orders) <= 0:
        return Move(member, now, then, total, 0, 0, 0, other_minor=total, is_small=small)
    weight = logarithmic_mean(float(now.sales_minor), float(then.sales_minor))
    own = math.log(now.orders / then.orders)
    rate = math.log((now.sales_minor / now.orders) / (then.sales_minor / then.orders))
    volume, mix, by_rate = rounded([weight * grown, weight * (own - grown), weight * rate], total=total)
    return Move(member, now, then, total, volume, mix, by_rate, other_minor=0, is_small=small)
