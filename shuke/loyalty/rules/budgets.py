"""Budgets: reserved when coupons are held, used when they are captured, free again when they are given back.

A campaign's total number of coupons is a budget too, counted in coupons; so one locked row guards each limit.
"""

from dataclasses import replace
from datetime import date, timedelta

from shuke.loyalty.values.coupons import Campaign, CouponKind
from shuke.loyalty.values.ledger import Programme
from shuke.loyalty.values.shelf import BudgetRow

_COUNT = "count:"


def budgets_of(campaign: Campaign) -> tuple[str, ...]:
    """The codes of the budget rows that a campaign's coupons touch, the money first."""
    money = (campaign.budget,) if campaign.budget else ()
    return (*money, count_of(campaign.code)) if campaign.total else money


def count_of(campaign: str) -> str:
    """The code of the row that counts a campaign's coupons."""
    return f"{_COUNT}{campaign}"


def limit_of(code: str, *, programme: Programme) -> int:
    """What a budget may give as the programme's files say it now; 0 for one that they no longer name."""
    if code.startswith(_COUNT):
        campaign = programme.perks.campaigns.get(code.removeprefix(_COUNT))
        return campaign.total if campaign else 0
    return programme.perks.budgets.get(code, 0)


def no_campaign(code: str) -> Campaign:
    """Stands for a campaign that the files no longer name: without budget, limits or a way back."""
    return Campaign(code, code, code, CouponKind.AMOUNT)


def last_day(campaign: Campaign, *, issued_on: date) -> date | None:
    """The last local day of a coupon issued on a day: `days` days later or `until`, the earlier; None: for ever."""
    ends = [campaign.until] if campaign.until else []
    return min([*ends, issued_on + timedelta(days=campaign.days)] if campaign.days else ends, default=None)


def moves(campaign: Campaign, *, cost: int, reserved: int = 0, used: int = 0) -> dict[str, tuple[int, int]]:
    """What a campaign's budgets move for one coupon of `cost`: `reserved` and `used` are 1, 0 or -1 (given back)."""
    money = {campaign.budget: (reserved * cost, used * cost)} if campaign.budget else {}
    return {**money, count_of(campaign.code): (reserved, used)} if campaign.total else money


def moved(row: BudgetRow, *, reserved: int, used: int) -> BudgetRow:
    """The budget after a move; never below nothing, and its limit never below what it gave already."""
    after = replace(row, reserved=max(0, row.reserved + reserved), used=max(0, row.used + used))
    return replace(after, limit=max(after.limit, after.reserved + after.used))
