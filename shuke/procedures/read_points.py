"""Points and tiers of the ledger as the week's segments read them: the table `member_points`."""

from datetime import date

import pyarrow as pa

from shuke.kernel.actor import Actor
from shuke.lake.actions import Run
from shuke.lake.rules import literal
from shuke.loyalty.adapters import programme as programme_of
from shuke.loyalty.queries.points import point_sums
from shuke.loyalty.rules.validity import starts_at

_KINDS = {
    "account": pa.int64(), "group_id": pa.int64(), "customer": pa.int64(), "available": pa.int64(),
    "pending": pa.int64(), "expiring": pa.int64(), "first_end": pa.string(), "points": pa.int64(),
    "tier": pa.string(), "coupons": pa.int64(),
}  # fmt: skip
# Accounts of one group belong to the customer of the account that stands for them; of one customer's accounts that
# are not joined yet the oldest names the tier.
_POINTS = """
with groups as (
  select m.account, m.group_id, coalesce(a.customer_id, r.customer) as customer_id
  from points_members m
  join points_members r on r.account = m.group_id
  left join customer_aliases a on a.alias_id = r.customer
)
select g.customer_id, min(g.group_id) as account_id,
  coalesce(min(case when g.account = g.group_id then t.tier end), {basic}) as tier,
  coalesce(sum(w.points), 0)::bigint as growth_12m, coalesce(sum(l.available), 0)::bigint as available,
  coalesce(sum(l.pending), 0)::bigint as pending, coalesce(sum(l.expiring), 0)::bigint as expiring_30d,
  (min(l.first_end::timestamp) - interval 1 second + interval {offset} minute)::date as next_expiry_on,
  coalesce(sum(c.coupons), 0)::bigint as coupons_open, {as_of} as as_of
from groups g
left join points_lots l on l.account = g.account
left join points_growth w on w.account = g.account
left join points_tiers t on t.account = g.account
left join points_coupons c on c.account = g.account
where g.customer_id is not null
group by g.customer_id
"""


def read_points(actor: Actor, *, run: Run, as_of: date) -> int:
    """Fills `member_points` as of the beginning of a day; returns how many customers have an account."""
    programme = programme_of(run.workspace)
    at = starts_at(as_of, zone=programme.zone)
    lake = run.reader()
    for name, columns in point_sums(actor, at=at, as_of=as_of).items():
        table = pa.table({key: pa.array(values, _KINDS[key]) for key, values in columns.items()})
        lake.cursor.register(f"points_{name}", table)
    lake.use("customer_aliases")
    # The zone's distance from UTC on that day; expiry is at midnight, where clocks do not change in practice.
    offset = int(((at.replace(tzinfo=None) - starts_at(as_of, zone="UTC").replace(tzinfo=None)).total_seconds()) // -60)
    sql = _POINTS.format(as_of=literal(as_of), offset=offset, basic=literal(programme.perks.ladder.tiers[0].code))
    return run.write("member_points", sql=sql)
