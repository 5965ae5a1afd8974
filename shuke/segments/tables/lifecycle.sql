-- table: lifecycle
-- takes: customer_features, customer_gaps, customer_profiles, lapse_limits
-- gives: one row a customer: the stage, since when, and the limits in days that decided it
-- grain: customer_id
-- scope: customer
-- sort: customer_id
-- note: lapsing begins on the first day on which days_since exceeds lapsing_days; won back = the last closed gap was a lapsed one.
with limits as (
  select
    f.customer_id,
    f.orders,
    f.first_on,
    f.second_on,
    f.last_on,
    f.cycle_days,
    f.days_since,
    greatest($lapsing_days_min, ceil(l.lapsing_cycles * f.cycle_days))::integer as lapsing_days,
    greatest($lapsing_days_min + 1, ceil(l.lapsed_cycles * f.cycle_days))::integer as lapsed_days
  from customer_features f
  cross join lapse_limits l
),
returns as (
  -- the last time somebody came back late, and whether that was the last gap
  select
    g.customer_id,
    max(g.to_on) filter (where g.gap_days > l.lapsing_days) as came_back_on,
    max(g.to_on) filter (where g.gap_days > l.lapsed_days) as won_back_on
  from customer_gaps g
  join limits l on l.customer_id = g.customer_id
  where g.gap_days is not null
  group by g.customer_id
),
people as (
  -- only people who were known before the day
  select customer_id
  from customer_profiles
  where coalesce(least(registered_on, first_seen_on), date '1900-01-01') < $as_of
  union
  select customer_id from limits
)
select
  p.customer_id,
  case
    when l.customer_id is null then 'prospect'
    when l.days_since > l.lapsed_days then 'lapsed'
    when l.days_since > l.lapsing_days then 'lapsing'
    when l.orders = 1 then 'new'
    when r.won_back_on = l.last_on then 'won_back'
    else 'active'
  end as stage,
  case
    when l.customer_id is null then coalesce(c.registered_on, c.first_seen_on)
    when l.days_since > l.lapsed_days then l.last_on + l.lapsed_days + 1
    when l.days_since > l.lapsing_days then l.last_on + l.lapsing_days + 1
    when l.orders = 1 then l.first_on
    when r.won_back_on = l.last_on then l.last_on
    else greatest(l.second_on, r.came_back_on)
  end as since_on,
  case
    when l.customer_id is null then 'no_purchase'
    when l.days_since > l.lapsed_days then 'far_overdue'
    when l.days_since > l.lapsing_days then 'overdue'
    when l.orders = 1 then 'one_purchase'
    when r.won_back_on = l.last_on then 'returned'
    else 'on_time'
  end as reason,
  l.cycle_days,
  l.days_since,
  l.lapsing_days,
  l.lapsed_days
from people p
left join limits l on l.customer_id = p.customer_id
left join returns r on r.customer_id = p.customer_id
left join customer_profiles c on c.customer_id = p.customer_id
