"""The rules of coupons, split by noun: codes, pricing, choosing."""

from shuke.loyalty.rules.coupons.choosing import MOST, TooManyCoupons, price
from shuke.loyalty.rules.coupons.codes import check_character, is_code, make_code, make_codes
from shuke.loyalty.rules.coupons.pricing import spread

__all__ = ["MOST", "TooManyCoupons", "check_character", "is_code", "make_code", "make_codes", "price", "spread"]
