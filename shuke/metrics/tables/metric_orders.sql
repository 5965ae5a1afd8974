-- table: metric_orders
-- takes: orders, customer_profiles
-- gives: one row a counted order or return before the as-of day, with what all metrics of orders and buyers need
-- grain: order_key
-- scope: store
-- sort: ordered_on, order_key
-- note: the money is that of activity: a refund lowers its order, a return on its own row counts on its own day.
-- note: is_purchase = an order that was not wholly given back; returns are no purchases.
-- note: customer_id is null where nobody is known (is_anonymous) and where staff bought: staff money is sales, staff are
-- note: no customers. store and associate are '' where the order says none.
-- note: before_on = the day of the customer's order before this one (null: this is their first); before_store_on,
-- note: before_channel_on and before_associate_on the same at this store, on this channel, with this associate there.
-- note: list_minor = price before discounts, only on channels that ever tell a discount; units are goods that were sold,
-- note: null where the file tells none. enrolled_after_days: registration day minus the day of the first order.
with told as (
  select source
  from orders
  where counted and discount_minor > 0 and ordered_on < $as_of
  group by source
),
placed as (
  select
    o.order_key,
    o.order_no,
    o.ordered_on,
    coalesce(o.store, '') as store,
    o.source as channel,
    coalesce(o.associate, '') as associate,
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
  where o.counted and o.ordered_on < $as_of
),
-- who bought; a row that is no purchase of a known customer stands alone, under a number that no customer has
keyed as (
  select
    *,
    case when is_purchase and customer_id is not null then customer_id else -1 - order_key end as buyer
  from placed
)
select
  order_key, order_no, ordered_on, store, channel, associate, customer_id, is_anonymous, member_from, is_purchase,
  net_minor, gross_minor, refund_minor, discount_minor, list_minor, units,
  lag(ordered_on) over (partition by buyer order by ordered_on, order_key) as before_on,
  lag(ordered_on) over (partition by buyer, store order by ordered_on, order_key) as before_store_on,
  lag(ordered_on) over (partition by buyer, channel order by ordered_on, order_key) as before_channel_on,
  lag(ordered_on) over (partition by buyer, store, associate order by ordered_on, order_key) as before_associate_on,
  date_diff('day', ordered_on, member_from)::integer as enrolled_after_days
from keyed
