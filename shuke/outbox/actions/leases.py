"""Leases: who does a job now."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.outbox.models import Lease


def take_lease(actor: Actor, *, name: str, holder: str, now: datetime, seconds: int) -> bool:
    """Takes or renews the lease of a job until `now + seconds`; False where somebody else holds it still."""
    require(actor, Permission.EDIT_SETTINGS)
    until = now + timedelta(seconds=seconds)
    mine = Lease.objects.filter(Q(until__lte=now) | Q(holder=holder), name=name)
    if mine.update(holder=holder, until=until):
        return True
    if Lease.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, holder=holder, until=until)
    except IntegrityError:
        return False
    return True


def give_back(actor: Actor, *, name: str, holder: str) -> None:
    """Ends a lease of one's own, so that the next one need not wait for its end."""
    require(actor, Permission.EDIT_SETTINGS)
    Lease.objects.filter(name=name, holder=holder).delete()
