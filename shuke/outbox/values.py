"""What leaves the outbox: facts with their position, webhooks as pages show them, and what an attempt came to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class PlacedFact:
    """One committed fact. `position` is dense from 1: who has read up to it has missed none."""

    position: int
    id: int
    kind: str
    key: str
    object_id: int
    payload: Any
    at: datetime
    recorded_at: datetime


@dataclass(frozen=True)
class EndpointView:
    """An endpoint without its secret, and how many of its deliveries wait, arrived or were given up."""

    id: int
    url: str
    kinds: tuple[str, ...]
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str
    failing_since: datetime | None
    waiting: int
    delivered: int
    failed: int


@dataclass(frozen=True)
class DeliveryView:
    """One message to one endpoint. `last_status` is the HTTP status, None where nobody answered."""

    id: int
    message: str
    kind: str
    state: str
    attempts: int
    next_at: datetime
    last_at: datetime | None
    last_status: int | None
    last_trouble: str


@dataclass(frozen=True)
class Reply:
    """What an address answered: status None and the trouble where it did not; `wait` is its Retry-After in seconds."""

    status: int | None
    trouble: str = ""
    wait: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What follows from a reply: the delivery's new state, when it is due again, and whether the address is gone."""

    state: str
    next_at: datetime
    is_gone: bool = False


@dataclass(frozen=True)
class Sent:
    """What one round of deliveries came to. `disabled` are endpoints shut in it, each with the reason."""

    delivered: int = 0
    postponed: int = 0
    failed: int = 0
    disabled: tuple[tuple[int, str], ...] = ()
