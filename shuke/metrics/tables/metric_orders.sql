-- table: metric_orders
-- takes: orders, customer_profiles, metric_places
-- gives: one row a counted order or return before the as-of day, with what the metrics of orders need
-- grain: order_key
-- scope: store
-- note: the money is that of activity: a refund lowers its order, a return on its own row counts on its own day.
-- note: is_purchase = an order that was not wholly given back; returns are no purchases.
-- note: customer_id is null where nobody is known (is_anonymous) and where staff bought: staff money is sales, staff are
-- note: no customers. member_from = the day from which the buyer is a member (null: never; 1900-01-01: always was).
-- note: list_minor = price before discounts, only on channels that ever tell a discount; units are goods that were sold,
-- note: null where the file tells none.
with told as (
  select source
  from orders
  where counted and discount_minor > 0 and ordered_on < $as_of
  group by source
)
select
  o.order_key,
  o.order_no,
  o.ordered_on,
  l.place,
  l.store,
  case when not coalesce(p.is_staff, false) then o.customer_id end as customer_id,
  o.customer_id is null as is_anonymous,
  case when p.is_member and not p.is_staff then coalesce(p.registered_on, date '1900-01-01') end as member_from,
  not o.is_return and o.net_minor - coalesce(o.returned_minor, 0) > 0 as is_purchase,
  o.net_minor,
  o.gross_minor,
  o.refund_minor,
  o.discount_minor,
  case when t.source is not null then o.gross_minor + o.discount_minor end as list_minor,
  case when o.units > 0 then cast(o.units as decimal(18, 3)) end as units
from orders o
left join customer_profiles p on p.customer_id = o.customer_id
left join told t on t.source = o.source
left join metric_places l
  on l.store = coalesce(o.store, '') and l.channel = o.source and l.associate = coalesce(o.associate, '')
where o.counted and o.ordered_on < $as_of
