"""Adjustments: asked for, waiting for another person, decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.loyalty.models import Account, Adjustment
from shuke.loyalty.rules.refusals import NoSuchAdjustment


@dataclass(frozen=True)
class AdjustmentRow:
    """One adjustment; `points` is signed, `own` means that the reader asked for it and so may not decide."""

    id: int
    account_id: int
    member_no: str
    points: int
    reason: str
    asked_by: str
    asked_at: datetime
    state: str
    decided_by: str
    decided_at: datetime | None
    own: bool


def adjustments(
    actor: Actor, *, state: str = "", account_id: int | None = None, limit: int = 50
) -> Sequence[AdjustmentRow]:
    """Adjustments of a state or of an account, the newest first; people with a store scope see what they asked for."""
    require(actor, Permission.SEE_LOYALTY)
    found = Adjustment.objects.all()
    if state:
        found = found.filter(state=state)
    if account_id is not None:
        found = found.filter(account_id=account_id)
    elif actor.stores is not None:
        found = found.filter(asked_by=actor.name)
    rows = list(found.order_by("-asked_at", "-pk")[:limit])
    numbers = dict(Account.objects.filter(pk__in={row.account_id for row in rows}).values_list("pk", "member_no"))
    return [
        AdjustmentRow(
            id=row.pk,
            account_id=row.account_id,
            member_no=numbers.get(row.account_id, ""),
            points=row.points,
            reason=row.reason,
            asked_by=row.asked_by,
            asked_at=row.asked_at,
            state=row.state,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            own=row.asked_by == actor.name,
        )
        for row in rows
    ]


def waiting(actor: Actor) -> tuple[int, int]:
    """How many adjustments wait for another person, and how many points they move, added and taken alike."""
    require(actor, Permission.SEE_LOYALTY)
    rows = list(Adjustment.objects.filter(state="asked").exclude(asked_by=actor.name).values_list("points", flat=True))
    return len(rows), sum(map(abs, rows))


def account_of_adjustment(actor: Actor, *, adjustment_id: int) -> str:
    """The member number of an adjustment's account; raises `NoSuchAdjustment`."""
    require(actor, Permission.APPROVE_POINTS)
    row = Adjustment.objects.filter(pk=adjustment_id).first()
    account = Account.objects.filter(pk=row.account_id).first() if row else None
    if account is None:
        raise NoSuchAdjustment("Nobody asked for this adjustment.", hint="Look at the list again.")
    return str(account.member_no)
