-- table: finding_quarantined_rows
-- takes: import_rows
-- gives: one row a raw row that could not be read and waits for repair; totals and repeated headers are not among them
-- grain: batch_id, row_no
-- scope: system
select
  source, order_no, batch_id, row_no, stable_hash(source || '|' || order_no) as record_id, null as store, ordered_on,
  abs(coalesce(amount_minor, 0)) as money_minor,
  1 as raw_rows,
  case when order_no is null then 0 end as orders,
  reason as detail
from import_rows
where outcome = 'quarantined' and reason not in ('total_row', 'repeated_header')
  and (ordered_on is null or ordered_on < $as_of)
