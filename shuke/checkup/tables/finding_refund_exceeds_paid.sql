-- table: finding_refund_exceeds_paid
-- takes: orders, order_totals
-- gives: one row an order that gave back more than was paid for it, by itself or by its return documents
-- grain: source, order_no
-- scope: system
-- note: an exchange (negative lines beside positive ones on one receipt) may give back more than it takes in; it is none.
with suspects as (
  select
    o.*,
    case when t.back_minor < 0 then 0 else greatest(o.refund_minor - o.gross_minor, 0) end as refund_excess,
    greatest(coalesce(o.returned_minor, 0) - o.gross_minor, 0) as return_excess
  from orders o
  join order_totals t on t.record_id = o.order_key
  where o.counted and not o.is_return and o.gross_minor > 0 and o.ordered_on < $as_of
    and (o.refund_minor > o.gross_minor or o.returned_minor > o.gross_minor)
)
select
  source, order_no, null as batch_id, null as row_no, record_id, store, ordered_on,
  greatest(refund_excess, return_excess) as money_minor,
  staged_rows as raw_rows,
  null as orders,
  case when refund_excess > 0 then 'refund' else 'return' end as detail
from suspects
where refund_excess > 0 or return_excess > 0
