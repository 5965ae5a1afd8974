"""柜员: many threads, one transaction. Whoever finds the desk free serves all who wait, in one commit, then the next.

A commit costs the same for one request as for a hundred, so under load each takes its share of it; a lone request
waits for nobody.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import ShukeError
from shuke.loyalty.actions.writing import Outcome, write_batch
from shuke.loyalty.adapters import places
from shuke.loyalty.adapters import programme as programme_of
from shuke.loyalty.adapters.doors import Door
from shuke.loyalty.rules.refusals import Busy
from shuke.loyalty.values.commands import Command
from shuke.loyalty.values.ledger import Answer

_MOST = 256
_LOG = logging.getLogger(__name__)


class _Ticket:
    """One who waits: woken with an outcome, or without one to serve the desk."""

    __slots__ = ("actor", "command", "outcome", "woken")

    def __init__(self, actor: str, command: Command) -> None:
        self.actor, self.command = actor, command
        self.outcome: Outcome | None = None
        self.woken = threading.Lock()
        self.woken.acquire()


class Teller:
    """Group commit for the threads of one process, over one connection of its own.

    `clock` gives the instant of recording; `most` is how many requests one transaction takes.
    """

    def __init__(self, *, clock: Callable[[], datetime] = utc_now, most: int = _MOST) -> None:
        self._clock, self._most = clock, most
        self._guard = threading.Lock()
        self._waiting: deque[_Ticket] = deque()
        self._is_served = False
        self._door: Door | None = None

    def submit(self, actor: Actor, command: Command) -> Answer:
        """The answer, once it is durable. Raises the refusal."""
        require(actor, Permission.WORK_LOYALTY)
        ticket = _Ticket(actor.name, command)
        with self._guard:
            self._waiting.append(ticket)
            serves = not self._is_served
            self._is_served = True
        if not serves:
            ticket.woken.acquire()
        if ticket.outcome is None:
            self._serve()
        if isinstance(ticket.outcome, Answer):
            return ticket.outcome
        raise ticket.outcome or _busy()

    def close(self) -> None:
        """Gives the connection back."""
        with self._guard:
            door, self._door = self._door, None
        if door is not None:
            door.close()

    def _serve(self) -> None:
        """Serves those who wait now, the caller among them, and calls the next to the desk."""
        with self._guard:
            served = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        try:
            self._answer(served)
        finally:
            with self._guard:
                following = self._waiting[0] if self._waiting else None
                self._is_served = following is not None
            for ticket in served:
                ticket.outcome = ticket.outcome or _busy()
                ticket.woken.release()
            if following is not None:
                following.woken.release()

    def _answer(self, tickets: list[_Ticket]) -> None:
        """Outcomes for all; where the database refused the transaction for a fault of one, each is tried alone."""
        try:
            outcomes = write_batch(
                [ticket.command for ticket in tickets],
                programme=programme_of(settings.WORKSPACE),
                now=self._clock(),
                actors=[ticket.actor for ticket in tickets],
                door_of=self._own_door,
            )
        except ShukeError as refusal:
            outcomes = [refusal] * len(tickets)
        except places.FAULTS:
            if len(tickets) == 1:
                raise
            for ticket in tickets:
                self._answer_alone(ticket)
            return
        for ticket, outcome in zip(tickets, outcomes, strict=True):
            ticket.outcome = outcome

    def _answer_alone(self, ticket: _Ticket) -> None:
        try:
            self._answer([ticket])
        except places.FAULTS:
            _LOG.exception("a request that the database refused: %s %s", ticket.command.client, ticket.command.key)

    def _own_door(self) -> Door:
        if self._door is None or self._door.is_broken:
            self._door = places.open_door()
        return self._door


def _busy() -> Busy:
    return Busy("The ledger could not take the request.", hint="Send the same request with the same key again.")
