-- table: campaign_effects
-- takes: coupons, metric_orders
-- gives: one row a coupon campaign and month of issue: what its people bought in the 28 days before and after, beside all others
-- grain: source, name, month_on
-- scope: system
-- sort: month_on, source, name
-- note: before and after prove nothing: whom a shop gives coupons to, and when, is no chance. The others are all known buyers
-- note: without this campaign, around the day in the middle of its issue: they show how the shop moved anyway.
with given as (
  select
    source,
    coalesce(nullif(trim(name), ''), source) as name,
    cast(date_trunc('month', issued_at) as date) as month_on,
    customer_id,
    min(cast(issued_at as date)) as issued_on,
    count(*) as coupons,
    sum(case when used_at is not null or status = 'used' then 1 else 0 end) as used,
    sum(case when used_at is not null or status = 'used' then coalesce(face_minor, 0) else 0 end) as face_used_minor
  from coupons
  where issued_at is not null and customer_id is not null and issued_at < $as_of
  group by 1, 2, 3, 4
),
bought as (
  select
    g.source,
    g.name,
    g.month_on,
    g.customer_id,
    sum(case when o.ordered_on < g.issued_on then o.net_minor else 0 end) as before_minor,
    sum(case when o.ordered_on >= g.issued_on then o.net_minor else 0 end) as after_minor,
    max(case when o.is_purchase and o.ordered_on < g.issued_on then 1 else 0 end) as bought_before,
    max(case when o.is_purchase and o.ordered_on >= g.issued_on then 1 else 0 end) as bought_after
  from given g
  join metric_orders o
    on o.customer_id = g.customer_id and o.ordered_on >= g.issued_on - 28 and o.ordered_on < g.issued_on + 28
  group by g.source, g.name, g.month_on, g.customer_id
),
runs as (
  select
    g.source,
    g.name,
    g.month_on,
    min(g.issued_on) as first_on,
    max(g.issued_on) as last_on,
    count(*) as people,
    sum(g.coupons)::bigint as coupons,
    sum(g.used)::bigint as used,
    sum(g.face_used_minor)::bigint as face_used_minor,
    coalesce(sum(b.before_minor), 0)::bigint as before_minor,
    coalesce(sum(b.after_minor), 0)::bigint as after_minor,
    coalesce(sum(b.bought_before), 0)::bigint as buyers_before,
    coalesce(sum(b.bought_after), 0)::bigint as buyers_after
  from given g
  left join bought b
    on b.source = g.source and b.name = g.name and b.month_on = g.month_on and b.customer_id = g.customer_id
  group by g.source, g.name, g.month_on
),
days as (
  select ordered_on, sum(net_minor) as net_minor
  from metric_orders
  where customer_id is not null
  group by ordered_on
),
drift as (
  select
    r.source,
    r.name,
    r.month_on,
    sum(case when d.ordered_on < r.middle_on then d.net_minor else 0 end)::bigint as shop_before_minor,
    sum(case when d.ordered_on >= r.middle_on then d.net_minor else 0 end)::bigint as shop_after_minor
  from (select *, first_on + cast(floor(date_diff('day', first_on, last_on) / 2.0) as integer) as middle_on from runs) r
  join days d on d.ordered_on >= r.middle_on - 28 and d.ordered_on < r.middle_on + 28
  group by r.source, r.name, r.month_on
)
select
  r.source, r.name, r.month_on, r.first_on, r.last_on, r.people, r.coupons, r.used, r.face_used_minor,
  r.before_minor, r.after_minor, r.buyers_before, r.buyers_after,
  greatest(coalesce(d.shop_before_minor, 0) - r.before_minor, 0) as others_before_minor,
  greatest(coalesce(d.shop_after_minor, 0) - r.after_minor, 0) as others_after_minor,
  r.last_on + 28 <= $as_of as is_over
from runs r
left join drift d on d.source = r.source and d.name = r.name and d.month_on = r.month_on
