-- table: finding_order_in_two_systems
-- takes: orders
-- gives: one row an order that a second system recorded too; the copy is not counted
-- grain: source, order_no
-- scope: system
select
  source, order_no, null as batch_id, null as row_no, record_id, store, ordered_on,
  net_minor as money_minor,
  staged_rows as raw_rows,
  null as orders,
  duplicate_of_source || ' ' || duplicate_of as detail
from orders
where not counted and not is_return and duplicate_of is not null and ordered_on < $as_of
