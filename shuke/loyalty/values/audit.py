"""What a reconciliation found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Drift:
    """One value of an account that is not what its entries say.

    `field` is a column of the balance, `lot.` and a column, `order.points`, `chain` (a transaction that is not what
    was sealed, or a link that is missing) or `head`. `reference` is the lot, order or transaction, 0 for the account.
    """

    account_id: int
    field: str
    reference: int
    expected: str
    found: str


@dataclass(frozen=True)
class Reconciliation:
    """What was compared, every drift by account, how many accounts were frozen for it, and the time it took."""

    accounts: int
    txns: int
    entries: int
    drifts: tuple[Drift, ...]
    frozen: int
    seconds: float
