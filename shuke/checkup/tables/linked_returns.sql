-- table: linked_returns
-- takes: orders
-- gives: one row a return whose original order is known: how many days lie between them
-- grain: source, order_no
-- scope: system
select
  r.source, r.order_no, r.record_id, r.store, r.ordered_on, r.net_minor, r.staged_rows,
  o.ordered_on as sold_on,
  date_diff('day', o.ordered_on, r.ordered_on) as days
from orders r
join orders o on o.order_key = r.original_key
where r.is_return and r.counted and r.original_key is not null and r.ordered_on < $as_of
