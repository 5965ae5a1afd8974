"""What the check-up tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Parameter = str | int | float


@dataclass(frozen=True)
class Finding:
    """One problem, written out in the reader's language.

    `rows` are raw rows (customers or days where the finding is about them), `previous_minor` the money at the last
    check-up of an earlier day (null: not found then), `share` its money over all sales. `fixer` says who repairs it
    and `minutes` about how long that takes.
    """

    code: str
    title: str
    cause: str
    repair: tuple[str, ...]
    effect: str
    fixer: str
    minutes: int
    rows: int
    orders: int
    money_minor: int
    previous_minor: int | None
    share: float
    currency: str
    parameters: Mapping[str, Parameter]
    first_on: date | None
    last_on: date | None
    stores: tuple[str, ...]

    def as_document(self) -> dict[str, Any]:
        """One entry of `checkup --json`: the contract's keys, then more."""
        return {
            "code": self.code,
            "title": self.title,
            "rows": self.rows,
            "orders": self.orders,
            "money_minor": self.money_minor,
            "currency": self.currency,
            "repair": " ".join(f"{place}. {step}" for place, step in enumerate(self.repair, 1)),
            "cause": self.cause,
            "fixer": self.fixer,
            "minutes": self.minutes,
            "first_on": self.first_on.isoformat() if self.first_on else None,
            "last_on": self.last_on.isoformat() if self.last_on else None,
            "stores": list(self.stores),
            "previous_minor": self.previous_minor,
            "parameters": dict(self.parameters),
        }


@dataclass(frozen=True)
class Channel:
    """One source of orders: its period, its sales, and the share of its orders in which each field is filled."""

    source: str
    name: str
    first_on: date
    last_on: date
    raw_rows: int
    orders: int
    sales_minor: int
    attached_minor: int
    store_share: float
    associate_share: float
    customer_share: float

    def as_document(self) -> dict[str, Any]:
        """One source of `checkup --json`."""
        return {
            "source": self.source,
            "first_on": self.first_on.isoformat(),
            "last_on": self.last_on.isoformat(),
            "orders": self.orders,
            "sales_minor": self.sales_minor,
            "attached_minor": self.attached_minor,
        }


@dataclass(frozen=True)
class Report:
    """The whole check-up as of a day; money in minor units of `currency`, shares 0 to 1."""

    as_of: date
    shop: str
    language: str
    currency: str
    attachable_sales_share: float
    sales_minor: int
    attached_minor: int
    customers: int
    first_on: date | None
    last_on: date | None
    headline: str
    sentence: str
    previous_on: date | None
    previous_share: float | None
    findings: tuple[Finding, ...]
    channels: tuple[Channel, ...]

    def as_document(self) -> dict[str, Any]:
        """The JSON of `checkup --json`; further keys follow those of the contract."""
        return {
            "as_of": self.as_of.isoformat(),
            "attachable_sales_share": round(self.attachable_sales_share, 6),
            "findings": [finding.as_document() for finding in self.findings],
            "headline": self.headline,
            "sales_minor": self.sales_minor,
            "attached_minor": self.attached_minor,
            "currency": self.currency,
            "channels": [channel.as_document() for channel in self.channels],
        }


@dataclass(frozen=True)
class RowBehind:
    """One row behind a finding; `detail` is a code or value that the rule explains."""

    n: int
    source: str
    order_no: str
    batch_id: int | None
    row_no: int | None
    store: str
    ordered_on: date | None
    money_minor: int
    rows: int
    detail: str


@dataclass(frozen=True)
class Month:
    """Sales of one month, store and source, and how much has a person behind it."""

    month: date
    store: str | None
    source: str
    sales_minor: int
    attached_minor: int
    orders: int
    attached_orders: int
    members_registered: int
