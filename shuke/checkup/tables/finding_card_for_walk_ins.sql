-- table: finding_card_for_walk_ins
-- takes: orders, checkup_customers, customer_profiles
-- gives: one row a receipt under a member who pays three times and more on each day that they come: a card lent to walk-ins
-- grain: source, order_no
-- scope: system
with busy as (
  select c.customer_id
  from checkup_customers c
  join customer_profiles p on p.customer_id = c.customer_id and not coalesce(p.is_staff, false)
  where c.orders >= 60
),
swiped as (
  select o.customer_id
  from orders o
  join busy b on b.customer_id = o.customer_id
  where o.counted and not o.is_return and o.gross_minor > 0 and o.store is not null and o.ordered_on < $as_of
  group by o.customer_id
  having count(*) >= 60 and count(*) >= 3 * count(distinct o.ordered_on)
)
select
  o.source, o.order_no, null as batch_id, null as row_no, o.record_id, o.store, o.ordered_on,
  o.net_minor as money_minor,
  o.staged_rows as raw_rows,
  null as orders,
  cast(o.customer_id as varchar) as detail
from orders o
join swiped s on s.customer_id = o.customer_id
where o.counted and not o.is_return and o.store is not null and o.ordered_on < $as_of
