"""From a request to its actor, and a key's allowance.

The machine door knows a key for two seconds without asking the database again, so there a closed key stops within two
seconds; elsewhere at once. The allowance is counted in the memory of this process: several have one each.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import close_old_connections
from django.http import HttpRequest

from shuke.access.actions import note_use
from shuke.access.models import User
from shuke.access.queries import Holder, actor_of, holder_of_key
from shuke.access.rules import Bucket, draw
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.clock import today
from shuke.kernel.errors import ShukeError

_SECONDS = 2.0
_MOST_KEYS = 10_000


class TooManyRequests(ShukeError):
    """A key has used up its allowance; `wait` says for how many seconds."""

    code = "too_many_requests"

    def __init__(self, wait: float) -> None:
        super().__init__("Too many requests.", hint=f"Wait {max(1, round(wait))} s, or ask for a larger allowance.")
        self.wait = max(1, round(wait))


@dataclass(frozen=True, slots=True)
class _Known:
    holder: Holder | None
    until: float


class KeyRing:
    """Keys seen lately, and what is left of each one's allowance. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, _Known] = {}
        self._buckets: dict[int, Bucket] = {}
        self._noted: dict[int, date] = {}
        self._asking: ThreadPoolExecutor | None = None

    def remembered(self, key: str) -> Holder | None:
        """Who holds the key, from memory for two seconds; None where it does not work."""
        known = self._known.get(key)
        if known is not None and known.until > time.monotonic():
            return known.holder
        with self._lock:
            if self._asking is None:
                self._asking = ThreadPoolExecutor(1, thread_name_prefix="shuke-keys")
            asking = self._asking
        # One thread asks for all, so that not every thread of the server holds a connection for it.
        return asking.submit(self._asked, key).result()

    def _asked(self, key: str) -> Holder | None:
        known = self._known.get(key)
        if known is not None and known.until > time.monotonic():
            return known.holder
        close_old_connections()
        return self.holder(key)

    def holder(self, key: str) -> Holder | None:
        """Who holds the key, from the database; None where it does not work."""
        day = today(settings.WORKSPACE.timezone)
        found = holder_of_key(key, today=day)
        with self._lock:
            if len(self._known) > _MOST_KEYS:
                self._known.clear()
            self._known[key] = _Known(found, time.monotonic() + _SECONDS)
        if found is not None and self._noted.get(found.client, found.last_used_on) != day:
            note_use(SYSTEM, client=found.client, today=day)
            self._noted[found.client] = day
        return found

    def spend(self, holder: Holder, *, tokens: int = 1) -> None:
        """Takes from the key's allowance; raises `TooManyRequests`."""
        now = time.monotonic()
        with self._lock:
            bucket = self._buckets.get(holder.client)
            if bucket is None or bucket.per_minute != holder.per_minute:
                bucket = Bucket(holder.per_minute, float(holder.per_minute), now)
            self._buckets[holder.client], wait = draw(bucket, tokens=tokens, at=now)
        if wait:
            raise TooManyRequests(wait)

    def forget(self) -> None:
        """Asks the database again for each key; for tests and after a key was closed in this process."""
        with self._lock:
            self._known.clear()
            self._buckets.clear()
            self._noted.clear()
            asking, self._asking = self._asking, None
        if asking is not None:
            asking.shutdown()


ring = KeyRing()


def bearer(written: str) -> str | None:
    """The key of an Authorization header `Bearer KEY`; None for any other."""
    kind, _, key = written.partition(" ")
    return key.strip() if kind.lower() == "bearer" and key.strip() else None


def asker(request: HttpRequest) -> Actor | None:
    """The actor of the key in `Authorization: Bearer KEY`, else of the session; None (401) for anybody else.

    A key that is wrong is refused even where a session stands beside it. Raises `TooManyRequests`.
    """
    written = request.headers.get("Authorization", "")
    if written:
        key = bearer(written)
        holder = ring.holder(key) if key else None
        if holder is None:
            return None
        ring.spend(holder)
        return holder.actor
    user = request.user
    return actor_of(user) if isinstance(user, User) and user.is_active else None
