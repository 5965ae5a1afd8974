-- table: finding_quantity_implausible
-- takes: order_lines
-- gives: one row a line of goods with money and no quantity, or with a quantity that is more likely a barcode
-- grain: record_id, row_no
-- scope: system
select
  source, order_no, batch_id, row_no, order_key as record_id, store, ordered_on,
  abs(amount_minor) as money_minor,
  1 as raw_rows,
  null as orders,
  case when quantity = 0 then 'no_quantity' else 'barcode' end as detail
from order_lines
where counted and line_kind = 'goods' and ordered_on < $as_of
  and ((quantity = 0 and amount_minor <> 0) or quantity >= 100000 or quantity <= -100000)
