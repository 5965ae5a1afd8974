"""Draws the orders: each person's own clock, dropout, channel and store; and the walk-ins."""

import numpy as np

from shuke.demo.rules.chance import pick, stream
from shuke.demo.rules.seasons import SENSITIVITY_GROUPS, channel_boost, demand
from shuke.demo.values import DAY_SECONDS, Channel, Floats, Ints, Orders, People, Profile, World

Generator = np.random.Generator

_LONGEST_HISTORY = 2_000
_NEAR = (int(Channel.POS), int(Channel.MEITUAN))


def draw_orders(world: World, *, people: People, profile: Profile) -> Orders:
    """All orders of the span by time. Times are true times; what a till writes down may differ."""
    rng = stream(world.seed, name="orders")
    boost = channel_boost(world.calendar, span=world.span)
    person, when = _own_clocks(rng, people=people, curves=_curves(boost, profile=profile))
    day = when.astype(np.int64)
    channel = _channels(rng, people=people, person=person, boost=boost[:, day])
    store = _stores(rng, world=world, home=people.store[person])
    walk_ins = round(profile.walk_in_share * int((channel == Channel.POS).sum()))
    days_of_walk_ins = pick(rng.random(walk_ins), cumulative=np.cumsum(boost[Channel.POS]))
    day = np.concatenate([day, days_of_walk_ins])
    channel = np.concatenate([channel, np.full(walk_ins, int(Channel.POS))])
    store = np.concatenate([store, pick(rng.random(walk_ins), cumulative=np.cumsum(world.chain.weight))])
    person = np.concatenate([person, np.full(walk_ins, -1)])
    at = day * DAY_SECONDS + _seconds(rng, world=world, channel=channel)
    order = np.argsort(at, kind="stable")
    associate = _associates(rng, world=world, store=store)
    return Orders(person[order], at[order], channel[order], store[order], associate[order])


def _own_clocks(rng: Generator, *, people: People, curves: Floats) -> tuple[Ints, Floats]:
    """Person and time in days of each purchase.

    Gaps are gamma distributed in a time that runs faster on days of high demand (a renewal process in operational
    time).
    New people buy on the day they enter; of older ones the first gap is already partly over.
    """
    days = curves.shape[1]
    edges = np.arange(days + 1, dtype=np.float64)
    clocks = np.concatenate([np.zeros((len(curves), 1)), np.cumsum(curves, axis=1)], axis=1)
    group = _group(people)
    found_person, found_time = [], []
    for number, clock in enumerate(clocks):
        ids = np.flatnonzero(group == number)
        fresh = people.entered[ids] >= 0
        partly = rng.random(len(ids)) * rng.gamma(people.shape[ids]) / people.shape[ids] / people.rate[ids]
        now = np.where(fresh, np.interp(people.entered[ids].clip(0), edges, clock), partly)
        end = np.interp(np.minimum(people.left[ids], days), edges, clock)
        for _ in range(_LONGEST_HISTORY):
            alive = now < end
            ids, now, end = ids[alive], now[alive], end[alive]
            if not len(ids):
                break
            found_person.append(ids)
            found_time.append(np.interp(now, clock, edges))
            now = now + rng.gamma(people.shape[ids]) / (people.shape[ids] * people.rate[ids])
    return np.concatenate(found_person), np.concatenate(found_time).clip(0, days - 1e-6)


def _curves(boost: Floats, *, profile: Profile) -> Floats:
    """Demand by group: people who mostly buy in stores, then those who mostly buy online, each by price sensitivity."""
    share = np.asarray(profile.channel_share)
    near = np.isin(np.arange(len(share)), _NEAR)
    return np.concatenate(
        [demand(boost, channel_share=share * np.where(near == mostly, 0.85, 0.15)) for mostly in (True, False)]
    )


def _group(people: People) -> Ints:
    """The row of `_curves` that moves each person."""
    level = np.minimum((people.sensitivity * SENSITIVITY_GROUPS).astype(np.int64), SENSITIVITY_GROUPS - 1)
    return np.where(np.isin(people.channel_first, _NEAR), level, level + SENSITIVITY_GROUPS).astype(np.int64)


def _channels(rng: Generator, *, people: People, person: Ints, boost: Floats) -> Ints:
    """The first or second channel of the person, weighed by what the day favours."""
    first, second = people.channel_first[person], people.channel_second[person]
    rows = np.arange(len(person))
    loyal = people.channel_loyalty[person]
    one, two = loyal * boost[first, rows], (1 - loyal) * boost[second, rows]
    return np.where(rng.random(len(person)) * (one + two) < one, first, second).astype(np.int64)


def _stores(rng: Generator, *, world: World, home: Ints) -> Ints:
    """The home store mostly, sometimes another of the same city, rarely any other."""
    city = np.array([world.chain.city.index(name) for name in world.chain.city])
    weights = world.chain.weight[None, :] * np.where(city[:, None] == city[None, :], 1.0, 0.06)
    cumulative = np.cumsum(weights, axis=1)
    draws = rng.random(len(home)) * cumulative[home, -1]
    strayed = (draws[:, None] >= cumulative[home]).sum(axis=1)
    return np.where(rng.random(len(home)) < 0.88, home, strayed).astype(np.int64)


def _seconds(rng: Generator, *, world: World, channel: Ints) -> Ints:
    """Second of the day by the hours of the kind of channel."""
    hours = np.empty(len(channel), dtype=np.int64)
    calendar = world.calendar
    kinds = (
        (channel == Channel.POS, calendar.hours_store),
        (channel == Channel.MEITUAN, calendar.hours_delivery),
        ((channel != Channel.POS) & (channel != Channel.MEITUAN), calendar.hours_online),
    )
    for where, weights in kinds:
        hours[where] = pick(rng.random(int(where.sum())), cumulative=np.cumsum(weights))
    return hours * 3_600 + rng.integers(0, 3_600, len(channel))


def _associates(rng: Generator, *, world: World, store: Ints) -> Ints:
    """Who served: some serve twice as many as others; one receipt in twelve names nobody."""
    each = world.chain.associates_each
    served = pick(rng.random(len(store)), cumulative=np.cumsum(np.linspace(1.4, 0.7, each)))
    return np.where(rng.random(len(store)) < 0.08, -1, store * each + served).astype(np.int64)
