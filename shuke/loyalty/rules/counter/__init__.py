"""What happens to coupons and benefits at the counter, decided on the shelf of a transaction."""

from shuke.loyalty.rules.counter.coupons import CouponsRefused, price_on, state_at, stored_code
from shuke.loyalty.rules.counter.shelf import apply, check_perks, decide, named_coupons, needs_shelf, refuse, settle

__all__ = [
    "CouponsRefused", "apply", "check_perks", "decide", "named_coupons", "needs_shelf", "price_on", "refuse", "settle",
    "state_at", "stored_code",
]  # fmt: skip
