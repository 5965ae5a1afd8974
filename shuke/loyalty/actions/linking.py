"""The customer behind an account."""

from collections.abc import Mapping

from django.db import connection, transaction

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor


def link_customers(actor: Actor, *, customers: Mapping[int, int]) -> int:
    """Writes the customer on accounts that have none; `customers` by account. Returns how many."""
    require(actor, Permission.WORK_LOYALTY)
    if not customers:
        return 0
    rows = [(customer, account) for account, customer in sorted(customers.items())]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany("update loyalty_account set customer_id = %s where id = %s and customer_id is null", rows)
    return len(rows)
