"""The customer behind an account."""

from collections.abc import Mapping

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.loyalty.models import Account


def link_customers(actor: Actor, *, customers: Mapping[int, int]) -> int:
    """Writes the customer on accounts that have none; `customers` by account. Returns how many were written."""
    require(actor, Permission.WORK_LOYALTY)
    written = 0
    with transaction.atomic():
        for account, customer in customers.items():
            written += Account.objects.filter(pk=account, customer_id__isnull=True).update(customer_id=customer)
    return written
