-- table: finding_currency_mixed
-- takes: orders
-- gives: one row an order in another currency than most of the shop's
-- grain: source, order_no
-- scope: system
-- money is in the order's own currency: no rate is known here, and adding it up is what goes wrong
with usual as (
  select currency
  from orders
  where counted and ordered_on < $as_of
  group by currency
  order by count(*) desc, currency
  limit 1
)
select
  o.source, o.order_no, null as batch_id, null as row_no, o.record_id, o.store, o.ordered_on,
  o.net_minor as money_minor,
  o.staged_rows as raw_rows,
  null as orders,
  o.currency as detail
from orders o
join usual u on u.currency <> o.currency
where o.counted and o.ordered_on < $as_of
