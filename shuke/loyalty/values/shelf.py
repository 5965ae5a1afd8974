"""Coupons, budgets and benefit uses as a transaction works on them, and what a decision changes of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from shuke.loyalty.values.benefits import UseState
from shuke.loyalty.values.ledger import Programme


@dataclass(frozen=True, slots=True)
class CouponRow:
    """One coupon. `held_minor` is what its hold reserves or its use cost; `account` None until somebody brings it."""

    id: int
    code: str
    campaign: str
    account: int | None
    state: str
    issued_at: datetime
    expires_at: datetime | None
    hold: int | None = None
    held_until: datetime | None = None
    held_minor: int = 0
    used_at: datetime | None = None
    txn: int | None = None
    order_source: str = ""
    order_no: str = ""


@dataclass(frozen=True, slots=True)
class CouponEvent:
    """Something that happened to a coupon: issued, held, used, released, void or refused."""

    coupon: int | None
    campaign: str
    account: int | None
    txn: int | None
    kind: str
    at: datetime
    reason: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """Money (or a number of coupons) that campaigns may give: reserved by holds, used by orders."""

    id: int
    code: str
    limit: int
    reserved: int = 0
    used: int = 0

    @property
    def left(self) -> int:
        """What may still be given."""
        return max(0, self.limit - self.reserved - self.used)


@dataclass(frozen=True, slots=True)
class UseRow:
    """One booking or use of a benefit."""

    id: int
    account: int
    benefit: str
    period_start: date
    state: UseState
    at: datetime
    store: str = ""
    associate: str = ""
    cost_minor: int = 0
    note: str = ""
    txn: int | None = None


@dataclass(slots=True)
class PerkChange:
    """What was decided: rows as they will be, events, and what budgets reserve and use more (reserved, used)."""

    coupons: list[CouponRow] = field(default_factory=list)
    events: list[CouponEvent] = field(default_factory=list)
    budgets: dict[str, tuple[int, int]] = field(default_factory=dict)
    uses: list[UseRow] = field(default_factory=list)
    details: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Who:
    """Whose write it is: the account that the transaction books on, its whole group, and the group's tier."""

    account: int
    group: tuple[int, ...]
    tier: str
    txn: int


@dataclass(slots=True)
class Shelf:
    """All coupons, budgets and benefit uses that a transaction loaded; only `rules.counter.apply` changes it.

    `counts` holds how many coupons of a campaign an account holds or used; `done` how often it did each behaviour.
    `touched` are ids of rows that were changed, `fresh` those that are new.
    """

    programme: Programme
    now: datetime
    today: date
    coupons: dict[str, CouponRow] = field(default_factory=dict)
    by_order: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    budgets: dict[str, BudgetRow] = field(default_factory=dict)
    counts: dict[tuple[int, str], int] = field(default_factory=dict)
    uses: dict[int, UseRow] = field(default_factory=dict)
    done: dict[tuple[int, str], int] = field(default_factory=dict)
    events: list[CouponEvent] = field(default_factory=list)
    coupon_ids: Iterator[int] = field(default_factory=lambda: iter(()))
    use_ids: Iterator[int] = field(default_factory=lambda: iter(()))
    fresh_codes: Iterator[str] = field(default_factory=lambda: iter(()))
    touched_coupons: set[str] = field(default_factory=set)
    touched_budgets: set[str] = field(default_factory=set)
    touched_uses: set[int] = field(default_factory=set)
    fresh_coupons: set[str] = field(default_factory=set)
    fresh_uses: set[int] = field(default_factory=set)
