-- table: customer_clocks
-- takes: customer_gaps
-- gives: one row a customer with a purchase: how many, when, and the exact quartiles of the own gaps
-- grain: customer_id
-- scope: customer
-- sort: customer_id
-- note: median = mean of the two middle gaps; quartiles by nearest rank (the smallest gap with a quarter, three quarters at or below it).
with ranked as (
  select
    customer_id,
    gap_days,
    row_number() over (partition by customer_id order by gap_days) as place,
    count(*) over (partition by customer_id) as n
  from customer_gaps
  where gap_days is not null
),
quartiles as (
  select
    customer_id,
    avg(gap_days) filter (where 2 * place between n and n + 2) as median_gap_days,
    min(gap_days) filter (where 4 * place >= n) as gap_p25_days,
    min(gap_days) filter (where 4 * place >= 3 * n) as gap_p75_days
  from ranked
  group by customer_id
),
totals as (
  select
    customer_id,
    count(*) as purchases,
    count(gap_days) as gaps,
    min(from_on) as first_on,
    max(from_on) as last_on,
    min(to_on) as second_on,
    max(from_on) filter (where to_on is not null) as previous_on,
    coalesce(sum(ln(gap_days)), 0) as log_gap_sum,
    coalesce(sum(ln(gap_days) * ln(gap_days)), 0) as log_gap_squares,
    sum(net_minor) as purchase_net_minor,
    count(*) filter (where from_on >= $as_of - 365) as purchases_365
  from customer_gaps
  group by customer_id
)
select
  t.customer_id,
  t.purchases::integer as purchases,
  t.gaps::integer as gaps,
  t.first_on,
  t.second_on,
  t.previous_on,
  t.last_on,
  t.purchases_365::integer as purchases_365,
  t.purchase_net_minor::bigint as purchase_net_minor,
  t.log_gap_sum,
  t.log_gap_squares,
  q.median_gap_days,
  q.gap_p25_days,
  q.gap_p75_days
from totals t
left join quartiles q on q.customer_id = t.customer_id
