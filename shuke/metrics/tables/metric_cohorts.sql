-- table: metric_cohorts
-- takes: metric_days, metric_orders, metric_places
-- gives: one row a month of first purchase, store and channel of it, and month since: who bought, and for how much
-- grain: cohort_on, store, channel, age
-- scope: store
-- sort: cohort_on, store, channel, age
-- note: age 0 is the month of the first purchase itself, so its buyers are the whole cohort. Calendar months; a month that
-- note: is not over is there too: who shows it hides it. Refunds lower the month of their order.
with firsts as (
  select customer_id, day_on, place
  from metric_days
  where previous_on is null
),
months as (
  select
    customer_id,
    cast(date_trunc('month', ordered_on) as date) as month_on,
    sum(net_minor) as net_minor,
    sum(case when is_purchase then 1 else 0 end) as orders
  from metric_orders
  where customer_id is not null
  group by customer_id, cast(date_trunc('month', ordered_on) as date)
),
aged as (
  select
    cast(date_trunc('month', f.day_on) as date) as cohort_on,
    f.place,
    12 * (year(m.month_on) - year(f.day_on)) + month(m.month_on) - month(f.day_on) as age,
    m.orders,
    m.net_minor
  from months m
  join firsts f on f.customer_id = m.customer_id
)
select
  a.cohort_on,
  l.store,
  l.channel,
  cast(a.age as integer) as age,
  sum(case when a.orders > 0 then 1 else 0 end)::bigint as buyers,
  sum(a.orders)::bigint as orders,
  sum(a.net_minor)::bigint as net_minor
from aged a
left join metric_places l on l.place = a.place
where a.age >= 0
group by a.cohort_on, l.store, l.channel, a.age
