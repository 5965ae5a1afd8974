"""Bounds and weights of matching, as the definitions give them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How much of a kind one customer has at most, and when a silent number changed hands (days)."""

    values: Mapping[str, int]
    recycled_after_days: int


@dataclass(frozen=True)
class DataGuard:
    """How many distinct full names or other keys a value of one type may carry."""

    names: int
    others: int


@dataclass(frozen=True)
class TillNumber:
    """When a phone is a till's own number."""

    receipts: int
    receipts_per_day: float
    times_of_p99: float
    staff_receipts: int
    times_of_staff_median: float


@dataclass(frozen=True)
class Weights:
    """Probabilities of definitions/matching.yaml."""

    keys: Mapping[str, float]
    other_receiver: float
    second_account_share: float
    agrees: Mapping[str, float]
    automatic_from: float
    probable_from: float
    two_accounts: float
    similar_name: float
    began_anew: float
    between_owners: float
    review_from: float = 0.25
