"""People, their orders and what is in them, as arrays."""

from dataclasses import dataclass

import numpy as np

from shuke.demo.values.arrays import DAY_SECONDS, Flags, Floats, Ints


@dataclass(frozen=True)
class People:
    """One position a person; the last ones, from `customers` on, are staff. Days are day numbers, NEVER where it
    does not happen.

    `rate` is purchases a day while active, `shape` the regularity of the gaps (gamma), `left` the hidden dropout day.
    `phone_later` is the number used from day `changed` on. `shares_with` is the person whose phone this one uses, -1
    none.
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
