"""What pages show of one customer's clock, the parameters of fitted models, and what they are fitted on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Purchases:
    """Purchase days of many customers, sorted by customer, then day.

    `customers` (ids, ascending) and `starts` (where each one's rows begin, with the end of all as the last element)
    belong together; `days` counts days from any one day; `net` is what a purchase day brought, in minor units.
    `touches` holds days of what customers did besides buying (visits, replies, browsing), by kind and in the same
    order of customers, as (starts, days).
    """

    customers: NDArray[np.int64]
    starts: NDArray[np.int64]
    days: NDArray[np.int64]
    net: Floats
    touches: Mapping[str, tuple[NDArray[np.int64], NDArray[np.int64]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Panel:
    """What was known of each customer on one day, and what came after it.

    `rows` are the customers (places in `Purchases.customers`) who had bought before `cut`; `columns` holds one array a
    feature; `orders` and `spend` are what they did in `[cut, cut + horizon)`: an answer, never a feature.
    """

    cut: int
    horizon: int
    rows: NDArray[np.int64]
    columns: Mapping[str, Floats]
    orders: Floats
    spend: Floats


@dataclass(frozen=True)
class Window:
    """How far BG/NBD was off in one past window: shifts that would have made it right, with their standard errors.

    `shift` is in log odds of coming back, `spend_shift` in natural logarithms of money; `history_days` says how many
    days of the shop's past it knew.
    """

    cut: int
    horizon: int
    history_days: int
    shift: float
    error: float
    spend_shift: float
    spend_error: float


@dataclass(frozen=True)
class Level:
    """What to add to predictions of the window ahead, and its standard error; `basis` says what it was learned from."""

    shift: float
    error: float
    basis: str
    windows: int


@dataclass(frozen=True)
class Outlook:
    """What to expect of each history: chance to be alive, and by horizon (days) the purchases and their spread.

    `variances` are those of the outcome: how different people of one history do, not the doubt about parameters.
    """

    alive: Floats
    orders: Mapping[int, Floats]
    variances: Mapping[int, Floats]


@dataclass(frozen=True)
class Prediction:
    """One model on one day. `value`, `low` and `high` belong to `customers` (ids); `methods` holds all rankings.

    `method` says which of them `value` was made of; `basis` whether history was `enough` or it was `little_data`.
    """

    customers: NDArray[np.int64]
    value: Floats
    low: Floats
    high: Floats
    method: str
    basis: str
    methods: Mapping[str, Floats]
    level: Level
    model: BgNbd
    panel: Panel
    chances: Mapping[str, Floats]
    history_days: int
