-- table: finding_month_dropped
-- takes: checkup_months
-- gives: one row a month in which a store's source has under a third of the orders of the months before and after
-- grain: source, store, ordered_on
-- scope: system
-- whole months only, between months of at least 60 orders; the last whole month is held against the two before it.
-- money is what the lower neighbour sold beyond it
with counted as (
  select month, source, store, orders, sales_minor
  from checkup_months
  where orders > 0 and date_diff('day', month, cast($as_of as date)) >= 31
),
beside as (
  select
    *,
    lag(month) over (partition by source, store order by month) as month_1,
    lag(orders) over (partition by source, store order by month) as orders_1,
    lag(sales_minor) over (partition by source, store order by month) as sales_1,
    lag(orders, 2) over (partition by source, store order by month) as orders_2,
    lag(sales_minor, 2) over (partition by source, store order by month) as sales_2,
    lead(month) over (partition by source, store order by month) as month_3,
    lead(orders) over (partition by source, store order by month) as orders_3,
    lead(sales_minor) over (partition by source, store order by month) as sales_3
  from counted
),
held as (
  select
    month, source, store, orders, sales_minor, month_1, month_3,
    least(orders_1, coalesce(orders_3, orders_2)) as beside_orders,
    least(sales_1, coalesce(sales_3, sales_2)) as beside_minor
  from beside
)
select
  source, null as order_no, null as batch_id, null as row_no, null as record_id, store, month as ordered_on,
  greatest(beside_minor - sales_minor, 0) as money_minor,
  1 as raw_rows,
  orders,
  'month ' || cast(month as varchar) as detail
from held
where beside_orders >= 60 and orders < 0.3 * beside_orders
  and date_diff('day', month_1, month) <= 31
  and (month_3 is null or date_diff('day', month, month_3) <= 31)
