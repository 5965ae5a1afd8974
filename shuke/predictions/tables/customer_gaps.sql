-- table: customer_gaps
-- takes: orders
-- gives: one row a purchase day of a customer, with the gap to the next purchase day (null: still open)
-- grain: customer_id, gap_no
-- scope: customer
-- sort: customer_id, gap_no
-- note: a purchase is a day with at least one counted order that was not returned in full; several orders of a day are one purchase.
-- note: what was returned is what return documents before the as-of day say; orders.returned_minor knows later ones too.
with returned as (
  select original_key, sum(-net_minor) as returned_minor
  from orders
  where is_return and original_key is not null and ordered_on < $as_of
  group by original_key
),
purchase_days as (
  select
    o.customer_id,
    o.ordered_on,
    count(*) as orders,
    sum(o.net_minor) as net_minor
  from orders o
  left join returned r on r.original_key = o.order_key
  where o.counted
    and o.customer_id is not null
    and not o.is_return
    and o.net_minor - coalesce(r.returned_minor, 0) > 0
    and o.ordered_on < $as_of
  group by o.customer_id, o.ordered_on
),
numbered as (
  select
    customer_id,
    row_number() over (partition by customer_id order by ordered_on) as gap_no,
    ordered_on as from_on,
    lead(ordered_on) over (partition by customer_id order by ordered_on) as to_on,
    orders,
    net_minor
  from purchase_days
)
select
  customer_id,
  gap_no::integer as gap_no,
  from_on,
  to_on,
  date_diff('day', from_on, to_on)::integer as gap_days,
  orders::integer as orders,
  net_minor::bigint as net_minor
from numbered
