"""Where and when the data problems of the till happen, and what they change on a receipt."""

import numpy as np

from shuke.demo.rules.chance import unit
from shuke.demo.rules.identities import cards_on, phones_on
from shuke.demo.values import NEVER, Basket, Channel, Flags, Ints, People, Planted, World

DUMMY_PHONES = np.array([13_800_138_000, 11_111_111_111, 13_000_000_000, 12_345_678_901])


def plant(world: World, *, quirks: bool) -> Planted:
    """The places of the problems; without quirks none ever happens."""
    days, stores = world.span.days, len(world.chain.code)
    if not quirks:
        return Planted(-1, NEVER, -1, NEVER, NEVER, -1, NEVER, NEVER, 0.0, 0, 0.0)
    return Planted(
        stopped_store=3 % stores,
        stopped_from=days - days // 6,
        slow_store=8 % stores,
        slow_from=days * 9 // 20,
        slow_to=days * 9 // 20 + 21,
        cashier_store=11 % stores,
        cashier_from=days * 13 // 20,
        cashier_to=days * 17 // 20,
        dummy_share=0.02,
        orphan_days=12,
        wholesale_share=6e-5,
    )


def halted(planted: Planted, *, people: People) -> Ints:
    """The registration days after the one store stopped registering: who would have registered there never did."""
    stopped = (people.store == planted.stopped_store) & (people.registered >= planted.stopped_from)
    return np.where(stopped, NEVER, people.registered).astype(np.int64)


def shows_membership(world: World, *, people: People, planted: Planted, basket: Basket) -> Flags:
    """Whether a till receipt names its member: it depends on who serves, and in the stopped store from its day on
    nobody asks.
    """
    safe = np.maximum(basket.person, 0)
    skill = np.linspace(0.96, 0.80, world.chain.associates_each)
    willing = np.where(basket.associate < 0, 0.85, skill[basket.associate % world.chain.associates_each])
    willing = np.where(basket.channel == Channel.YOUZAN, 0.5, np.where(basket.channel == Channel.MEITUAN, 0.1, willing))
    willing = np.where(basket.person >= people.customers, 1.0, willing)
    shown = (basket.person >= 0) & (basket.day >= people.registered[safe]) & (unit(basket.index, salt=71) < willing)
    return np.asarray(shown & ~((basket.store == planted.stopped_store) & (basket.day >= planted.stopped_from)))


def receipt_identity(
    world: World, *, people: People, planted: Planted, basket: Basket, shown: Flags
) -> tuple[Ints, Ints, Flags, Flags]:
    """Card and phone on each till receipt (0: blank), and where the phone is a dummy or the cashier's own."""
    draw = unit(basket.index, salt=72)
    card = np.where(shown & ((draw < 0.60) | (draw >= 0.85)), cards_on(people, ids=basket.person, day=basket.day), 0)
    phone = np.where(shown & (draw < 0.85), phones_on(people, ids=basket.person, day=basket.day), 0)
    unknown = ~shown & (basket.channel == Channel.POS) & (basket.person < people.customers)
    dummy = unknown & (unit(basket.index, salt=73) < planted.dummy_share)
    where = (
        (basket.store == planted.cashier_store)
        & (basket.day >= planted.cashier_from)
        & (basket.day < planted.cashier_to)
    )
    cashier = unknown & ~dummy & where & (unit(basket.index, salt=74) < 0.5)
    typed = DUMMY_PHONES[(unit(basket.index, salt=75) ** 2 * len(DUMMY_PHONES)).astype(np.int64)]
    phone = np.where(dummy, typed, np.where(cashier, cashier_phone(world, people=people, planted=planted), phone))
    return card.astype(np.int64), phone.astype(np.int64), dummy, cashier


def cashier_phone(world: World, *, people: People, planted: Planted) -> int:
    """The number of the cashier who types it for walk-ins; 0 where none does."""
    if planted.cashier_store < 0:
        return 0
    person = people.customers + len(world.chain.associates) + planted.cashier_store * world.chain.cashiers_each
    return int(people.phone[person])


def written_time(planted: Planted, *, basket: Basket) -> Ints:
    """What the till's clock says: 8 hours less where it runs slow."""
    slow = (basket.store == planted.slow_store) & (basket.day >= planted.slow_from) & (basket.day < planted.slow_to)
    return np.where(slow, basket.at - 8 * 3_600, basket.at).astype(np.int64)
