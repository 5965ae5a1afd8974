"""Asking the real ledger: one command at a time, many at once, and the balances that it shows."""

from datetime import datetime
from typing import Any

from shuke.kernel.actor import SYSTEM
from shuke.kernel.errors import ShukeError
from shuke.loyalty import queries
from shuke.loyalty.actions import write
from shuke.loyalty.values.commands import Command
from shuke.loyalty.values.ledger import Answer
from tests.loyalty.auditing import added_up


def ask(command: Command, now: datetime) -> Answer:
    """The ledger's answer. Raises what it refuses with."""
    said = write(SYSTEM, commands=[command], now=now)[0]
    if isinstance(said, ShukeError):
        raise said
    return said


def code_of(refusal: ShukeError) -> str:
    """The refusal's code, as programs read it."""
    return str(getattr(refusal, "code", type(refusal).__name__))


def shown(member: str, at: datetime) -> dict[str, int]:
    """The balance that the ledger shows at an instant, of now or long ago; the sum of its entries says the same."""
    summed = added_up(member, at)
    account = queries.account(SYSTEM, member=member, now=at).account_id
    seen = as_dict(queries.balance(SYSTEM, account=account, at=at))
    assert seen == summed, (member, at, seen, summed)
    return seen


def as_dict(balance: Any) -> dict[str, int]:
    """The five places of a balance by name."""
    if isinstance(balance, dict):
        return {name: int(balance[name]) for name in ("available", "pending", "held", "owed", "expired")}
    return {name: int(getattr(balance, name)) for name in ("available", "pending", "held", "owed", "expired")}
