"""The rows of the room, by noun: accounts with their lots, the ledger, perks, and the office's papers.

Ids that point to rows of the ledger have no foreign keys in the database: a row of the ledger is never deleted, its
writer takes ids only from rows that it has locked, and ten million openings would pay for ninety million checks.
"""

from shuke.loyalty.models.accounts import Account, Balance, Hold, Lot, Order
from shuke.loyalty.models.ledger import Entry, Txn
from shuke.loyalty.models.office import Adjustment, Claim, DayClose
from shuke.loyalty.models.perks import BenefitUse, Budget, Coupon, CouponEvent, Growth, Tier

__all__ = [
    "Account", "Adjustment", "Balance", "BenefitUse", "Budget", "Claim", "Coupon", "CouponEvent", "DayClose", "Entry",
    "Growth", "Hold", "Lot", "Order", "Tier", "Txn",
]  # fmt: skip
