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
    """A member's account; `group` are the numbers that share it, `frozen_reason` is empty unless it takes no writes."""

    member: str
    programme: str
    group: list[str]
    opened_at: datetime
    frozen_reason: str
    balance: BalanceOut


class EntryOut(Schema):
    """Points moved from one book to another; `txn` is 0 for an end that no job has written down yet."""

    at: datetime
    txn: int
    kind: str
    lot: int | None
    source: str
    target: str
    points: int
    order_source: str
    order_no: str
    reason: str


class BalanceAtOut(Schema):
    """A balance at an instant, with the entries behind it where asked for."""

    member: str
    at: datetime
    balance: BalanceOut
    entries: list[EntryOut]


class LineOut(Schema):
    """A line of a statement: signed points, and what the member had then (free and held, less owed)."""

    at: datetime
    txn: int
    kind: str
    points: int
    balance_after: int
    order_source: str
    order_no: str
    store: str
    reason: str


class HowOut(Schema):
    """A behaviour that earns growth, and how much each time."""

    behaviour: str
    growth: int


class TierOut(Schema):
    """Where a member stands; `needed` is missing for `next_tier`, `keep_missing` for keeping this one to its end."""

    tier: str
    zh: str
    en: str
    since: date | None
    until: date | None
    growth_12m: int
    next_tier: str
    next_zh: str
    next_en: str
    needed: int
    keep_threshold: int
    growth_since: int
    keep_missing: int
    multiplier_thousandths: int
    how: list[HowOut]


class BenefitOut(Schema):
    """A benefit as the member has it now; quota -1 is without limit; `locked_because` says why it cannot be used."""

    benefit: str
    zh: str
    en: str
    note_zh: str
    note_en: str
    scene: str
    quota: int
    used: int
    left: int
    span: str
    period_start: date
    period_end: date | None
    is_booked: bool
    locked_because: str
    unlocks_at: str
    next_quota: int


class CouponOut(Schema):
    """A coupon; `state` is issued, held, used, void or expired at this instant."""

    code: str
    campaign: str
    zh: str
    en: str
    kind: str
    state: str
    expires_at: datetime | None
    amount_minor: int
    percent_thousandths: int
    cap_minor: int
    least_minor: int
    gift_sku: str
    currency: str


class GivenOut(Schema):
    """What one coupon gives off each line, off freight, and as a gift."""

    code: str
    campaign: str
    by_line: list[int]
    freight_minor: int
    gift_sku: str
    saved_minor: int


class RefusedOut(Schema):
    """A coupon that cannot be used on this cart, and why."""

    code: str
    reason: str


class PricedOut(Schema):
    """What a cart costs with its coupons."""

    total_minor: int
    saved_minor: int
    lines_minor: list[int]
    freight_minor: int
    given: list[GivenOut]
    refused: list[RefusedOut]


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


class DifferenceOut(Schema):
    """An order on which the ledger and the day's sales differ."""

    kind: str
    source: str
    order_no: str
    account_id: int | None
    ledger_minor: int | None
    sales_minor: int | None


class ClosedDayOut(Schema):
    """A closed business day: points by kind of movement, sums at its end, and what differs from its sales."""

    business_on: date
    closed_at: datetime
    actor: str
    moved: dict[str, int]
    totals: dict[str, int]
    counts: dict[str, int]
    differences: list[DifferenceOut]
