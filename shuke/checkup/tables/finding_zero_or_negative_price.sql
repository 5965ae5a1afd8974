-- table: finding_zero_or_negative_price
-- takes: order_lines
-- gives: one row a line whose unit price is zero or negative
-- grain: record_id, row_no
-- scope: system
select
  source, order_no, batch_id, row_no, order_key as record_id, store, ordered_on,
  abs(amount_minor) as money_minor,
  1 as raw_rows,
  null as orders,
  case when unit_price < 0 or amount_minor * quantity < 0 then 'negative' else 'zero' end as detail
from order_lines
where counted and ordered_on < $as_of
  and (unit_price <= 0 or (unit_price is null and quantity <> 0 and (amount_minor = 0 or amount_minor * quantity < 0)))
