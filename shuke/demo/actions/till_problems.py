"""Which receipts of the till each planted problem touches."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from shuke.demo.actions.session import Session
from shuke.demo.rules.till import Receipts
from shuke.demo.values import Flags, Ints


@dataclass(frozen=True)
class Shown:
    """Receipts with what they show of the customer."""

    receipts: Receipts
    card: Ints
    phone: Ints
    dummy: Flags
    cashier: Flags


def till_problems(
    session: Session, *, shown: Shown, plain: Flags, copied: Flags, named: Flags
) -> Iterator[tuple[str, Flags, str, str]]:
    """Code, the receipts touched, store and note of each problem of the till."""
    receipts, planted, people, names = shown.receipts, session.planted, session.people, session.world.chain.name
    basket = receipts.basket
    safe = np.maximum(basket.person, 0)
    person_named = (basket.person >= 0) & named
    orphan = receipts.is_return & (basket.day < planted.orphan_days)
    slow = (basket.store == planted.slow_store) & (basket.day >= planted.slow_from) & (basket.day < planted.slow_to)
    stopped = (basket.store == planted.stopped_store) & (basket.day >= planted.stopped_from)
    shared = np.zeros(people.count, np.bool_)
    partners = people.shares_with >= 0
    shared[partners] = True
    shared[people.shares_with[partners]] = True
    recycled = people.recycled_from >= 0
    units = basket.total(np.abs(basket.quantity))
    cashier = session.world.chain.cashiers[max(planted.cashier_store, 0) * session.world.chain.cashiers_each]
    yield (
        "store_stopped_registering",
        stopped & ~copied,
        names[planted.stopped_store],
        "from this day no receipt names a member",
    )
    yield "clock_skew", slow, names[planted.slow_store], "the till's clock is 8 hours slow"
    yield "cashier_phone", shown.cashier, names[planted.cashier_store], f"the phone of {cashier} on receipts of others"
    yield "dummy_phone", shown.dummy, "", "13800138000, 11111111111 and the like"
    yield "no_member", plain & ~named, "", "sales without a member behind them"
    yield (
        "return_original_blank",
        receipts.is_return & ~orphan & (receipts.original == 0),
        "",
        "the till did not write the original",
    )
    yield "return_without_original", orphan, "", "the original is older than the exports"
    yield "o2o_double", copied, "", "online orders picked in a store stand in the till too"
    yield "wholesale", plain & (units >= 60), "", "company purchases"
    yield "staff_purchase", person_named & (basket.person >= people.customers), "", "staff cards"
    yield (
        "shared_family_phone",
        person_named & shared[safe] & (shown.phone > 0),
        "",
        "two members of one family, one phone",
    )
    yield (
        "recycled_phone",
        person_named & recycled[safe] & (shown.phone > 0),
        "",
        "the number had belonged to another person",
    )
