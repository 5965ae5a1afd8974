-- table: customer_gaps
-- takes: orders
-- gives: one row a purchase day of a customer, with the gap to the next purchase day (null: still open)
-- grain: customer_id, gap_no
-- scope: customer
-- sort: customer_id, gap_no
-- note: a purchase is a day with at least one counted order that was not returned in full; several orders of a day are one purchase.
with purchase_days as (
  select
    customer_id,
    ordered_on,
    count(*) as orders,
    sum(net_minor) as net_minor
  from orders
  where counted
    and customer_id is not null
    and not is_return
    and net_minor - coalesce(returned_minor, 0) > 0
    and ordered_on < $as_of
  group by customer_id, ordered_on
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
