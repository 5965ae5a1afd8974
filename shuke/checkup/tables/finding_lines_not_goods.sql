-- table: finding_lines_not_goods
-- takes: order_lines
-- gives: one row a line that is postage, a fee, a discount, a gift card or an adjustment; it counts in sales and not in products
-- grain: record_id, row_no
-- scope: system
select
  source, order_no, batch_id, row_no, order_key as record_id, store, ordered_on,
  abs(amount_minor) as money_minor,
  1 as raw_rows,
  null as orders,
  line_kind as detail
from order_lines
where counted and line_kind <> 'goods' and ordered_on < $as_of
