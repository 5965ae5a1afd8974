"""What is fixed before people are drawn: the span, the goods, the stores, the names, the calendar and the problems."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from shuke.demo.values.arrays import Floats, Ints


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
    """Stores, one position each; associates and cashiers are flat lists, `associates_each` and `cashiers_each` a
    store.
    """

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
    till receipt of a known person; `masked_share` of the phones in till and member files are masked; `quirks` plants
    the
    data problems.
    """

    channel_share: tuple[float, ...]
    pace: float
    walk_in_share: float
    pos_encoding: str
    masked_share: float
    quirks: bool


LIFELIKE = Profile((0.58, 0.14, 0.12, 0.08, 0.08), 1.12, 0.25, "gb18030", 0.0, quirks=True)
BULK = Profile((1.0, 0.0, 0.0, 0.0, 0.0), 1.3, 0.25, "utf-8", 0.0, quirks=False)


@dataclass(frozen=True)
class Planted:
    """Where the data problems of the till are; stores are positions, days day numbers (`from` included, `to` not).

    From `stopped_from` on a store registers nobody and asks nobody; another's till clock is 8 hours slow for a
    while; at
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
