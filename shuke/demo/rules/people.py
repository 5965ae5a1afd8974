"""Draws the people: who they are, how they buy, and which identities they carry."""

from dataclasses import replace

import numpy as np

from shuke.demo.rules.chance import pick, stream, unit
from shuke.demo.values import NEVER, Channel, Flags, Floats, Ints, People, Profile, World

Generator = np.random.Generator

_MEAN_GAP_DAYS = 78.0
_MEAN_LIFE_DAYS = 520.0
_EXISTING_SHARE = 0.42
_ONLINE = (Channel.YOUZAN, Channel.TMALL, Channel.JD)


def draw_people(world: World, *, customers: int, profile: Profile) -> People:
    """Customers, then one staff person for each associate and cashier of the chain."""
    rng = stream(world.seed, name="people")
    chain = world.chain
    staff = len(chain.associates) + len(chain.cashiers)
    count = customers + staff
    is_staff = np.arange(count) >= customers
    store = pick(rng.random(count), cumulative=np.cumsum(chain.weight))
    store[customers:] = np.concatenate(
        [
            np.arange(len(chain.associates)) // chain.associates_each,
            np.arange(len(chain.cashiers)) // chain.cashiers_each,
        ]
    )
    entered, left = _lives(rng, is_staff=is_staff, days=world.span.days)
    female = rng.random(count) < 0.66
    first, second, loyalty = _channels(rng, count=count, profile=profile, is_staff=is_staff)
    category_first, category_second = _tastes(rng, world=world, count=count)
    people = People(
        customers=customers,
        female=female,
        surname=pick(rng.random(count), cumulative=np.cumsum(world.names.surname_share)),
        given_first=rng.integers(0, 50, count),
        given_second=np.where(rng.random(count) < 0.22, -1, rng.integers(0, 50, count)),
        born=world.span.epoch_day - (rng.normal(37, 11, count).clip(19, 82) * 365.25).astype(np.int64),
        store=store,
        associate=store * chain.associates_each + rng.integers(0, chain.associates_each, count),
        entered=entered,
        left=left,
        rate=np.where(
            is_staff, 1 / 16, profile.pace * rng.gamma(1.3, 1 / (1.3 * _MEAN_GAP_DAYS), count).clip(1 / 400, 1 / 4)
        ),
        shape=rng.gamma(4.0, 0.6, count).clip(0.7, 8.0),
        sensitivity=rng.beta(2.0, 2.4, count),
        response=rng.beta(1.4, 3.6, count),
        novelty=rng.beta(1.2, 3.5, count),
        affluence=rng.lognormal(0.0, 0.28, count),
        category_first=category_first,
        category_second=category_second,
        channel_first=first,
        channel_second=second,
        channel_loyalty=loyalty,
        phone=_phones(np.arange(count), world=world),
        phone_later=np.zeros(count, dtype=np.int64),
        changed=np.full(count, NEVER),
        registered=np.full(count, NEVER),
        card=np.zeros(count, dtype=np.int64),
        card_later=np.zeros(count, dtype=np.int64),
        contact=np.full(count, NEVER),
        shares_with=np.full(count, -1),
        recycled_from=np.full(count, -1),
    )
    return _phone_stories(_enrolled(people, rng=rng, days=world.span.days), rng=rng, world=world)


def _lives(rng: Generator, *, is_staff: Flags, days: int) -> tuple[Floats, Floats]:
    """Entry and hidden dropout. Four in ten came before the span; their remaining life is drawn from day 0 on."""
    count = len(is_staff)
    existing = (rng.random(count) < _EXISTING_SHARE) | is_staff
    entered = np.where(existing, -rng.uniform(1, 700, count), rng.beta(1.0, 1.15, count) * days)
    hazard = rng.gamma(1.6, 1 / (1.6 * _MEAN_LIFE_DAYS), count)
    life = rng.exponential(1.0, count) / hazard.clip(1e-5) * np.where(existing, 1.5, 1.0)
    left = np.where(is_staff, float(NEVER), np.maximum(entered, 0) + life.clip(0, NEVER / 2))
    return entered, left


def _channels(rng: Generator, *, count: int, profile: Profile, is_staff: Flags) -> tuple[Ints, Ints, Floats]:
    cumulative = np.cumsum(profile.channel_share)
    first = np.where(is_staff, int(Channel.POS), pick(rng.random(count), cumulative=cumulative))
    second = pick(rng.random(count), cumulative=cumulative)
    loyalty = np.where(is_staff, 1.0, rng.beta(5.0, 1.6, count))
    return first.astype(np.int64), second, loyalty


def _tastes(rng: Generator, *, world: World, count: int) -> tuple[Ints, Ints]:
    cumulative = np.cumsum(world.catalogue.category_weight)
    return pick(rng.random(count), cumulative=cumulative), pick(rng.random(count), cumulative=cumulative)


def _phones(keys: Ints, *, world: World) -> Ints:
    """A number for each key, all different: a walk over all eight-digit tails behind a real prefix."""
    tails = (keys * 61_803_399 + 27_182_819 + world.seed % 9_973) % 100_000_000
    prefixes = world.names.prefixes[(unit(keys, salt=3) * len(world.names.prefixes)).astype(np.int64)]
    return np.asarray(prefixes * 100_000_000 + tails, dtype=np.int64)


def _enrolled(people: People, *, rng: Generator, days: int) -> People:
    """Who holds a card from which day, and who is a WeCom contact; nobody is left without any identity."""
    count = people.count
    in_store = (people.channel_first == Channel.POS) | (people.channel_second == Channel.POS)
    wants = rng.random(count) < np.where(people.channel_first == Channel.POS, 0.93, np.where(in_store, 0.55, 0.22))
    contact = rng.random(count) < np.where(in_store, 0.42, 0.16)
    online = np.isin(people.channel_first, _ONLINE) | np.isin(people.channel_second, _ONLINE)
    wants |= ~(contact | online)
    wants[people.customers :] = True
    begin = np.floor(people.entered).astype(np.int64)
    later = np.where(rng.random(count) < 0.75, 0, rng.exponential(35, count)).astype(np.int64)
    registered = np.where(wants, begin + later, NEVER)
    added = np.where(contact, np.maximum(begin, -420) + rng.exponential(40, count).astype(np.int64), NEVER)
    card = np.where(wants, 880_000_000_000 + np.arange(count) * 37 + 11, 0)
    return replace(
        people,
        registered=np.where(registered >= days, NEVER, registered),
        card=np.where(registered >= days, 0, card),
        contact=np.where(added >= days, NEVER, added),
    )


def _phone_stories(people: People, *, rng: Generator, world: World) -> People:
    """Changed numbers, second cards, numbers that pass on to another person, and numbers that a family shares."""
    count, days = people.count, world.span.days
    phone = people.phone.copy()
    ordinary = np.arange(count) < people.customers
    changes = ordinary & (rng.random(count) < 0.05)
    changed = np.where(changes, rng.integers(days // 24, int(days * 0.8), count), NEVER)
    phone_later = np.where(changes, _phones(np.arange(count) + count, world=world), 0)
    has_second = changes & (people.registered < changed) & (rng.random(count) < 0.6)
    card_later = np.where(has_second, 990_000_000_000 + np.arange(count) * 37 + 5, 0)
    recycled_from = np.full(count, -1)
    givers = np.flatnonzero(changes & (changed < days * 0.55))
    takers = np.flatnonzero(ordinary & ~changes & (people.entered > days * 0.55 + 120))
    pairs = min(len(givers), len(takers), max(3, people.customers // 300))
    givers, takers = rng.permutation(givers)[:pairs], rng.permutation(takers)[:pairs]
    phone[takers] = phone[givers]
    recycled_from[takers] = givers
    shares_with = _families(people, rng=rng, free=ordinary & ~changes & (recycled_from < 0))
    partners = np.flatnonzero(shares_with >= 0)
    phone[partners] = phone[shares_with[partners]]
    return replace(
        people, phone=phone, phone_later=phone_later, changed=changed, card_later=card_later,
        shares_with=shares_with, recycled_from=recycled_from,
    )  # fmt: skip


def _families(people: People, *, rng: Generator, free: Flags) -> Ints:
    """Pairs of members of one store of whom the second gives the first one's number; one in thirty shares or is
    shared.
    """
    shares_with = np.full(people.count, -1)
    ready = np.flatnonzero(free & (people.registered < NEVER) & (rng.random(people.count) < 0.045))
    ready = ready[np.argsort(people.store[ready], kind="stable")]
    one, other = ready[0 : len(ready) - 1 : 2], ready[1::2]
    same = people.store[one] == people.store[other]
    shares_with[other[same]] = one[same]
    return shares_with
