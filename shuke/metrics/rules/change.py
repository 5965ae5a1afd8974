"""Why sales changed: an exact decomposition, so that the parts add up to the whole to the last minor unit.

Sales = sales to known customers + the rest. Sales to known customers = buyers x orders each x money per order. The
effect of each factor is its logarithm's share of the change, weighed by the logarithmic mean (LMDI-I; B. W. Ang, The
LMDI approach to decomposition analysis, Energy Policy 33, 2005): no part is left unexplained and no order of the
factors is preferred.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Trade:
    """What was sold in a period: all money, and that of purchases by known customers with their number and people."""

    sales_minor: int
    known_minor: int
    orders: int
    buyers: int

    @property
    def rest_minor(self) -> int:
        return self.sales_minor - self.known_minor


@dataclass(frozen=True)
class Effects:
    """The change in sales, in minor units, by cause; the four add up to `total_minor` exactly."""

    total_minor: int
    buyers_minor: int
    frequency_minor: int
    average_minor: int
    rest_minor: int


def effects(now: Trade, then: Trade) -> Effects:
    """The parts of the change from `then` to `now`. Where nobody was known in one of the periods, the whole change of
    known sales is the buyers'.
    """
    total = now.sales_minor - then.sales_minor
    rest = now.rest_minor - then.rest_minor
    known = now.known_minor - then.known_minor
    if min(now.known_minor, then.known_minor, now.orders, then.orders, now.buyers, then.buyers) <= 0:
        return Effects(total, buyers_minor=known, frequency_minor=0, average_minor=0, rest_minor=rest)
    weight = logarithmic_mean(float(now.known_minor), float(then.known_minor))
    ratios = (
        now.buyers / then.buyers,
        (now.orders / now.buyers) / (then.orders / then.buyers),
        (now.known_minor / now.orders) / (then.known_minor / then.orders),
    )
    parts = rounded([weight * math.log(ratio) for ratio in ratios], total=known)
    return Effects(total, buyers_minor=parts[0], frequency_minor=parts[1], average_minor=parts[2], rest_minor=rest)


def basket_effects(
    told: Effects, *, now: Trade, then: Trade, units: tuple[float, float], prices: tuple[float, float]
) -> tuple[int, int, int]:
    """The effect of money per order in three: pieces per order, money per piece, and orders that tell no pieces.

    `units` and `prices` are (now, then), positive, of the orders that tell their pieces. The three add up to
    `told.average_minor`.
    """
    if min(now.known_minor, then.known_minor, now.orders, then.orders) <= 0:
        return 0, 0, told.average_minor
    weight = logarithmic_mean(float(now.known_minor), float(then.known_minor))
    parts = [weight * math.log(units[0] / units[1]), weight * math.log(prices[0] / prices[1])]
    first, second, third = rounded([*parts, told.average_minor - sum(parts)], total=told.average_minor)
    return first, second, third


def logarithmic_mean(a: float, b: float) -> float:
    """(a - b) / (ln a - ln b) of two positive numbers; a where they are equal."""
    if a <= 0 or b <= 0:
        raise ValueError("the logarithmic mean needs positive numbers")
    ratio = math.log(a / b)
    return a if abs(ratio) < 1e-12 else (a - b) / ratio


def rounded(parts: list[float], *, total: int) -> list[int]:
    """Whole numbers next to the parts that add up to `total`: the greatest remainders are rounded up first."""
    floors = [math.floor(part) for part in parts]
    missing = total - sum(floors)
    order = sorted(range(len(parts)), key=lambda place: (floors[place] - parts[place], place))
    for step in range(abs(missing)):
        floors[order[step % len(parts)]] += 1 if missing > 0 else -1
    return floors
