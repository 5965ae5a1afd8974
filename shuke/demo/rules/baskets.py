"""Fills orders with lines: favourite categories and goods, seasons, new goods, quantities and discounts."""

from dataclasses import dataclass, replace

import numpy as np

from shuke.demo.rules.chance import scramble, stream, unit
from shuke.demo.rules.seasons import promotion, season_open
from shuke.demo.values import DAY_SECONDS, Basket, Flags, Floats, Ints, Orders, People, World

Generator = np.random.Generator

_LINES_MORE = np.array([1.55, 1.15, 0.95, 0.85, 1.25])
_DEPTHS = np.array([5, 10, 12, 15, 20, 30])


@dataclass(frozen=True)
class Shelf:
    """What is sold when: cumulative weights of categories by day, and goods sorted by category with weights by day
    part.
    """

    by_day: Floats
    start: Ints
    size: Ints
    cumulative: Floats
    novelty: Ints
    promotion: Floats


def stock_shelf(world: World) -> Shelf:
    """Prepares the choice of goods; goods stand category by category in the catalogue."""
    catalogue, span = world.catalogue, world.span
    count = len(catalogue.categories)
    start = np.searchsorted(catalogue.category, np.arange(count))
    size = np.bincount(catalogue.category, minlength=count)
    weights = np.tile(catalogue.category_weight, (span.days, 1))
    opened = season_open(world.calendar, span=span)
    seasonal = catalogue.category[np.array([bool(s) for s in catalogue.season])]
    for days in opened.values():
        weights[:, np.unique(seasonal)] *= (1 + 2.5 * days)[:, None]
    cumulative = np.concatenate([np.cumsum(p) / p.sum() for p in np.split(catalogue.popularity, start[1:])])
    newest = np.full(count, -1)
    newest[catalogue.category[catalogue.launched >= 0]] = np.flatnonzero(catalogue.launched >= 0)
    return Shelf(np.cumsum(weights, axis=1) / weights.sum(axis=1)[:, None], start, size, cumulative, newest,
                 promotion(world.calendar, span=span))  # fmt: skip


def fill_baskets(world: World, *, people: People, orders: Orders, begin: int, end: int, shelf: Shelf) -> Basket:
    """The orders `begin` to `end` with their lines. Draws belong to this cut: call it with the same cuts for equal
    lines.
    """
    rng = stream(world.seed, name=f"baskets {begin}")
    part = slice(begin, end)
    person, at, channel = orders.person[part], orders.at[part], orders.channel[part]
    affluence = np.where(person < 0, 0.75, people.affluence[person])
    more = rng.poisson(_LINES_MORE[channel] * affluence)
    order = np.repeat(np.arange(len(person)), 1 + more)
    buyer, day = person[order], at[order] // DAY_SECONDS
    category = _categories(rng, people=people, buyer=buyer, day=day, shelf=shelf)
    product = _goods(rng, buyer=buyer, category=category, shelf=shelf)
    product = _in_season(world, product=product, day=day, people=people, buyer=buyer, shelf=shelf, rng=rng)
    _, kept = np.unique(order * 4_096 + product, return_index=True)
    order, product, buyer, day = order[kept], product[kept], buyer[kept], day[kept]
    price = world.catalogue.price[product]
    quantity = _quantities(rng, price=price)
    first = np.searchsorted(order, np.arange(len(person) + 1))
    discount = _discounts(rng, people=people, buyer=buyer, day=day, amount=price * quantity, shelf=shelf)
    return Basket(np.arange(begin, end), person, at, channel, orders.store[part], orders.associate[part],
                  first, product, quantity, price, discount)  # fmt: skip


def chosen(basket: Basket, where: Flags) -> Basket:
    """The orders where the flag is set, with their lines."""
    lines = np.repeat(where, np.diff(basket.first))
    sizes = np.diff(basket.first)[where]
    return Basket(
        basket.index[where], basket.person[where], basket.at[where], basket.channel[where], basket.store[where],
        basket.associate[where], np.concatenate([[0], np.cumsum(sizes)]), basket.product[lines], basket.quantity[lines],
        basket.price[lines], basket.discount[lines],
    )  # fmt: skip


def share_out(amount: Ints, *, weights: Ints, first: Ints) -> Ints:
    """Splits an amount of each order over its lines in proportion to their weights; the parts sum to it exactly.

    Bounds: weights are at least 0 and an order's weights sum to more than 0 wherever its amount is not 0.
    """
    running = np.concatenate([[0], np.cumsum(weights)])
    order = np.repeat(np.arange(len(amount)), np.diff(first))
    base, total = running[first[:-1]], running[first[1:]] - running[first[:-1]]
    safe = np.maximum(total, 1)[order]
    upto = (running[1:] - base[order]) * amount[order] // safe
    before = (running[:-1] - base[order]) * amount[order] // safe
    return np.asarray(upto - before, dtype=np.int64)


def with_discount(basket: Basket, amount: Ints) -> Basket:
    """The basket with an order discount spread over its lines by what they cost."""
    return replace(basket, discount=basket.discount + share_out(amount, weights=basket.paid, first=basket.first))


def _categories(rng: Generator, *, people: People, buyer: Ints, day: Ints, shelf: Shelf) -> Ints:
    draws, kind = rng.random(len(buyer)), rng.random(len(buyer))
    general = np.zeros(len(buyer), dtype=np.int64)
    for column in range(shelf.by_day.shape[1] - 1):
        general += draws >= shelf.by_day[day, column]
    own = np.where(kind < 0.38, people.category_first[buyer], people.category_second[buyer])
    return np.where((kind < 0.58) & (buyer >= 0), own, general).astype(np.int64)


def _goods(rng: Generator, *, buyer: Ints, category: Ints, shelf: Shelf) -> Ints:
    """A person's own favourite of the category, or one by popularity."""
    favourite = unit(scramble(buyer * 64 + category, salt=11), salt=12)
    draws = np.where((rng.random(len(buyer)) < 0.42) & (buyer >= 0), favourite, rng.random(len(buyer)))
    position = np.zeros(len(buyer), dtype=np.int64)
    for step in range(int(shelf.size.max()) - 1):
        edge = np.minimum(step, shelf.size[category] - 1)
        position += (step < shelf.size[category] - 1) & (draws >= shelf.cumulative[shelf.start[category] + edge])
    return np.asarray(shelf.start[category] + position, dtype=np.int64)


def _in_season(
    world: World, *, product: Ints, day: Ints, people: People, buyer: Ints, shelf: Shelf, rng: Generator
) -> Ints:
    """Swaps goods that are not sold on the day for the last of their category, and gives new goods to those who love
    them.
    """
    catalogue = world.catalogue
    category = catalogue.category[product]
    last = shelf.start[category] + shelf.size[category] - 1
    steady = np.where(catalogue.launched[last] >= 0, last - 1, last)
    opened = season_open(world.calendar, span=world.span)
    missing = day < catalogue.launched[product]
    for position, season in enumerate(catalogue.season):
        if season:
            sold = opened.get(season, np.zeros(world.span.days))
            missing |= (product == position) & (sold[day] == 0)
    settled = np.where(missing, steady, product)
    newest = shelf.novelty[category]
    age = day - catalogue.launched[newest]
    tries = (newest >= 0) & (age >= 0) & (age < 90) & (buyer >= 0)
    tries &= rng.random(len(buyer)) < people.novelty[buyer] * 0.8
    return np.where(tries, newest, settled).astype(np.int64)


def _quantities(rng: Generator, *, price: Ints) -> Ints:
    more = np.where(price < 4_000, 0.32, np.where(price < 10_000, 0.12, 0.03))
    return np.asarray(rng.geometric(1 - more), dtype=np.int64)


def _discounts(rng: Generator, *, people: People, buyer: Ints, day: Ints, amount: Ints, shelf: Shelf) -> Ints:
    """Discounts in tenths of a yuan, rounded down; sensitive people find them more often."""
    sensitivity = np.where(buyer < 0, 0.4, people.sensitivity[buyer])
    found = rng.random(len(buyer)) < shelf.promotion[day] * (0.5 + sensitivity)
    depth = _DEPTHS[rng.integers(0, len(_DEPTHS), len(buyer))]
    return np.where(found, amount * depth // 1_000 * 10, 0).astype(np.int64)
