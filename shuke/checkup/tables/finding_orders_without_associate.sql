-- table: finding_orders_without_associate
-- takes: orders, checkup_channels
-- gives: one row an order of a store without an associate, in a source that usually names one
-- grain: source, order_no
-- scope: system
select
  o.source, o.order_no, null as batch_id, null as row_no, o.record_id, o.store, o.ordered_on,
  o.net_minor as money_minor,
  o.staged_rows as raw_rows,
  null as orders,
  o.status as detail
from orders o
join checkup_channels c on c.source = o.source and c.associate_share >= 0.5 and c.associate_share < 1
where o.counted and o.associate is null and o.store is not null and not o.is_return and o.ordered_on < $as_of
