-- table: finding_sales_without_customer
-- takes: orders, import_rows
-- gives: one row an order that nobody can be put behind
-- grain: source, order_no
-- scope: system
-- raw_rows counts every line that came in without a customer, repeats across exports included; money counts once
with repeats as (
  select stable_hash(source || '|' || order_no) as record_id, count(*) as times
  from import_rows
  where outcome = 'duplicate' and order_no is not null
  group by 1
)
select
  o.source, o.order_no, null as batch_id, null as row_no, o.record_id, o.store, o.ordered_on,
  o.net_minor as money_minor,
  o.staged_rows + coalesce(r.times, 0) as raw_rows,
  null as orders,
  case when o.is_return then 'return' else o.status end as detail
from orders o
left join repeats r on r.record_id = o.record_id
where o.counted and o.customer_id is null and o.ordered_on < $as_of
