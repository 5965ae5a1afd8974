-- table: finding_clock_skew
-- takes: orders, skewed_days
-- gives: one row a receipt of a day on which the till's clock was wrong
-- grain: source, order_no
-- scope: system
select
  o.source, o.order_no, null as batch_id, null as row_no, o.record_id, o.store, o.ordered_on,
  abs(o.net_minor) as money_minor,
  o.staged_rows as raw_rows,
  null as orders,
  cast(extract(hour from o.ordered_at) as varchar) as detail
from orders o
join skewed_days d on d.source = o.source and d.store = o.store and d.ordered_on = o.ordered_on
where o.counted
