"""What pages show of one customer's clock, and the parameters of fitted models."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PurchaseClock:
    """One customer's rhythm. Gaps in days, oldest first; `basis` says whose rhythm it is (`own`, `shop`)."""

    customer_id: int
    purchases: int
    first_on: date
    last_on: date
    gaps: tuple[int, ...]
    usual_days: float
    early_days: int | None
    late_days: int | None
    days_since: int
    overdue_days: int
    basis: str
    expected_on: date
    returns_within_28_days_share: float


@dataclass(frozen=True)
class BgNbd:
    """Parameters of the BG/NBD model in the unit of time it was fitted with.

    Purchase rates are gamma(r, alpha), the chance to leave after a purchase is beta(a, b). `customers` is the sum of
    weights, `log_likelihood` that of the data at the maximum.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    customers: float


@dataclass(frozen=True)
class GammaGamma:
    """Parameters of the Gamma-Gamma model: purchase values are gamma(p, nu), and nu is gamma(q, gamma)."""

    p: float
    q: float
    gamma: float
    log_likelihood: float
    customers: float
