-- table: unlinked_returns
-- takes: order_lines, orders
-- gives: one row a returned line whose original is not known, with what its customer had bought of that product until then
-- grain: order_key, batch_id, row_no
-- scope: system
with unlinked as (
  select
    l.order_key, l.source, l.order_no, l.batch_id, l.row_no, l.store, l.ordered_on, l.customer_id, l.sku, l.quantity,
    l.amount_minor, o.original_order_no
  from order_lines l
  join orders o on o.order_key = l.order_key
  where o.is_return and o.counted and o.original_key is null and l.line_kind = 'goods' and l.quantity < 0
    and o.ordered_on < $as_of
),
bought_before as (
  select u.order_key, u.batch_id, u.row_no, sum(b.quantity) as quantity, max(b.ordered_on) as last_on
  from unlinked u
  join order_lines b on b.customer_id = u.customer_id and b.sku = u.sku and b.quantity > 0
    and b.ordered_on <= u.ordered_on and b.counted
  group by u.order_key, u.batch_id, u.row_no
)
select
  u.order_key, u.source, u.order_no, u.batch_id, u.row_no, u.store, u.ordered_on, u.customer_id, u.quantity,
  u.amount_minor, u.original_order_no,
  b.quantity as bought,                  -- null: never bought, or nobody known
  b.last_on as bought_on
from unlinked u
left join bought_before b on b.order_key = u.order_key and b.batch_id = u.batch_id and b.row_no = u.row_no
