"""What the check-up tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Parameter = str | int | float


@dataclass(frozen=True)
class Finding:
    """One problem, written out in the reader's language.

    `rows` are raw rows (customers, products, days or files where `of` says so), `money_rule` how the money is counted,
    `previous_minor` the money at the check-up that this one is compared with (null: not looked for then), `still_minor`
    what the days of that one come to now (null where rows stand on no day of their own), `share` its money over all
    sales. `fixer` says who repairs it and `minutes` about how long that takes.
    """

    code: str
    title: str
    cause: str
    money_rule: str
    repair: tuple[str, ...]
    effect: str
    fixer: str
    minutes: int
    of: str
    rows: int
    orders: int
    money_minor: int
    previous_minor: int | None
    still_minor: int | None
    share: float
    currency: str
    parameters: Mapping[str, Parameter]
    first_on: date | None
    last_on: date | None
    stores: tuple[str, ...]

    @property
    def mended_minor(self) -> int | None:
        """The money that left the days of the last check-up since; negative where more was found in them."""
        if self.previous_minor is None or self.still_minor is None:
            return None
        return self.previous_minor - self.still_minor

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
            "money_rule": self.money_rule,
            "rows_are": self.of,
            "fixer": self.fixer,
            "minutes": self.minutes,
            "first_on": self.first_on.isoformat() if self.first_on else None,
            "last_on": self.last_on.isoformat() if self.last_on else None,
            "stores": list(self.stores),
            "previous_minor": self.previous_minor,
            "mended_minor": self.mended_minor,
            "parameters": dict(self.parameters),
        }


@dataclass(frozen=True)
class Past:
    """A check-up made earlier: its day, the last import that it knew, and its sums."""

    as_of: date
    last_batch: int
    sales_minor: int
    attached_minor: int
    customers: int


@dataclass(frozen=True)
class ImportStep:
    """An import between two check-ups: its file, what it holds, the first day of its rows, and the day it was made."""

    batch_id: int
    file: str
    source: str
    kind: str
    first_on: date | None
    imported_on: date


@dataclass(frozen=True)
class Change:
    """A problem at two check-ups. `kind` is new, gone, better, worse or same; `mended_on` the last import between."""

    code: str
    title: str
    kind: str
    before_minor: int
    now_minor: int
    mended_on: date | None

    def as_document(self) -> dict[str, Any]:
        """One entry of `comparison.changes`."""
        return {
            "code": self.code,
            "title": self.title,
            "kind": self.kind,
            "before_minor": self.before_minor,
            "now_minor": self.now_minor,
            "mended_on": self.mended_on.isoformat() if self.mended_on else None,
        }


@dataclass(frozen=True)
class Comparison:
    """This check-up against the last one.

    `brought_back_minor` is what the days of the last check-up gained in sales with a person since; `imports` are the
    imports between that reach into those days. `sentences` tell the share and what came back in the reader's language,
    `named` the problems that moved most.
    """

    previous_on: date
    previous_share: float | None
    share: float | None
    brought_back_minor: int
    imports: tuple[ImportStep, ...]
    changes: tuple[Change, ...]
    sentences: tuple[str, ...]
    named: tuple[str, ...]

    def as_document(self) -> dict[str, Any]:
        """The key `comparison` of `checkup --json`."""
        return {
            "previous_on": self.previous_on.isoformat(),
            "previous_share": self.previous_share,
            "attachable_sales_share": self.share,
            "brought_back_minor": self.brought_back_minor,
            "imports": [
                {"file": step.file, "source": step.source, "imported_on": step.imported_on.isoformat()}
                for step in self.imports
            ],
            "changes": [change.as_document() for change in self.changes],
            "sentences": [*self.sentences, *self.named],
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
    """The whole check-up as of a day; money in minor units of `currency`, shares 0 to 1.

    `trend` is the share of sales with a person by month, of whole and begun months with sales.
    """

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
    comparison: Comparison | None
    trend: tuple[tuple[date, float], ...]

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
            "comparison": self.comparison.as_document() if self.comparison else None,
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
