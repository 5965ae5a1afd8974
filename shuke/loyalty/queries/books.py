"""What later jobs must know of the ledger as a whole: its members by customer, and the orders it has seen."""

from datetime import date
from zoneinfo import ZoneInfo

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.loyalty.models import Account, Order


def members_by_customer(actor: Actor, *, zone: str) -> list[tuple[int, str, date]]:
    """Customer, member number and the local day of opening of each account with a customer, by account."""
    require(actor, Permission.SEE_LOYALTY)
    local = ZoneInfo(zone)
    found = Account.objects.filter(customer_id__isnull=False, closed_at__isnull=True).order_by("id")
    rows = found.values_list("customer_id", "member_no", "opened_at")
    return [
        (customer, member, at.astimezone(local).date()) for customer, member, at in rows.iterator(10_000) if customer
    ]


def known_orders(actor: Actor, *, role: str = "earn") -> list[tuple[str, str, int]]:
    """Channel, number and what was refunded of each order that has earned (or burned)."""
    require(actor, Permission.SEE_LOYALTY)
    found = Order.objects.filter(role=role).order_by("id")
    return list(found.values_list("source", "order_no", "refunded_minor").iterator(10_000))


def order_is_known(actor: Actor, *, programme: str, source: str, order_no: str) -> bool:
    """Whether an order has earned already."""
    require(actor, Permission.SEE_LOYALTY)
    return Order.objects.filter(programme=programme, source=source, order_no=order_no, role="earn").exists()
