-- table: finding_store_stopped_registering
-- takes: orders, registration_breaks
-- gives: one row a receipt without a member since its store stopped registering
-- grain: source, order_no
-- scope: system
select
  o.source, o.order_no, null as batch_id, null as row_no, o.record_id, o.store, o.ordered_on,
  o.net_minor as money_minor,
  o.staged_rows as raw_rows,
  null as orders,
  'since ' || cast(b.from_on as varchar) as detail
from orders o
join registration_breaks b on b.source = o.source and b.store = o.store and o.ordered_on >= b.from_on
where o.counted and not o.is_return and o.customer_id is null and o.ordered_on < $as_of
