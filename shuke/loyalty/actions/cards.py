"""The member's own card: a link that opens without signing in.

The link's token is 256 random bits with the day of its end in front. Only the SHA-256 of the whole token is kept, so
that the end cannot be moved by who holds the link, and nobody who reads the database can open a card.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.loyalty.models import Account
from shuke.loyalty.rules.cards import hash_of_card, stamped

CARD_DAYS = 180


@transaction.atomic
def give_card(actor: Actor, *, account_id: int, now: datetime, days: int = CARD_DAYS) -> tuple[str, datetime]:
    """A new link's token, shown once, and the instant of its end; an earlier link of the account stops at once."""
    require(actor, Permission.WORK_LOYALTY)
    until = (now + timedelta(days=days)).replace(microsecond=0)
    token = stamped(secrets.token_urlsafe(32), until=until)
    Account.objects.filter(pk=account_id).update(card_token_hash=hash_of_card(token))
    note(actor, "card_given", object_type="member", object_id=account_id, until=until.isoformat())
    return token, until


@transaction.atomic
def close_card(actor: Actor, *, account_id: int) -> None:
    """Shuts the link of an account; it stops at once."""
    require(actor, Permission.WORK_LOYALTY)
    if Account.objects.filter(pk=account_id).exclude(card_token_hash="").update(card_token_hash=""):
        note(actor, "card_closed", object_type="member", object_id=account_id)
