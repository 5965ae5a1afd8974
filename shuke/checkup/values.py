"""What the check-up tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

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
