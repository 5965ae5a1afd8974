-- table: order_lines
-- takes: staged_sales, superseded_rows, product_kinds, order_totals, orders
-- gives: one row a current line of an order, with the money paid for it and the customer it belongs to
-- grain: order_key, position
-- scope: customer
-- sort: customer_id, ordered_on, order_key, position
-- few: source = orders.source, line_no = staged_sales.line_no, sku = staged_sales.sku, product = staged_sales.product,
-- few: category = staged_sales.category, spec = staged_sales.spec, currency = orders.currency, store = orders.store
-- note: amount_minor = the line's own amount, else quantity x unit price rounded half up. A header row makes no line
-- note: where line rows exist, else it makes one line with the order's goods money. position orders the lines of one
-- note: order as its files do and is not consecutive. counted = the order counts and the line was not cancelled.
with lines_now as (
  select
    s.record_id, s.batch_id, s.row_no, s.line_no, s.sku, s.product, s.category, s.spec, s.quantity, s.unit_price, s.currency,
    s.line_discount_minor,
    s.batch_id * 1000000000 + s.row_no as position,
    coalesce(
      s.line_amount_minor,
      cast(
        case
          when s.currency in ('JPY', 'KRW', 'VND', 'CLP', 'ISK') then round(s.quantity * s.unit_price, 0)
          when s.currency in ('BHD', 'KWD', 'OMR', 'JOD', 'TND') then round(s.quantity * s.unit_price, 3) * 1000
          else round(s.quantity * s.unit_price, 2) * 100
        end as bigint
      ),
      0
    ) as amount_minor,
    coalesce(s.line_refund_minor, 0) as line_refund_minor,
    coalesce(s.line_refunded, false) or coalesce(s.status = 'refunded', false) as line_refunded,
    coalesce(s.status in ('unpaid', 'cancelled'), false) as line_dead
  from staged_sales s
  left join superseded_rows x on x.batch_id = s.batch_id and x.row_no = s.row_no
  where s.row_grain = 'line' and x.row_no is null
),
-- the few lines of orders that tell a total and no price at all
unpriced as (
  select record_id, goods_minor
  from order_totals
  where lines > 0 and priced_lines = 0 and goods_minor > 0
),
shared as (
  select
    s.batch_id,
    s.row_no,
    u.goods_minor,
    greatest(coalesce(s.quantity, 1), 0) as share,
    sum(greatest(coalesce(s.quantity, 1), 0)) over (
      partition by s.record_id order by s.batch_id, s.row_no rows between unbounded preceding and current row
    ) as upto,
    sum(greatest(coalesce(s.quantity, 1), 0)) over (partition by s.record_id) as total
  from staged_sales s
  join unpriced u on u.record_id = s.record_id
  left join superseded_rows x on x.batch_id = s.batch_id and x.row_no = s.row_no
  where s.row_grain = 'line' and x.row_no is null
),
amounts_shared as (
  select
    batch_id,
    row_no,
    cast(
      round(goods_minor * upto / nullif(total, 0), 0) - round(goods_minor * (upto - share) / nullif(total, 0), 0) as bigint
    ) as amount_minor
  from shared
),
headers_now as (
  select s.record_id, max(s.sku) as sku, max(s.product) as product, max(s.category) as category, max(s.quantity) as quantity
  from staged_sales s
  join order_totals t on t.record_id = s.record_id and t.lines = 0
  left join superseded_rows x on x.batch_id = s.batch_id and x.row_no = s.row_no
  where s.row_grain = 'order' and x.row_no is null
  group by s.record_id
)
select
  o.order_key, o.source, o.order_no, n.line_no, n.position, n.batch_id, n.row_no, n.sku, n.product, n.category, n.spec,
  n.quantity, n.unit_price, coalesce(a.amount_minor, n.amount_minor) as amount_minor,
  case
    when o.gross_minor = 0 or n.quantity < 0 then 0
    when o.refund_minor >= o.gross_minor then coalesce(a.amount_minor, n.amount_minor)
    when n.line_refund_minor > 0 then n.line_refund_minor
    when n.line_refunded then coalesce(a.amount_minor, n.amount_minor)
    else 0
  end as refund_minor,
  n.line_discount_minor as discount_minor,
  n.currency,
  coalesce(k.line_kind, 'goods') as line_kind,
  o.counted and o.status not in ('unpaid', 'cancelled') and not (n.line_dead and n.line_refund_minor = 0) as counted,
  o.customer_id, o.ordered_on, o.store
from lines_now n
join orders o on o.order_key = n.record_id
left join product_kinds k on k.product_key = coalesce(n.sku, n.product)
left join amounts_shared a on a.batch_id = n.batch_id and a.row_no = n.row_no
union all
select
  o.order_key, o.source, o.order_no, null as line_no, 0 as position, null as batch_id, null as row_no, h.sku, h.product, h.category,
  null as spec, coalesce(h.quantity, 1) as quantity, null as unit_price, o.goods_minor as amount_minor,
  least(o.refund_minor, o.goods_minor) as refund_minor, o.discount_minor, o.currency, 'goods' as line_kind,
  o.counted and o.status not in ('unpaid', 'cancelled') as counted,
  o.customer_id, o.ordered_on, o.store
from headers_now h
join orders o on o.order_key = h.record_id
