"""Reads of the room: accounts and statements, tiers, benefits and coupons, finance."""

from shuke.loyalty.queries.benefit_views import badges, benefit_uses, benefits
from shuke.loyalty.queries.coupon_views import budgets, campaign_counts, coupon, coupons, refusals
from shuke.loyalty.queries.terms import programme
from shuke.loyalty.queries.tier_views import standings, tier_progress

__all__ = [
    "badges",
    "benefit_uses",
    "benefits",
    "budgets",
    "campaign_counts",
    "coupon",
    "coupons",
    "programme",
    "refusals",
    "standings",
    "tier_progress",
]
