-- table: finding_orders_without_store
-- takes: orders, checkup_channels
-- gives: one row an order without a store in a source that usually names one
-- grain: source, order_no
-- scope: system
select
  o.source, o.order_no, null as batch_id, null as row_no, o.record_id, o.store, o.ordered_on,
  o.net_minor as money_minor,
  o.staged_rows as raw_rows,
  null as orders,
  o.status as detail
from orders o
join checkup_channels c on c.source = o.source and c.store_share >= 0.5 and c.store_share < 1
where o.counted and o.store is null and o.ordered_on < $as_of
