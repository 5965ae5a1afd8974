-- table: finding_refund_exceeds_paid
-- takes: orders
-- gives: one row an order that gave back more than was paid for it, by itself or by its return documents
-- grain: source, order_no
-- scope: system
select
  source, order_no, null as batch_id, null as row_no, record_id, store, ordered_on,
  greatest(refund_minor, coalesce(returned_minor, 0)) - gross_minor as money_minor,
  staged_rows as raw_rows,
  null as orders,
  case when refund_minor > gross_minor then 'refund' else 'return' end as detail
from orders
where counted and not is_return and gross_minor > 0 and ordered_on < $as_of
  and (refund_minor > gross_minor or returned_minor > gross_minor)
