-- table: finding_repeated_export_duplicate
-- takes: import_rows, orders
-- gives: one row a raw row of an order that an earlier export had already brought; dropped, so that it counts once
-- grain: batch_id, row_no
-- scope: system
select
  d.source, d.order_no, d.batch_id, d.row_no, stable_hash(d.source || '|' || d.order_no) as record_id, o.store, d.ordered_on,
  coalesce(d.amount_minor, 0) as money_minor,
  1 as raw_rows,
  null as orders,
  d.reason as detail
from import_rows d
left join orders o on o.record_id = stable_hash(d.source || '|' || d.order_no)
where d.outcome = 'duplicate' and d.order_no is not null
  and (d.ordered_on is null or d.ordered_on < $as_of)
