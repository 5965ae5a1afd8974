"""What pages, tasks and the API show of predictions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class CustomerValue:
    """What a customer is worth. Low and high hold nine of ten outcomes; margins in minor units."""

    customer_id: int
    alive_share: float
    orders_30: float
    orders_90: float
    orders_365: float
    orders_30_low: int
    orders_30_high: int
    orders_90_low: int
    orders_90_high: int
    orders_365_low: int
    orders_365_high: int
    margin_30_minor: int
    margin_90_minor: int
    margin_365_minor: int
    margin_30_low_minor: int
    margin_30_high_minor: int
    margin_90_low_minor: int
    margin_90_high_minor: int
    margin_365_low_minor: int
    margin_365_high_minor: int
    discounted_value_minor: int
    purchase_minor: int
    version: str


@dataclass(frozen=True)
class Reason:
    """A code of `reasons.yaml`, what it adds against the typical customer, and the customer's own figure."""

    code: str
    value: float
    fact: float | None


@dataclass(frozen=True)
class Score:
    """One prediction of one customer. `score` is a rank from 0 to 100; `method` says what made it."""

    customer_id: int
    model: str
    horizon_days: int
    score: int
    value: float
    low: float
    high: float
    method: str
    version: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class ModelCard:
    """What a model is made of and how well it did. `details`: state, method, level, figures, notes, parameters."""

    model: str
    horizon_days: int
    version: str
    as_of: date
    rows: int
    details: Mapping[str, Any]


@dataclass(frozen=True)
class ScoreLine:
    """One figure of one method on one time cut; None where the figure does not exist there."""

    model: str
    horizon_days: int
    cut_on: date
    metric: str
    method: str
    customers: int
    value: float | None
    low: float | None
    high: float | None
    is_baseline: bool
    is_winner: bool
    is_used: bool
