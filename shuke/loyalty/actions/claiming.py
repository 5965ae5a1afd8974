"""Claims of orders without a key: every try is written down before anything is looked up, and tries are few."""

from datetime import datetime, timedelta

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.loyalty.models import Account, Claim
from shuke.loyalty.rules.refusals import Refusal, UnknownMember

# Tries of a member in a day, and wrong tries for one order number by anybody in a week.
TRIES_A_DAY = 5
WRONG_AN_ORDER = 5
_WEEK = timedelta(days=7)


class TooManyTries(Refusal):
    """The member, or the order number, was tried too often."""

    code = "too_many_tries"


class NotClaimable(Refusal):
    """No order fits, or somebody has it already. Which of both is not told."""

    code = "not_claimable"


def begin_claim(actor: Actor, *, member: str, programme: str, order_no: str, now: datetime) -> int:
    """Writes a try down and returns its number; the account is locked meanwhile. Raises `TooManyTries`.

    A member's account row is locked, so that tries sent at once are counted one after another.
    """
    require(actor, Permission.WORK_LOYALTY)
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(programme=programme, member_no=member).first()
        if account is None:
            raise UnknownMember(f"There is no member {member}.", hint="Enrol the member first, or check the number.")
        tried = Claim.objects.filter(account_id=account.pk, at__gt=now - timedelta(days=1)).count()
        wrong = Claim.objects.filter(programme=programme, order_no=order_no, at__gt=now - _WEEK).exclude(
            result="granted"
        )
        if tried >= TRIES_A_DAY or wrong.count() >= WRONG_AN_ORDER:
            raise TooManyTries("There were too many tries.", hint="Try again tomorrow, or ask in a store.")
        row = Claim.objects.create(
            programme=programme, account_id=account.pk, source="", order_no=order_no[:80], at=now, result="trying"
        )
    return int(row.pk)


def end_claim(actor: Actor, *, claim_id: int, source: str, result: str) -> None:
    """Writes down how a try ended, `granted` or why not, and journals it."""
    require(actor, Permission.WORK_LOYALTY)
    with transaction.atomic():
        Claim.objects.filter(pk=claim_id).update(source=source[:40], result=result[:40])
        account = Claim.objects.values_list("account_id", flat=True).get(pk=claim_id)
        note(actor, "claim_order", object_type="member", object_id=account, claim=claim_id, result=result)
