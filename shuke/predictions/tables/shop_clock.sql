-- table: shop_clock
-- takes: customer_clocks, customer_gaps
-- gives: one row: the shop's typical gap, the weight k of it in an own clock, and when second purchases come
-- grain: one row
-- scope: none
-- note: k = variance within customers / variance between customers (one-way analysis of variance of log gaps), see definitions/purchase_clock.yaml.
with clocks as (
  select gaps, median_gap_days, log_gap_sum, log_gap_squares from customer_clocks where gaps > 0
),
sums as (
  select
    count(*) as customers,
    count(*) filter (where gaps >= 2) as customers_with_two,
    sum(gaps) as gaps,
    sum(gaps * gaps) as gaps_squared,
    sum(log_gap_squares - log_gap_sum * log_gap_sum / nullif(gaps, 0)) as within_squares,
    sum(log_gap_sum * log_gap_sum / nullif(gaps, 0)) as mean_squares,
    sum(log_gap_sum) as log_sum
  from clocks
),
variances as (
  select
    customers,
    customers_with_two,
    gaps,
    within_squares / nullif(gaps - customers, 0) as within_variance,
    ((mean_squares - log_sum * log_sum / nullif(gaps, 0)) / nullif(customers - 1, 0)
      - within_squares / nullif(gaps - customers, 0))
      / nullif((gaps - gaps_squared / nullif(gaps, 0)) / nullif(customers - 1, 0), 0) as between_variance
  from sums
),
medians as (
  select median_gap_days as days, sum(count(*)) over (order by median_gap_days) as up_to, count(*) as n
  from clocks
  group by median_gap_days
),
typical as (
  select min(days) as days from medians where 2 * up_to >= (select customers from sums)
),
first_gaps as (
  select gap_days, sum(count(*)) over (order by gap_days) as up_to
  from customer_gaps
  where gap_no = 1 and gap_days is not null
  group by gap_days
),
first_total as (
  select max(up_to) as n from first_gaps
),
second_purchase as (
  select
    min(f.gap_days) filter (where f.up_to >= t.n * $due_from_share) as from_days,
    min(f.gap_days) filter (where 2 * f.up_to >= t.n) as usual_days,
    min(f.gap_days) filter (where f.up_to >= t.n * $due_until_share) as until_days
  from first_gaps f
  cross join first_total t
)
select
  v.customers::bigint as customers_with_gaps,
  coalesce(v.gaps, 0)::bigint as gaps,
  coalesce(t.days, $cycle_default_days)::double as typical_gap_days,
  case
    when v.customers_with_two < $needs_customers or v.within_variance is null then $shrink_default
    when coalesce(v.between_variance, 0) <= 0 then $shrink_max
    else least($shrink_max, greatest($shrink_min, v.within_variance / nullif(v.between_variance, 0)))
  end::double as shrink_gaps,
  coalesce(s.from_days, $cycle_default_days)::integer as second_from_days,
  coalesce(s.usual_days, $cycle_default_days)::integer as second_usual_days,
  coalesce(s.until_days, 2 * $cycle_default_days)::integer as second_until_days
from variances v
cross join typical t
cross join second_purchase s
