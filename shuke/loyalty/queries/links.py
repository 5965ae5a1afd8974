"""Accounts with the customers and groups that they stand in."""

from collections.abc import Mapping
from typing import NamedTuple

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.loyalty.models import Account, Txn


class LinkedAccount(NamedTuple):
    """An account with a customer; `merged_into` None where it stands for itself."""

    account: int
    member: str
    customer: int
    group: int
    merged_into: int | None


def accounts(actor: Actor) -> list[LinkedAccount]:
    """Every account with a customer, the oldest first."""
    require(actor, Permission.SEE_LOYALTY)
    found = Account.objects.filter(customer_id__isnull=False).order_by("id")
    rows = found.values_list("id", "member_no", "customer_id", "group_id", "merged_into_id")
    return [LinkedAccount._make(row) for row in rows.iterator(10_000)]


def accounts_without_customer(actor: Actor) -> list[tuple[int, str]]:
    """Accounts whose customer is not known yet, with their member numbers."""
    require(actor, Permission.SEE_LOYALTY)
    found = Account.objects.filter(customer_id__isnull=True, closed_at__isnull=True).order_by("id")
    return list(found.values_list("id", "member_no").iterator(10_000))


def member_numbers(actor: Actor) -> list[str]:
    """Every member number that has an account."""
    require(actor, Permission.SEE_LOYALTY)
    return list(Account.objects.order_by("id").values_list("member_no", flat=True).iterator(10_000))


def merged_here(actor: Actor, *, client: str) -> Mapping[int, int]:
    """How often a client has merged each account away; its keys are `merge:<account>:<time>`."""
    require(actor, Permission.SEE_LOYALTY)
    times: dict[int, int] = {}
    keys = Txn.objects.filter(client=client, kind="merge").values_list("key", flat=True)
    for key in keys.iterator(10_000):
        account = int(key.split(":")[1])
        times[account] = times.get(account, 0) + 1
    return times
