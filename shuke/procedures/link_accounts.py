"""Accounts follow their customers: of one customer they show one balance, of two they stand apart again.

A customer id stands on each account and is never rewritten; whom it stands for today the last resolution knows. So the
job compares what is with what should be and converges, however often it runs and wherever it was stopped. It comes
after the resolution was published, for the ledger writes through a connection of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shuke.access.rules import Permission, require
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.errors import ShukeError
from shuke.kernel.ids import stable_hash
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import Reader, open_reader
from shuke.lake.rules import literal
from shuke.loyalty.actions import write
from shuke.loyalty.actions.linking import link_customers
from shuke.loyalty.queries.links import LinkedAccount, accounts, accounts_without_customer, merged_here
from shuke.loyalty.values.commands import Command, Merge, Split

CLIENT = "link_accounts"
Progress = Callable[[str], None]
_ASKED = 5_000


@dataclass(frozen=True)
class Linked:
    """Accounts that were given their customer, merged into another of the same one, or parted; and refusals."""

    found: int
    merged: int
    parted: int
    refused: int


def link_accounts(actor: Actor, *, workspace: Workspace, now: datetime, progress: Progress) -> Linked:
    """Gives accounts without a customer theirs, merges accounts of one customer, parts those that this job merged."""
    require(actor, Permission.WORK_LOYALTY)
    with open_reader(SYSTEM, workspace) as lake:
        found = _find(actor, lake=lake)
        every = accounts(actor)
        living = _living(lake, every)
    if not every:
        return Linked(0, 0, 0, 0)
    ours = merged_here(actor, client=CLIENT)
    commands = [*_splits(every, living=living, ours=ours, now=now), *_merges(every, living=living, ours=ours, now=now)]
    merged = parted = refused = 0
    for command, answer in zip(commands, write(actor, commands=commands, now=now), strict=True):
        is_refused = isinstance(answer, ShukeError)
        refused += is_refused
        merged += isinstance(command, Merge) and not is_refused
        parted += isinstance(command, Split) and not is_refused
    if merged or parted:
        progress(f"{merged} accounts joined, {parted} parted")
    return Linked(found, merged, parted, refused)


def _find(actor: Actor, *, lake: Reader) -> int:
    """Gives accounts that were opened without a customer the one whose card or member number theirs is."""
    waiting = accounts_without_customer(actor)
    if not waiting or not lake.has("customer_lookup"):
        return 0
    pairs: dict[int, int] = {}
    for start in range(0, len(waiting), _ASKED):
        part = waiting[start : start + _ASKED]
        hashes = {stable_hash(member): account for account, member in part}
        rows = lake.rows(
            "select value_hash, min(customer_id) as customer_id from customer_lookup"
            f" where type in ('card', 'member_id') and value_hash in {literal(list(hashes))}"
            " group by value_hash having min(customer_id) = max(customer_id)"
        )
        pairs |= {hashes[row["value_hash"]]: int(row["customer_id"]) for row in rows}
    return link_customers(actor, customers=pairs)


def _living(lake: Reader, every: Sequence[LinkedAccount]) -> Mapping[int, int]:
    """Whom each account's customer id stands for today."""
    if not every or not lake.has("customer_aliases"):
        return {one.account: one.customer for one in every}
    led = lake.arrow("select alias_id, customer_id from customer_aliases")
    leads = dict(zip(led["alias_id"].to_pylist(), led["customer_id"].to_pylist(), strict=True))
    return {one.account: leads.get(one.customer, one.customer) for one in every}


def _splits(
    every: Sequence[LinkedAccount], *, living: Mapping[int, int], ours: Mapping[int, int], now: datetime
) -> list[Command]:
    """Accounts that this job merged into one whose customer is another today."""
    return [
        Split(
            client=CLIENT, key=f"split:{one.account}:{ours[one.account]}", at=now, member=one.member,
            reason="customer split",
        )
        for one in every
        if one.merged_into is not None and one.account in ours
        and living[one.account] != living.get(one.group, living[one.account])
    ]  # fmt: skip


def _merges(
    every: Sequence[LinkedAccount], *, living: Mapping[int, int], ours: Mapping[int, int], now: datetime
) -> list[Command]:
    """Accounts of one customer in different groups: into that of the id that lives on, else into the oldest."""
    by_customer: dict[int, list[LinkedAccount]] = defaultdict(list)
    for one in every:
        by_customer[living[one.account]].append(one)
    found: list[Command] = []
    for customer, own in by_customer.items():
        kept = min(own, key=lambda one: (one.customer != customer, one.account))
        groups = {kept.group}
        for one in sorted(own, key=lambda one: one.account):
            is_parted = one.group != one.account and living.get(one.group) != customer and one.account in ours
            if one.group in groups and not is_parted:
                continue
            groups.add(one.group)
            key = f"merge:{one.account}:{ours.get(one.account, 0) + 1}"
            found.append(
                Merge(client=CLIENT, key=key, at=now, kept=kept.member, other=one.member, reason="one customer")
            )
    return found
