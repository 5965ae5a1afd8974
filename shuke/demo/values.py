"""The made-up retailer as values: what is read from definitions, and the arrays of people, orders and lines."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NEVER = 1_000_000
DAY_SECONDS = 86_400
ZONE_SECONDS = 8 * 3_600


class Channel(IntEnum):
    """Where an order is placed."""

    POS = 0
    YOUZAN = 1
    TMALL = 2
    JD = 3
    MEITUAN = 4


@dataclass(frozen=True)
class Span:
    """The days that the exports cover: `days` days before `as_of`. Day 0 is the first; `as_of` itself is not in it."""

    as_of: date
    days: int

    @property
    def start_on(self) -> date:
        return self.as_of - timedelta(days=self.days)

    @property
    def epoch_day(self) -> int:
        """Days from 1970-01-01 to day 0."""
        return (self.start_on - date(1970, 1, 1)).days

    def day(self, on: date) -> int:
        """The number of a calendar day, negative before the span."""
        return (on - self.start_on).days

    def date(self, day: int) -> date:
        """The calendar day of a day number."""
        return self.start_on + timedelta(days=day)


@dataclass(frozen=True)
class Catalogue:
    """Goods, one position a product; price and cost in minor units; `launched` is a day number (negative: always)."""

    categories: tuple[str, ...]
    category_weight: Floats
    sku: tuple[str, ...]
    name: tuple[str, ...]
    category: Ints
    price: Ints
    cost: Ints
    popularity: Floats
    launched: Ints
    season: tuple[str, ...]


@dataclass(frozen=True)
class Chain:
    """Stores, one position each; associates and cashiers are flat lists, `associates_each` and `cashiers_each` a store."""

    brand: str
    online_shops: dict[str, str]
    code: tuple[str, ...]
    name: tuple[str, ...]
    city: tuple[str, ...]
    province: tuple[str, ...]
    district: tuple[str, ...]
    weight: Floats
    associates: tuple[str, ...]
    cashiers: tuple[str, ...]
    roads: tuple[str, ...]
    estates: tuple[str, ...]

    @property
    def associates_each(self) -> int:
        return len(self.associates) // len(self.code)

    @property
    def cashiers_each(self) -> int:
        return len(self.cashiers) // len(self.code)


@dataclass(frozen=True)
class NameBook:
    """Surnames with shares, characters of given names, nicknames and mobile prefixes."""

    surnames: tuple[str, ...]
    surname_share: Floats
    female: tuple[str, ...]
    male: tuple[str, ...]
    nicknames: tuple[str, ...]
    prefixes: Ints


@dataclass(frozen=True)
class Event:
    """Something in the calendar that moves demand, over day numbers `first` to `last` (both included)."""

    name: str
    first: int
    last: int
    store: float
    online: float
    promotion: float
    season: bool


@dataclass(frozen=True)
class Calendar:
    """Weekday factors from Monday, hour weights by kind of channel, and events in the span."""

    weekday: Floats
    hours_store: Floats
    hours_online: Floats
    hours_delivery: Floats
    events: tuple[Event, ...]


@dataclass(frozen=True)
class World:
    """Everything that is fixed before people are drawn."""

    seed: int
    span: Span
    catalogue: Catalogue
    chain: Chain
    names: NameBook
    calendar: Calendar


@dataclass(frozen=True)
class Profile:
    """What kind of retailer to make.

    `channel_share` follows `Channel`; `pace` multiplies everybody's purchase rate; `walk_in_share` is walk-ins for each
    till receipt of a known person; `masked_share` of the phones in till and member files are masked; `quirks` plants the
    data problems.
    """

    channel_share: tuple[float, ...]
    pace: float
    walk_in_share: float
    pos_encoding: str
    masked_share: float
    quirks: bool


LIFELIKE = Profile((0.58, 0.14, 0.12, 0.08, 0.08), 1.12, 0.25, "gb18030", 0.0, quirks=True)
BULK = Profile((1.0, 0.0, 0.0, 0.0, 0.0), 1.5, 0.25, "utf-8", 0.0, quirks=False)


@dataclass(frozen=True)
class People:
    """One position a person; the last ones, from `customers` on, are staff. Days are day numbers, NEVER where it does not happen.

    `rate` is purchases a day while active, `shape` the regularity of the gaps (gamma), `left` the hidden dropout day.
    `phone_later` is the number used from day `changed` on. `shares_with` is the person whose phone this one uses, -1 none.
    """

    customers: int
    female: Flags
    surname: Ints
    given_first: Ints
    given_second: Ints
    born: Ints
    store: Ints
    associate: Ints
    entered: Floats
    left: Floats
    rate: Floats
    shape: Floats
    sensitivity: Floats
    response: Floats
    novelty: Floats
    affluence: Floats
    category_first: Ints
    category_second: Ints
    channel_first: Ints
    channel_second: Ints
    channel_loyalty: Floats
    phone: Ints
    phone_later: Ints
    changed: Ints
    registered: Ints
    card: Ints
    card_later: Ints
    contact: Ints
    shares_with: Ints
    recycled_from: Ints

    @property
    def count(self) -> int:
        return len(self.rate)


@dataclass(frozen=True)
class Orders:
    """One position an order, by time. `person` is -1 for a walk-in, `at` local seconds from the start of day 0."""

    person: Ints
    at: Ints
    channel: Ints
    store: Ints
    associate: Ints

    @property
    def count(self) -> int:
        return len(self.at)


@dataclass(frozen=True)
class Basket:
    """Orders with their lines: the lines of order i are positions `first[i]` to `first[i + 1]`. Money in minor units.

    `index` is the order's number over the whole span; ids and draws of an order come from it, so they do not depend on
    how the span is cut. `discount` is the money off a line of quantity x price.
    """

    index: Ints
    person: Ints
    at: Ints
    channel: Ints
    store: Ints
    associate: Ints
    first: Ints
    product: Ints
    quantity: Ints
    price: Ints
    discount: Ints

    @property
    def count(self) -> int:
        return len(self.index)

    @property
    def day(self) -> Ints:
        return self.at // DAY_SECONDS

    @property
    def order(self) -> Ints:
        """The position of each line's order."""
        return np.repeat(np.arange(self.count), np.diff(self.first))

    @property
    def list_amount(self) -> Ints:
        """Quantity x price of each line."""
        return self.quantity * self.price

    @property
    def paid(self) -> Ints:
        """What was paid for each line."""
        return self.quantity * self.price - self.discount

    def total(self, amounts: Ints) -> Ints:
        """Sums of line amounts by order."""
        running = np.concatenate(([0], np.cumsum(amounts)))
        return np.asarray(running[self.first[1:]] - running[self.first[:-1]], dtype=np.int64)


@dataclass(frozen=True)
class Planted:
    """Where the data problems of the till are; stores are positions, days day numbers (`from` included, `to` not).

    From `stopped_from` on a store registers nobody and asks nobody; another's till clock is 8 hours slow for a while; at
    a third a cashier types the own phone for walk-ins.
    """

    stopped_store: int
    stopped_from: int
    slow_store: int
    slow_from: int
    slow_to: int
    cashier_store: int
    cashier_from: int
    cashier_to: int
    dummy_share: float
    orphan_days: int
    wholesale_share: float


@dataclass(frozen=True)
class DemoSummary:
    """What was written: file paths, counts, and the share of till receipts with a member."""

    files: tuple[str, ...]
    customers: int
    orders: int
    lines: int
    member_receipt_share: float
    net_minor: int
