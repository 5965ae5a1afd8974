"""Somebody becomes a member at the counter: an account at once, under the customer that the shop knows already."""

from dataclasses import dataclass
from datetime import datetime

from shuke.access.rules import Permission, require
from shuke.customers.queries import search
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.loyalty.actions import write
from shuke.loyalty.values.commands import Enrol
from shuke.loyalty.values.ledger import Answer


@dataclass(frozen=True)
class Enrolled:
    """The account's answer, and the customer that it stands under; None until a resolution knows the member number."""

    answer: Answer
    customer_id: int | None


def enrol_member(
    actor: Actor,
    *,
    workspace: Workspace,
    member: str,
    identifiers: tuple[str, ...],
    client: str,
    key: str,
    now: datetime,
) -> Enrolled:
    """Opens an account for a member number. `identifiers` are whole ones of the person: phone, card, unionid, e-mail.

    Where they lead to exactly one customer the account stands under it. Otherwise it has none yet: the next resolution
    whose records carry the member number gives it one (`link_accounts`). Raises the ledger's refusals.
    """
    require(actor, Permission.WORK_LOYALTY)
    customer = _customer(workspace, identifiers=(member, *identifiers))
    command = Enrol(client=client, key=key, at=now, member=member, customer_id=customer)
    answer: Answer | ShukeError = write(actor, commands=[command], now=now)[0]
    if isinstance(answer, ShukeError):
        raise answer
    return Enrolled(answer, customer)


def _customer(workspace: Workspace, *, identifiers: tuple[str, ...]) -> int | None:
    """The one customer behind the identifiers; None where there is none, or they lead to several."""
    found: set[int] = set()
    with open_reader(SYSTEM, workspace) as lake:
        for text in identifiers:
            # Four digits or a name are no identifier of one person.
            if len(text.strip()) >= 6 and text.isascii():
                found |= set(search(SYSTEM, lake=lake, text=text, limit=3))
    return found.pop() if len(found) == 1 else None
