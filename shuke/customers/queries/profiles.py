"""One customer's profile and consents, found by any id ever given out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.lake.queries import Reader


class NoSuchCustomer(ShukeError):
    """No living customer has this id, or the actor's stores may not see it."""


@dataclass(frozen=True)
class Profile:
    """What is known of a customer; personal fields are masked unless the reader is unmasked.

    `alias_ids` are the other ids that lead to this customer.
    """

    customer_id: int
    name: str | None
    phone: str | None
    email: str | None
    birthday: date | None
    gender: str | None
    city: str | None
    address: str | None
    member_id: str | None
    card: str | None
    store: str | None
    associate: str | None
    registered_on: date | None
    first_seen_on: date | None
    last_seen_on: date | None
    sources: int
    records: int
    is_member: bool
    is_staff: bool
    in_wecom: bool
    alias_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Consent:
    """The last statement about a channel and purpose; channels without one are unknown."""

    channel: str
    purpose: str
    state: str
    at: datetime
    source: str
    evidence: str | None


def living_id(lake: Reader, customer_id: int) -> int:
    """The living customer that an id leads to, as far as the reader's actor may see it; else raises NoSuchCustomer."""
    if lake.has("customer_profiles"):
        asked = "select customer_id from customer_aliases where alias_id = $id"
        led = lake.value(asked, id=customer_id) or customer_id
        if lake.value("select customer_id from customer_profiles where customer_id = $id", id=led) is not None:
            return int(led)
    raise NoSuchCustomer(
        "There is no such customer, or it is not one of your stores'.",
        hint="Search by name, phone, card or order number.",
    )


def profile(actor: Actor, *, lake: Reader, customer_id: int) -> Profile:
    """The profile behind any id ever given out; raises `NoSuchCustomer` where the actor may see none."""
    require(actor, Permission.SEE_CUSTOMERS)
    living, *others = aliases_of(actor, lake=lake, customer_id=customer_id)
    row = lake.row("select * from customer_profiles where customer_id = $id", id=living)
    return Profile(**(row or {}), alias_ids=tuple(others))


def aliases_of(actor: Actor, *, lake: Reader, customer_id: int) -> tuple[int, ...]:
    """The customer's id and every other id that leads to it: the ids under which later facts may stand."""
    require(actor, Permission.SEE_CUSTOMERS)
    living = living_id(lake, customer_id)
    rows = lake.rows("select alias_id from customer_aliases where customer_id = $id order by alias_id", id=living)
    return (living, *(int(row["alias_id"]) for row in rows))


def alias_sets(actor: Actor, *, lake: Reader, customer_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """For those of many ids that share their customer with other ids: all ids of that customer, its own included."""
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("customer_aliases"):
        return {}
    led = lake.arrow("select alias_id, customer_id from customer_aliases")
    keys, targets = led["alias_id"].to_numpy(), led["customer_id"].to_numpy()
    asked = np.fromiter(customer_ids, np.int64, len(customer_ids))
    known = np.union1d(asked, targets[np.isin(keys, asked)])
    sets: dict[int, set[int]] = {}
    for alias, target in zip(
        keys[np.isin(targets, known)].tolist(), targets[np.isin(targets, known)].tolist(), strict=True
    ):
        sets.setdefault(target, {target}).add(alias)
    whole = {number: frozenset(members) for members in sets.values() for number in members}
    return {number: whole[number] for number in asked.tolist() if number in whole}


def consents(actor: Actor, *, lake: Reader, customer_id: int) -> list[Consent]:
    """What the customer said last a channel and purpose, by channel."""
    require(actor, Permission.SEE_CUSTOMERS)
    rows = lake.rows(
        'select channel, purpose, state, "at", source, evidence from customer_consents'
        " where customer_id = $id order by channel, purpose",
        id=living_id(lake, customer_id),
    )
    return [Consent(**row) for row in rows]
