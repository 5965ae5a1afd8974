"""Which rule answers which request."""

from collections.abc import Callable
from typing import Any

from shuke.loyalty.rules import groups, points, refunds
from shuke.loyalty.rules.books import Books, Change
from shuke.loyalty.rules.refusals import BadRequest
from shuke.loyalty.values import commands
from shuke.loyalty.values.commands import NO_ORDER, Command
from shuke.loyalty.values.perk_commands import PERK_COMMANDS

_RULES: dict[type[Command], Callable[[Books, Any], Change]] = {
    commands.Enrol: groups.enrol,
    commands.Earn: points.earn,
    commands.Burn: points.burn,
    commands.Hold: points.hold,
    commands.Capture: points.capture,
    commands.Release: points.release,
    commands.RefundOrder: refunds.refund,
    commands.Adjust: points.adjust,
    commands.Transfer: points.transfer,
    commands.Grow: points.grow,
    commands.Merge: groups.merge,
    commands.Split: groups.split,
    commands.Opening: points.opening,
}


def decide(ledger: Books, command: Command) -> Change:
    """What a request changes, or a typed refusal; nothing is changed here."""
    if isinstance(command, PERK_COMMANDS):
        return Change(ledger.root(command.member), order=getattr(command, "order", NO_ORDER))
    rule = _RULES.get(type(command))
    if rule is None:
        raise BadRequest(f"The ledger knows no {type(command).__name__}.", hint="See the list of requests.")
    return rule(ledger, command)
