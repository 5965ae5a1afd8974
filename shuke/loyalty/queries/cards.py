"""Whose card a link opens."""

from datetime import datetime

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.loyalty.models import Account
from shuke.loyalty.rules.cards import ends_at, hash_of_card


def account_of_card(actor: Actor, *, token: str, now: datetime) -> int | None:
    """The account whose open card has this token; None for an unknown, renewed, shut or ended one.

    Asked by the system in the name of whoever holds the link; the token is their right.
    """
    require(actor, Permission.SEE_LOYALTY)
    until = ends_at(token)
    if until is None or until <= now:
        return None
    return Account.objects.filter(card_token_hash=hash_of_card(token)).values_list("pk", flat=True).first()


def has_card(actor: Actor, *, account_id: int) -> bool:
    """Whether a link of the account is open, as far as the database knows: it does not know when it ends."""
    require(actor, Permission.SEE_LOYALTY)
    return Account.objects.filter(pk=account_id).exclude(card_token_hash="").exists()
