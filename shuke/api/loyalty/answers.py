"""What the addresses of loyalty answer with."""

from datetime import date, datetime
from typing import Any

from ninja import Schema


class BalanceOut(Schema):
    """Where a member's points are; `available` can be spent, `owed` is debt, `expired` what ran out in all."""

    available: int
    pending: int
    held: int
    owed: int
    expired: int


class WriteOut(Schema):
    """What a write did; every repeat with its key is answered the same. `points` is signed."""

    txn: int
    member: str
    kind: str
    points: int
    balance: BalanceOut
    tier: str
    details: dict[str, Any]


class RefusalOut(Schema):
    """What happened, a code for programs, and what to do next."""

    error: str
    code: str
    hint: str


class BatchAnswerOut(Schema):
    """One item: its answer, or the refusal with the status that it would have had alone."""

    key: str | None
    answer: WriteOut | None = None
    status: int | None = None
    error: str | None = None
    code: str | None = None
    hint: str | None = None


class BatchOut(Schema):
    """One entry an item, in the order of the items."""

    answers: list[BatchAnswerOut]


class MemberOut(Schema):
    """A member's account; `frozen_reason` is empty unless nothing may be written to it."""

    member: str
    programme: str
    opened_at: datetime
    frozen_reason: str
    balance: BalanceOut


class BalanceAtOut(Schema):
    """A balance at an instant, with the entries behind it where asked for."""

    member: str
    at: datetime
    balance: BalanceOut
    entries: list[dict[str, Any]]


class LineOut(Schema):
    """A line of a statement; `points` is signed, `before` of the next page is the last line's `txn`."""

    txn: int
    at: datetime
    kind: str
    points: int
    order_source: str
    order_no: str
    reason: str
    balance_after: int


class ExpiryOut(Schema):
    """Points that can be spent until `expires_at`, not at it."""

    expires_at: datetime
    points: int


class EndpointOut(Schema):
    """A webhook's address; its secret is shown once, where it is made."""

    id: int
    url: str
    kinds: list[str]
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str
    failing_since: datetime | None
    waiting: int
    delivered: int
    failed: int


class SecretOut(Schema):
    """A signing secret (whsec_...), shown this once."""

    id: int
    secret: str


class DeliveryOut(Schema):
    """One message to one endpoint."""

    id: int
    message: str
    kind: str
    state: str
    attempts: int
    next_at: datetime
    last_at: datetime | None
    last_status: int | None
    last_trouble: str


class AdjustmentOut(Schema):
    """An adjustment: asked for by one, decided by another."""

    id: int
    member: str
    points: int
    reason: str
    asked_by: str
    asked_at: datetime
    state: str
    decided_by: str
    decided_at: datetime | None


class NumberOut(Schema):
    """The number of what was made."""

    id: int


class ClosedDayOut(Schema):
    """A day's points in sums, and what differs from its sales."""

    business_on: date
    totals: dict[str, Any]
    differences: list[dict[str, Any]]
    closed_at: datetime
