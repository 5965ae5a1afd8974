"""Points put right by hand: one person asks, another one decides; what was decided and moved is one transaction."""

from dataclasses import replace

from django.db import transaction

import shuke.loyalty.actions.adjustments as office
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import ShukeError
from shuke.loyalty.actions import write
from shuke.loyalty.queries.adjustments import account_of_adjustment
from shuke.loyalty.queries.members import account_id_of
from shuke.loyalty.values.ledger import Answer


def ask(actor: Actor, *, member: str, points: int, reason: str) -> int:
    """Asks to add `points` (negative: to take them) for a reason; gives the number of the adjustment that waits."""
    account_id = account_id_of(actor, member_no=member)
    return office.ask_adjustment(actor, account_id=account_id, points=points, reason=reason, now=utc_now())


@transaction.atomic
def approve(actor: Actor, *, adjustment: int) -> Answer:
    """Moves the points of an adjustment that somebody else asked for; raises a refusal, and then nothing is decided."""
    now = utc_now()
    member = account_of_adjustment(actor, adjustment_id=adjustment)
    command = office.adjustment_command(actor, adjustment_id=adjustment, member=member, now=now)
    # Approving is a right of its own: who holds it need not work at a till.
    mover = replace(SYSTEM, name=actor.name, user_id=actor.user_id)
    (answer,) = write(mover, commands=[command], now=now)
    if isinstance(answer, ShukeError):
        raise answer
    office.decide_adjustment(actor, adjustment_id=adjustment, state="approved", txn_id=answer.txn, now=now)
    return answer


def reject(actor: Actor, *, adjustment: int) -> None:
    """Closes an adjustment without moving anything."""
    office.decide_adjustment(actor, adjustment_id=adjustment, state="rejected", txn_id=None, now=utc_now())
