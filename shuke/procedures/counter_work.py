"""Work at the counter: opening an account, benefits, coupons; each write of the ledger with its line in the journal.

`once` names one press of a button, so that a form sent twice works once.
"""

from datetime import date

from django.db import transaction

from shuke.journal.actions import note
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.loyalty.actions import write
from shuke.loyalty.values.commands import Command, Enrol
from shuke.loyalty.values.ledger import Answer
from shuke.loyalty.values.perk_commands import BookBenefit, CancelBenefit, IssueCoupon, UseBenefit

CLIENT = "console"
_KNOWN = "select birthday from customer_profiles where customer_id = $id"


def enrol(actor: Actor, *, member: str, customer_id: int | None, once: str) -> Answer:
    """Opens an account with a member number, for a customer where one is given."""
    return _carry_out(
        actor,
        Enrol(client=CLIENT, key=_key(actor, once), at=utc_now(), member=member, customer_id=customer_id),
        verb="member_enrolled",
    )


def book_benefit(actor: Actor, *, member: str, benefit: str, birthday: date | None, remark: str, once: str) -> Answer:
    """Books a benefit of a member at the actor's store."""
    command = BookBenefit(
        client=CLIENT,
        key=_key(actor, once),
        at=utc_now(),
        member=member,
        benefit=benefit,
        birthday=birthday,
        note=remark,
        store=_store(actor),
        associate=actor.associate or actor.name,
    )
    return _carry_out(actor, command, verb="benefit_booked")


def use_benefit(
    actor: Actor, *, member: str, benefit: str, booking: int | None, birthday: date | None, remark: str, once: str
) -> Answer:
    """Records that a member used a benefit, booked before or not."""
    command = UseBenefit(
        client=CLIENT,
        key=_key(actor, once),
        at=utc_now(),
        member=member,
        benefit=benefit,
        booking=booking,
        birthday=birthday,
        note=remark,
        store=_store(actor),
        associate=actor.associate or actor.name,
    )
    return _carry_out(actor, command, verb="benefit_used")


def cancel_benefit(actor: Actor, *, member: str, booking: int, once: str) -> Answer:
    """Cancels a booking; its quota is free again."""
    command = CancelBenefit(client=CLIENT, key=_key(actor, once), at=utc_now(), member=member, booking=booking)
    return _carry_out(actor, command, verb="benefit_cancelled")


def give_coupon(actor: Actor, *, member: str, campaign: str, once: str) -> Answer:
    """Gives a member one coupon of a campaign."""
    command = IssueCoupon(client=CLIENT, key=_key(actor, once), at=utc_now(), member=member, campaign=campaign)
    return _carry_out(actor, command, verb="coupon_given")


def birthday_of(workspace: Workspace, *, customer_id: int | None) -> date | None:
    """A customer's birthday, read to judge a benefit by it and shown to nobody; None where it is not known."""
    if customer_id is None:
        return None
    with open_reader(SYSTEM, workspace) as lake:
        found = lake.value(_KNOWN, id=customer_id) if lake.has("customer_profiles") else None
    return date.fromisoformat(found) if isinstance(found, str) else found


@transaction.atomic
def _carry_out(actor: Actor, command: Command, *, verb: str) -> Answer:
    (answer,) = write(actor, commands=[command], now=utc_now())
    if isinstance(answer, ShukeError):
        raise answer
    note(actor, verb, object_type="member", object_id=answer.member, txn=answer.txn)
    return answer


def _key(actor: Actor, once: str) -> str:
    return f"{actor.user_id or 0}:{once}"[:120]


def _store(actor: Actor) -> str:
    return next(iter(actor.stores)) if actor.stores and len(actor.stores) == 1 else ""
