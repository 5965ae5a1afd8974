-- table: customer_clocks
-- takes: customer_gaps
-- gives: one row a customer with a purchase: how many, when, and the exact quartiles of the own gaps
-- grain: customer_id
-- scope: customer
-- note: median = mean of the two middle gaps; quartiles by nearest rank (the smallest gap with a quarter, three quarters at or below it).
with ranked as (
  -- the open gap has no length and comes last
  select
    *,
    row_number() over (partition by customer_id order by gap_days nulls last) as place,
    count(gap_days) over (partition by customer_id) as n
  from customer_gaps
)
select
  customer_id,
  count(*)::integer as purchases,
  count(gap_days)::integer as gaps,
  min(from_on) as first_on,
  min(to_on) as second_on,
  max(from_on) filter (where to_on is not null) as previous_on,
  max(from_on) as last_on,
  (count(*) filter (where from_on >= $as_of - 365))::integer as purchases_365,
  sum(net_minor)::bigint as purchase_net_minor,
  coalesce(sum(ln(gap_days)), 0) as log_gap_sum,
  coalesce(sum(ln(gap_days) * ln(gap_days)), 0) as log_gap_squares,
  avg(gap_days) filter (where 2 * place between n and n + 2) as median_gap_days,
  min(gap_days) filter (where 4 * place >= n) as gap_p25_days,
  min(gap_days) filter (where 4 * place >= 3 * n) as gap_p75_days
from ranked
group by customer_id
