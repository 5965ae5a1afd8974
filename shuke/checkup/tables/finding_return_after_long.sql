-- table: finding_return_after_long
-- takes: linked_returns
-- gives: one row a return more than 180 days after the order that it returns
-- grain: source, order_no
-- scope: system
select
  source, order_no, null as batch_id, null as row_no, record_id, store, ordered_on,
  -net_minor as money_minor,
  staged_rows as raw_rows,
  null as orders,
  'sold ' || cast(sold_on as varchar) as detail
from linked_returns
where days > 180
