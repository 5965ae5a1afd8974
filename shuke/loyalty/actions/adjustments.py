"""Adjustments by hand: one person asks with a reason, another one decides."""

from datetime import datetime

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.loyalty.models import Adjustment, Txn
from shuke.loyalty.rules.refusals import NoReason, NoSuchAdjustment, NotOwnAdjustment
from shuke.loyalty.values.commands import Adjust

CLIENT = "console"
_MOST = 10_000_000


@transaction.atomic
def ask_adjustment(actor: Actor, *, account_id: int, points: int, reason: str, now: datetime) -> int:
    """Asks for `points` (signed) with a reason; returns its number. Nothing moves until another person agrees."""
    require(actor, Permission.ADJUST_POINTS)
    told = " ".join("".join(sign if sign.isprintable() else " " for sign in reason).split())[:200]
    if not points or abs(points) > _MOST or not told:
        raise NoReason("Points other than none and a reason are needed.", hint="Say what happened and how many points.")
    row = Adjustment.objects.create(
        account_id=account_id, points=points, reason=told, asked_by=actor.name[:60], asked_at=now
    )
    note(actor, "points_asked", object_type="member", object_id=account_id, adjustment=row.pk, points=points)
    return int(row.pk)


def adjustment_command(actor: Actor, *, adjustment_id: int, member: str, now: datetime) -> Adjust:
    """The ledger's command of an adjustment that waits and that the actor may approve; one key, however often."""
    require(actor, Permission.APPROVE_POINTS)
    row = _waiting(actor, adjustment_id)
    return Adjust(
        client=CLIENT,
        key=f"adjustment:{row.pk}",
        at=now,
        member=member,
        points=row.points,
        reason=row.reason,
        approved_by=actor.name[:60],
    )


@transaction.atomic
def decide_adjustment(actor: Actor, *, adjustment_id: int, state: str, txn_id: int | None, now: datetime) -> None:
    """Writes down that an adjustment was approved (with its transaction) or rejected; raises where it is decided.

    What the ledger has taken already cannot be rejected any more: it can only be put right by another adjustment.
    """
    require(actor, Permission.APPROVE_POINTS)
    row = _waiting(actor, adjustment_id)
    if state == "rejected" and Txn.objects.filter(client=CLIENT, key=f"adjustment:{row.pk}").exists():
        raise NoSuchAdjustment("The points have moved already.", hint="Ask for an adjustment that puts them back.")
    changed = Adjustment.objects.filter(pk=row.pk, state="asked").update(
        state=state, decided_by=actor.name[:60], decided_at=now, txn_id=txn_id
    )
    if not changed:
        raise NoSuchAdjustment("Somebody else has just decided on it.", hint="Look at the list again.")
    note(actor, f"points_{state}", object_type="member", object_id=row.account_id, adjustment=row.pk, points=row.points)


def _waiting(actor: Actor, adjustment_id: int) -> Adjustment:
    row = Adjustment.objects.filter(pk=adjustment_id, state="asked").first()
    if row is None:
        raise NoSuchAdjustment("No such adjustment waits.", hint="Look at the list again.")
    if row.asked_by == actor.name[:60]:
        raise NotOwnAdjustment("You asked for this adjustment yourself.", hint="Another person approves it.")
    return row
