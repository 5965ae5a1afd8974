"""What a customer did, as pages and later rooms read it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Event:
    """One entry of a customer's timeline, newest first.

    `kind` is `order`, `return`, `interaction`, `coupon` or `contact`; `what` the status, the interaction's kind, the
    coupon's state or the play. `net_minor` is null where no money belongs to it. `lines` are order lines, dearest
    first.
    """

    kind: str
    what: str
    at: datetime
    on: date
    source: str
    reference: str
    store: str | None
    associate: str | None
    gross_minor: int | None = None
    net_minor: int | None = None
    refund_minor: int | None = None
    currency: str = ""
    counted: bool = True
    duplicate_of: str | None = None
    original_order_no: str | None = None
    score: float | None = None
    note: str = ""
    lines: tuple["Line", ...] = ()


@dataclass(frozen=True)
class Line:
    """One line of an order; `amount_minor` is what was paid for it, `line_kind` is `goods` or what else it is."""

    product: str
    sku: str | None
    quantity: float
    amount_minor: int
    refund_minor: int
    line_kind: str


@dataclass(frozen=True)
class Totals:
    """A customer's sums over everything that counts. Days are the shop's business days."""

    orders: int
    returns: int
    net_minor: int
    gross_minor: int
    refund_minor: int
    first_on: date | None
    last_on: date | None
    sources: tuple[str, ...]
    currency: str


@dataclass(frozen=True)
class Sales:
    """Sales of one day, week or month, in one store and source. `attached_minor` has a customer behind it."""

    period_on: date
    store: str | None
    source: str
    net_minor: int
    attached_minor: int
    orders: int
    attached_orders: int
