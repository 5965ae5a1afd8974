-- table: metric_days
-- takes: metric_orders
-- gives: one row a customer and purchase day, with the purchase days before and after it
-- grain: customer_id, day_on
-- scope: store
-- sort: day_on, customer_id
-- note: orders of one day are one purchase. Store, channel and associate are those of the day's first order: where a
-- note: metric asks where a customer belongs, it is the place of their latest purchase.
select
  customer_id,
  ordered_on as day_on,
  order_key,
  store,
  channel,
  associate,
  member_from,
  before_on as previous_on,
  lead(ordered_on) over (partition by customer_id order by ordered_on) as next_on
from metric_orders
where is_purchase and customer_id is not null and (before_on is null or before_on < ordered_on)
