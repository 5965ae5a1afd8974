"""The identities that people show: names, phones, cards, and the ids that platforms give them."""

import numpy as np
import pyarrow as pa

from shuke.demo.rules import lettering as text
from shuke.demo.rules.chance import unit
from shuke.demo.values import Flags, Ints, People, World


def full_names(world: World, *, people: People, ids: Ints) -> pa.Array:
    """Names of people; empty for nobody (-1)."""
    book, safe = world.names, np.maximum(ids, 0)
    parts = [text.words(book.surnames, at=people.surname[safe])]
    for given in (people.given_first[safe], people.given_second[safe]):
        hers, his = text.words(book.female, at=given), text.words(book.male, at=given)
        parts.append(text.keep(hers, where=people.female[safe], otherwise=his))
    staff = (*world.chain.associates, *world.chain.cashiers)
    is_staff = ids >= people.customers
    named = text.keep(
        text.words(staff, at=np.where(is_staff, ids - people.customers, -1)),
        where=is_staff,
        otherwise=text.glue(*parts),
    )
    return text.keep(named, where=ids >= 0)


def nicknames(world: World, *, ids: Ints) -> pa.Array:
    """What people call themselves in WeChat; a third add two digits."""
    options = world.names.nicknames
    chosen = text.words(options, at=np.where(ids < 0, -1, (unit(ids, salt=41) * len(options)).astype(np.int64)))
    tail = text.digits((unit(ids, salt=42) * 100).astype(np.int64), width=2)
    return text.glue(chosen, text.keep(tail, where=(unit(ids, salt=43) < 0.33) & (ids >= 0)))


def phones_on(people: People, *, ids: Ints, day: Ints) -> Ints:
    """The number that each person uses on a day; 0 for nobody."""
    safe = np.maximum(ids, 0)
    number = np.where(day >= people.changed[safe], people.phone_later[safe], people.phone[safe])
    return np.where(ids < 0, 0, number).astype(np.int64)


def cards_on(people: People, *, ids: Ints, day: Ints) -> Ints:
    """The member card that each person shows on a day; 0 for nobody and before the registration."""
    safe = np.maximum(ids, 0)
    later = (day >= people.changed[safe]) & (people.card_later[safe] > 0)
    card = np.where(later, people.card_later[safe], people.card[safe])
    return np.where((ids < 0) | (day < people.registered[safe]), 0, card).astype(np.int64)


def phone_text(numbers: Ints) -> pa.Array:
    """Eleven digits; empty for 0."""
    return text.keep(text.digits(numbers, width=11), where=numbers > 0)


def card_text(numbers: Ints) -> pa.Array:
    """Twelve digits; empty for 0."""
    return text.keep(text.digits(numbers, width=12), where=numbers > 0)


def union_ids(ids: Ints) -> pa.Array:
    """The WeChat id of a person over all programmes of one company."""
    return text.glue("oHl", text.codes(ids, width=25, salt=100))


def external_users(ids: Ints) -> pa.Array:
    """The WeCom id of a contact."""
    return text.glue("wmHL", text.codes(ids, width=28, salt=200))


def tmall_nicks(ids: Ints, *, index: Ints) -> tuple[pa.Array, Flags]:
    """The buyer name on a Tmall order and whether it is whole: one order in six shows it masked."""
    whole = unit(index, salt=51) >= 0.16
    nicks = text.glue("tb", text.codes(ids, width=10, salt=300))
    return text.keep(nicks, where=whole, otherwise="t**"), whole


def jd_accounts(ids: Ints) -> pa.Array:
    """The account name on a JD order."""
    return text.glue("jd_", text.codes(ids, width=12, salt=400))


def shares_unionid(ids: Ints) -> Flags:
    """Whether the shop knows the WeChat id of the person's member card."""
    return np.asarray(unit(ids, salt=61) < 0.55)
