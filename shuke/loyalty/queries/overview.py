"""The programme at a glance, from the lake's picture of all members: no page counts over the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader

_BY_TIER = """
select
  tier, count(*) as members, sum(available)::bigint as available, sum(pending)::bigint as pending,
  sum(expiring_30d)::bigint as expiring, count(*) filter (where expiring_30d > 0) as expiring_members,
  min(next_expiry_on) as next_on, sum(coupons_open)::bigint as coupons, max(as_of) as as_of
from member_points
group by tier
order by tier
"""
_BY_DAY = """
select next_expiry_on as ends_on, sum(expiring_30d)::bigint as points, count(*) as members
from member_points
where expiring_30d > 0
group by next_expiry_on
order by next_expiry_on
limit $most
"""


@dataclass(frozen=True)
class TierCount:
    """Members of a tier that the actor may see, and their points; `expiring` end within 30 days of `as_of`."""

    tier: str
    members: int
    available: int
    pending: int
    expiring: int
    expiring_members: int
    next_on: date | None
    coupons: int
    as_of: date


@dataclass(frozen=True)
class Wave:
    """Members whose points end first on one day, and what ends of theirs within 30 days."""

    ends_on: date
    points: int
    members: int


def tier_counts(actor: Actor, *, lake: Reader) -> Sequence[TierCount]:
    """Sums by tier over the members that the actor may see, as of the last computation; empty before the first."""
    require(actor, Permission.SEE_LOYALTY)
    if not lake.has("member_points"):
        return []
    return [TierCount(**row) for row in lake.rows(_BY_TIER)]


def waves(actor: Actor, *, lake: Reader, most: int = 5) -> Sequence[Wave]:
    """The next days on which points end, by the first such day of each member; the earliest first."""
    require(actor, Permission.SEE_LOYALTY)
    if not lake.has("member_points"):
        return []
    return [Wave(**row) for row in lake.rows(_BY_DAY, most=most)]
