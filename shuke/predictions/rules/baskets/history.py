"""What a customer's own baskets say of an item, and what all customers' baskets say of it."""

from dataclasses import dataclass

import numpy as np

from shuke.predictions.rules.baskets.coding import Array, Lines

# How fast baskets are forgotten, from half in two baskets to half in twenty-three.
DECAYS = (0.7, 0.9, 0.97)
# An item's own share of being bought again counts like the shop's until so many chances have been seen.
_CHANCES = 5.0


@dataclass(frozen=True)
class Own:
    """One row a customer and item bought: in how many baskets, decayed counts, how many baskets ago last and first."""

    key: Array
    customer: Array
    item: Array
    times: Array
    decayed: tuple[Array, ...]
    last: Array
    first: Array


@dataclass(frozen=True)
class People:
    """Per customer: baskets, mean size, size of the last basket, distinct items, share of lines that were repeats."""

    baskets: Array
    size: Array
    last_size: Array
    distinct: Array
    repeats: Array


@dataclass(frozen=True)
class Goods:
    """Per item: buyers, lines, lines in last baskets, share who bought it again, chance to be bought again a basket.

    `fresh` counts the customers whose last basket was the first with it.
    """

    buyers: Array
    lines: Array
    in_last: Array
    rebuyers: Array
    again: Array
    fresh: Array


@dataclass(frozen=True)
class History:
    """All of it, of the lines before the basket to foretell; `age` is 1 for a customer's last basket."""

    lines: Lines
    age: Array
    own: Own
    people: People
    goods: Goods


def history(lines: Lines) -> History:
    """The sums over `lines`, in one sort."""
    total, count = len(lines.customers), len(lines.items)
    baskets = lines.baskets()
    age = baskets[lines.customer] - lines.basket
    own = _own(lines, age, count)
    sizes = np.bincount(lines.customer, minlength=total)
    distinct = np.bincount(own.customer, minlength=total)
    people = People(
        baskets,
        sizes / np.maximum(baskets, 1),
        np.bincount(lines.customer[age == 1], minlength=total),
        distinct,
        1 - distinct / np.maximum(sizes, 1),
    )
    return History(lines, age, own, people, _goods(lines, age, own, baskets))


def _own(lines: Lines, age: Array, count: int) -> Own:
    key = lines.customer * max(count, 1) + lines.item
    order = np.lexsort((-age, key))
    key, age = key[order], age[order]
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.empty(0, np.int64)
    times = np.diff(np.r_[starts, len(key)])
    decayed = tuple(np.add.reduceat(decay ** (age - 1.0), starts) if len(key) else np.empty(0) for decay in DECAYS)
    return Own(
        key[starts],
        key[starts] // max(count, 1),
        key[starts] % max(count, 1),
        times,
        decayed,
        age[starts + times - 1] if len(key) else age,
        age[starts],
    )


def _goods(lines: Lines, age: Array, own: Own, baskets: Array) -> Goods:
    count = len(lines.items)
    buyers = np.bincount(own.item, minlength=count).astype(float)
    sold = np.bincount(lines.item, minlength=count).astype(float)
    chances = np.bincount(own.item, weights=own.first - 1.0, minlength=count)
    shop = (sold - buyers).sum() / max(chances.sum(), 1.0)
    is_fresh = (own.first == 1) & (baskets[own.customer] > 1)
    return Goods(
        buyers,
        sold,
        np.bincount(lines.item[age == 1], minlength=count).astype(float),
        np.bincount(own.item[own.times > 1], minlength=count) / np.maximum(buyers, 1),
        (sold - buyers + _CHANCES * shop) / (chances + _CHANCES),
        np.bincount(own.item[is_fresh], minlength=count).astype(float),
    )
