"""Points, growth, tiers and coupons of every account at an instant, for the lake."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor

_SOON = timedelta(days=30)
_LOTS = """
select l.account_id,
  sum(case when l.available_at <= %s then l.free else 0 end),
  sum(case when l.available_at > %s then l.free else 0 end),
  sum(case when l.available_at <= %s and l.expires_at <= %s then l.free else 0 end),
  min(case when l.available_at <= %s then l.expires_at end)
from loyalty_lot l where l.free > 0 and (l.expires_at is null or l.expires_at > %s) group by l.account_id
"""
_GROWTH = (
    "select account_id, sum(points) from loyalty_growth where counts_on >= %s and counts_on < %s group by account_id"
)
_TIERS = """
select t.account_id, t.tier from loyalty_tier t
join (select account_id, max(id) as id from loyalty_tier group by account_id) last on last.id = t.id
"""
_COUPONS = """
select account_id, count(*) from loyalty_coupon
where state = 'issued' and account_id is not null and (expires_at is null or expires_at > %s) group by account_id
"""
_MEMBERS = "select id, group_id, customer_id from loyalty_account where closed_at is null"
Columns = dict[str, Sequence[Any]]


def point_sums(actor: Actor, *, at: datetime, as_of: date) -> dict[str, Columns]:
    """Columns of five small tables: members, lots, growth of the twelve months before `as_of`, tiers, open coupons.

    `lots` tell what is available, pending and about to end at `at`, and when the first available points end (UTC text).
    """
    require(actor, Permission.SEE_LOYALTY)
    soon = at + _SOON
    year_ago = as_of.replace(year=as_of.year - 1, day=min(as_of.day, 28) if as_of.month == 2 else as_of.day)
    lots = _asked(_LOTS, [at, at, at, soon, at, at], names=("account", "available", "pending", "expiring", "first_end"))
    lots["first_end"] = [None if value is None else str(value)[:19] for value in lots["first_end"]]
    for name in ("available", "pending", "expiring"):
        lots[name] = [int(value) for value in lots[name]]
    growth = _asked(_GROWTH, [year_ago, as_of], names=("account", "points"))
    growth["points"] = [int(value) for value in growth["points"]]
    return {
        "members": _asked(_MEMBERS, [], names=("account", "group_id", "customer")),
        "lots": lots,
        "growth": growth,
        "tiers": _asked(_TIERS, [], names=("account", "tier")),
        "coupons": _asked(_COUPONS, [at], names=("account", "coupons")),
    }


def _asked(sql: str, parameters: list[Any], *, names: Sequence[str]) -> Columns:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}
