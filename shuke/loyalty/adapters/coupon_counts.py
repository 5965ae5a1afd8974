"""Counts over millions of coupons: each from an index of its own, which only literal states lead to."""

from datetime import datetime

from django.db import connection

_STATES = """
select campaign, 'issued', count(*) from loyalty_coupon where programme = %s and state = 'issued' group by campaign
union all
select campaign, 'held', count(*) from loyalty_coupon where programme = %s and state = 'held' group by campaign
union all
select campaign, 'void', count(*) from loyalty_coupon where programme = %s and state = 'void' group by campaign
union all
select campaign, 'used', count(*) from loyalty_coupon where order_no > '' and programme = %s group by campaign
"""
_OVER = """
select campaign, held_minor from loyalty_coupon where programme = %s and state = 'held' and held_until <= %s
"""


def counts_by_state(programme: str) -> list[tuple[str, str, int]]:
    """(campaign, state, coupons) as they are stored."""
    with connection.cursor() as cursor:
        cursor.execute(_STATES, [programme] * 4)
        return [(campaign, state, number) for campaign, state, number in cursor.fetchall()]


def reserved_by_holds_that_are_over(programme: str, *, now: datetime) -> list[tuple[str, int]]:
    """(campaign, minor units) of coupons whose holds have timed out and wait to be written down."""
    with connection.cursor() as cursor:
        cursor.execute(_OVER, [programme, now])
        return [(campaign, money) for campaign, money in cursor.fetchall()]
