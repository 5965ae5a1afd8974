"""The ledger for notebooks and scripts: the same rules, refusals and repeats as over HTTP."""

from datetime import date, datetime
from typing import Any

from shuke.kernel.actor import SYSTEM
from shuke.kernel.clock import today, utc_now
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.loyalty import queries
from shuke.loyalty.actions import write
from shuke.loyalty.values import commands as asked
from shuke.loyalty.values.commands import Command, OrderRef
from shuke.loyalty.values.ledger import Balance

CLIENT = "notebook"


class Loyalty:
    """Points of one shop. Each write takes a `key` of its own: the same key again gives the first answer again.

    Writes give the answer as a document, reads the rooms' values; refusals are raised (`error.code` names them).
    Orders are named by `source` and `no`; money is in minor units.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def do(self, *commands: Command) -> list[Any]:
        """Any commands of `shuke.loyalty.values.commands`, one transaction: answers and refusals in their order."""
        return list(write(SYSTEM, commands=commands, now=utc_now()))

    def enrol(self, member: str, *, key: str, customer_id: int | None = None) -> dict[str, Any]:
        """Opens an account for a member number."""
        return self._one(asked.Enrol(**self._known(key), member=member, customer_id=customer_id))

    def earn(
        self, member: str, *, key: str, source: str, no: str, eligible_minor: int, bought_on: date | None = None
    ) -> dict[str, Any]:
        """Points for an order; `bought_on` is the business day of the purchase (default today)."""
        return self._one(
            asked.Earn(
                **self._known(key),
                member=member,
                order=OrderRef(source, no),
                eligible_minor=eligible_minor,
                currency=self.workspace.currency,
                bought_on=bought_on or today(self.workspace.timezone),
            )
        )

    def burn(self, member: str, *, key: str, source: str, no: str, points: int, total_minor: int) -> dict[str, Any]:
        """Points spent on an order."""
        return self._one(
            asked.Burn(
                **self._known(key),
                member=member,
                order=OrderRef(source, no),
                points=points,
                total_minor=total_minor,
                currency=self.workspace.currency,
            )
        )

    def refund(self, *, key: str, source: str, no: str, refunded_minor: int) -> dict[str, Any]:
        """A refund of `refunded_minor` more of an order, of what it earned and of what it burned."""
        order = OrderRef(source, no)
        currency = self.workspace.currency
        return self._one(
            asked.RefundOrder(**self._known(key), order=order, refunded_minor=refunded_minor, currency=currency)
        )

    def balance(self, member: str, *, at: datetime | None = None) -> Balance:
        """Where a member's points are, or were at an instant."""
        return queries.balance(SYSTEM, account=self._account(member), at=at or utc_now())

    def statement(self, member: str, *, limit: int = 50) -> list[queries.Line]:
        """The newest lines."""
        return list(queries.statement(SYSTEM, account=self._account(member), limit=limit, now=utc_now()))

    def expiring(self, member: str, *, days: int = 366) -> list[queries.Expiring]:
        """Points that end within some days."""
        return list(queries.expiring(SYSTEM, account=self._account(member), now=utc_now(), days=days))

    def _account(self, member: str) -> int:
        return queries.account(SYSTEM, member=member, now=utc_now()).account_id

    def _known(self, key: str) -> dict[str, Any]:
        return {"client": CLIENT, "key": key, "at": utc_now()}

    def _one(self, command: Command) -> dict[str, Any]:
        [answer] = write(SYSTEM, commands=[command], now=utc_now())
        if isinstance(answer, ShukeError):
            raise answer
        return answer.document
