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
    """Compares the whole ledger with itself, journals it, and freezes accounts with a drift where asked."""
    if freeze:
        require(actor, Permission.MANAGE_PROGRAMME)
    found = find_drift(actor, progress=progress)
    if freeze and found.drifts:
        found = replace(found, frozen=_freeze(actor, found))
    drifted = len({drift.account_id for drift in found.drifts})
    told = {"accounts": found.accounts, "drifts": len(found.drifts), "drifted": drifted, "frozen": found.frozen}
    note(actor, "reconciled", object_type="programme", object_id="main", seconds=round(found.seconds, 1), **told)
    return found


def _freeze(actor: Actor, found: Reconciliation) -> int:
    reasons: dict[int, str] = {}
    for drift in found.drifts:
        told = f"reconciliation: {drift.field} is {drift.found[:40]}, entries say {drift.expected[:40]}"
        reasons.setdefault(drift.account_id, told)
    frozen = 0
    with transaction.atomic():
        for account, reason in reasons.items():
            frozen += Account.objects.filter(pk=account, frozen_reason="").update(frozen_reason=reason[:200])
            note(actor, "freeze_account", object_type="member", object_id=account, reason=reason)
    return frozen


def unfreeze(actor: Actor, *, account_id: int, reason: str) -> None:
    """Opens a frozen account again; the reason is journaled."""
    require(actor, Permission.MANAGE_PROGRAMME)
    with transaction.atomic():
        Account.objects.filter(pk=account_id).update(frozen_reason="")
        note(actor, "unfreeze_account", object_type="member", object_id=account_id, reason=reason[:200])
