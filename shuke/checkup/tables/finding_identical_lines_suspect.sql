-- table: finding_identical_lines_suspect
-- takes: staged_sales, order_lines
-- gives: one row a group of equal lines inside one export of one order, where the file does not number its lines; all are kept
-- grain: batch_id, row_no
-- scope: system
-- raw_rows and money count the lines beyond the first of each group: those that may stand there by mistake
with equal_lines as (
  select row_hash, batch_id, min(row_no) as row_no, count(*) as times
  from staged_sales
  where row_grain = 'line' and line_no is null and ordered_on < $as_of
  group by row_hash, batch_id
  having count(*) > 1
)
select
  l.source, l.order_no, l.batch_id, l.row_no, l.order_key as record_id, l.store, l.ordered_on,
  cast((e.times - 1) * abs(l.amount_minor) as bigint) as money_minor,
  e.times - 1 as raw_rows,
  null as orders,
  coalesce(l.sku, l.product) as detail
from equal_lines e
join order_lines l on l.batch_id = e.batch_id and l.row_no = e.row_no
