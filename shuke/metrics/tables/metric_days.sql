-- table: metric_days
-- takes: metric_orders, metric_places
-- gives: one row a customer and purchase day, with the purchase days before and after it
-- grain: customer_id, day_on
-- scope: store
-- note: orders of one day are one purchase. The place is that of the day's first order (by its key): where a metric asks
-- note: where a customer belongs, it is the place of their latest purchase.
with bought as (
  select
    customer_id,
    ordered_on,
    order_key,
    place,
    member_from,
    lag(ordered_on) over (partition by customer_id order by ordered_on, order_key) as before_on
  from metric_orders
  where is_purchase and customer_id is not null
),
days as (
  select
    customer_id,
    ordered_on as day_on,
    place,
    member_from,
    before_on as previous_on,
    lead(ordered_on) over (partition by customer_id order by ordered_on) as next_on
  from bought
  where before_on is null or before_on < ordered_on
)
select d.customer_id, d.day_on, d.place, l.store, d.member_from, d.previous_on, d.next_on
from days d
left join metric_places l on l.place = d.place
