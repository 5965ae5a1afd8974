"""Accounts that do not add up take no more writes until somebody has looked at them."""

from collections.abc import Callable
from dataclasses import replace

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.loyalty.models import Account
from shuke.loyalty.queries.reconciling import find_drift
from shuke.loyalty.values.audit import Reconciliation

Progress = Callable[[str], None]


def reconcile(actor: Actor, *, freeze: bool, progress: Progress) -> Reconciliation:
    """Compares the whole ledger with itself, and freezes each account with a drift where `freeze` is set."""
    found = find_drift(actor, progress=progress)
    if not freeze or not found.drifts:
        return found
    require(actor, Permission.MANAGE_PROGRAMME)
    reasons: dict[int, str] = {}
    for drift in found.drifts:
        told = f"reconciliation: {drift.field} is {drift.found[:40]}, entries say {drift.expected[:40]}"
        reasons.setdefault(drift.account_id, told)
    frozen = 0
    with transaction.atomic():
        for account, reason in reasons.items():
            frozen += Account.objects.filter(pk=account, frozen_reason="").update(frozen_reason=reason[:200])
            note(actor, "freeze_account", object_type="member", object_id=account, reason=reason)
    return replace(found, frozen=frozen)


def unfreeze(actor: Actor, *, account_id: int, reason: str) -> None:
    """Opens a frozen account again; the reason is journaled."""
    require(actor, Permission.MANAGE_PROGRAMME)
    with transaction.atomic():
        Account.objects.filter(pk=account_id).update(frozen_reason="")
        note(actor, "unfreeze_account", object_type="member", object_id=account_id, reason=reason[:200])
