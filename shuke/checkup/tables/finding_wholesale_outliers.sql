-- table: finding_wholesale_outliers
-- takes: orders
-- gives: one row an order so far above the others of its source that a company probably bought it; it stays in sales
-- grain: source, order_no
-- scope: system
select
  source, order_no, null as batch_id, null as row_no, record_id, store, ordered_on,
  net_minor as money_minor,
  staged_rows as raw_rows,
  null as orders,
  cast(units as varchar) as detail
from orders
where counted and is_wholesale and ordered_on < $as_of
