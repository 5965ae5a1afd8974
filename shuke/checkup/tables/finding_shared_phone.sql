-- table: finding_shared_phone
-- takes: identifiers, orders
-- gives: one row an order under a phone that is the till's, a staff member's or shared by far too many people
-- grain: source, order_no
-- scope: system
with shared as (
  select record_id, min(block_reason) as block_reason
  from identifiers
  where type = 'phone' and not usable and block_reason in ('till', 'staff', 'crowded')
  group by record_id
)
select
  o.source, o.order_no, null as batch_id, null as row_no, o.record_id, o.store, o.ordered_on,
  o.net_minor as money_minor,
  o.staged_rows as raw_rows,
  null as orders,
  s.block_reason as detail
from orders o
join shared s on s.record_id = o.record_id
where o.counted and o.customer_id is null and o.ordered_on < $as_of
