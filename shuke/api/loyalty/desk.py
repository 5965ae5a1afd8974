"""Where both doors hand their writes in: one teller a process, and a few threads for batches.

So a process holds a handful of connections for writes, however many threads answer requests.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connections

from shuke.kernel.actor import Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import ShukeError
from shuke.loyalty.actions import Teller, write
from shuke.loyalty.values.commands import Command
from shuke.loyalty.values.ledger import Answer

_BATCHES_AT_ONCE = 2


@dataclass(frozen=True)
class _Counter:
    """A teller and the threads of batches, for the database at `place`."""

    place: tuple[str, ...]
    teller: Teller
    batches: ThreadPoolExecutor

    def close(self) -> None:
        """Gives the connections back."""
        self.teller.close()
        self.batches.shutdown()


class Desk:
    """The counter of the database that the settings lead to; another one when they lead elsewhere."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._kept: _Counter | None = None

    def submit(self, actor: Actor, command: Command) -> Answer:
        """One write; raises its refusal. Inside somebody's transaction it is part of that."""
        if connections["default"].in_atomic_block:
            [answer] = write(actor, commands=[command], now=utc_now())
            if isinstance(answer, ShukeError):
                raise answer
            return answer
        return self._counter().teller.submit(actor, command)

    def submit_all(self, actor: Actor, commands: Sequence[Command]) -> Sequence[Answer | ShukeError]:
        """A batch: every write's answer or refusal, in their order."""
        if connections["default"].in_atomic_block:
            return write(actor, commands=commands, now=utc_now())
        return self._counter().batches.submit(write, actor, commands=commands, now=utc_now()).result()

    def close(self) -> None:
        """Gives the connections back; the next write opens others."""
        with self._guard:
            kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()

    def _counter(self) -> _Counter:
        settings = connections["default"].settings_dict
        place = tuple(str(settings[name]) for name in ("ENGINE", "NAME", "HOST", "PORT"))
        kept = self._kept
        if kept is not None and kept.place == place:
            return kept
        with self._guard:
            if self._kept is None or self._kept.place != place:
                if self._kept is not None:
                    self._kept.close()
                pool = ThreadPoolExecutor(_BATCHES_AT_ONCE, thread_name_prefix="shuke-batch")
                self._kept = _Counter(place, Teller(), pool)
            return self._kept


desk = Desk()
