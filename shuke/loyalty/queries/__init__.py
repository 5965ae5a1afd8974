"""Reads of the room: accounts and statements, tiers, benefits and coupons, finance."""

from shuke.loyalty.queries.accounts import AccountView, Expiring, LotView, account, expiring, lots
from shuke.loyalty.queries.benefit_views import badges, benefit_uses, benefits
from shuke.loyalty.queries.coupon_views import budgets, campaign_counts, coupon, coupons, refusals
from shuke.loyalty.queries.pricing import price_cart
from shuke.loyalty.queries.statement import EntryView, Line, balance, explain, statement
from shuke.loyalty.queries.terms import programme
from shuke.loyalty.queries.tier_views import standings, tier_progress

__all__ = [
    "AccountView",
    "EntryView",
    "Expiring",
    "Line",
    "LotView",
    "account",
    "badges",
    "balance",
    "benefit_uses",
    "benefits",
    "budgets",
    "campaign_counts",
    "coupon",
    "coupons",
    "expiring",
    "explain",
    "lots",
    "price_cart",
    "programme",
    "refusals",
    "standings",
    "statement",
    "tier_progress",
]
