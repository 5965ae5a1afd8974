-- table: finding_returns_without_original
-- takes: order_lines, orders
-- gives: one row a returned line whose original nobody can name: the return names none, and its customer never bought that product before
-- grain: record_id, row_no
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
  select u.order_key, u.batch_id, u.row_no, sum(b.quantity) as quantity
  from unlinked u
  join order_lines b on b.customer_id = u.customer_id and b.sku = u.sku and b.quantity > 0
    and b.ordered_on <= u.ordered_on and b.counted
  group by u.order_key, u.batch_id, u.row_no
)
select
  u.source, u.order_no, u.batch_id, u.row_no, u.order_key as record_id, u.store, u.ordered_on,
  -u.amount_minor as money_minor,
  1 as raw_rows,
  null as orders,
  case
    when u.original_order_no is not null then 'number_not_found'
    when u.customer_id is null then 'nobody_known'
    when b.quantity is null then 'never_bought'
    else 'bought_less'
  end as detail
from unlinked u
left join bought_before b on b.order_key = u.order_key and b.batch_id = u.batch_id and b.row_no = u.row_no
where coalesce(b.quantity, 0) + u.quantity < 0
