-- table: finding_status_unknown
-- takes: import_schema_notes, checkup_imports
-- gives: one row a state of orders that a source wrote and no mapping knows; such orders count as paid
-- grain: source, detail
-- scope: system
select
  n.source, null as order_no, null as batch_id, null as row_no, null as record_id, null as store,
  max(i.last_on) as ordered_on,
  cast(sum(n.amount_minor) as bigint) as money_minor,
  cast(sum(n."rows") as bigint) as raw_rows,
  cast(sum(n.orders) as bigint) as orders,
  n.word as detail
from import_schema_notes n
left join checkup_imports i on i.batch_id = n.batch_id
where n.kind = 'unknown_word' and n.field = 'status' and (i.first_on is null or i.first_on < $as_of)
group by n.source, n.word
