-- table: finding_price_far_from_usual
-- takes: product_writings, order_lines
-- gives: one row a line whose unit price is eight times its product's usual price or an eighth of it: a slip of the comma, most often
-- grain: record_id, row_no
-- scope: system
-- the usual price is the middle one of at least 20 lines; money is the distance of the line's price from it
with prices as (
  select source, product_key, price_minor, sum(lines) as lines
  from product_writings
  where price_minor > 0
  group by source, product_key, price_minor
),
running as (
  select
    *,
    sum(lines) over (partition by source, product_key order by price_minor) as upto,
    sum(lines) over (partition by source, product_key) as all_lines
  from prices
),
usual as (
  select source, product_key, min(price_minor) as usual_minor
  from running
  where all_lines >= 20 and upto >= 0.5 * all_lines
  group by source, product_key
),
far as (
  select p.source, p.product_key, p.price_minor, u.usual_minor
  from running p
  join usual u on u.source = p.source and u.product_key = p.product_key
  where (p.price_minor >= 8 * u.usual_minor or 8 * p.price_minor <= u.usual_minor) and p.lines <= 0.05 * p.all_lines
)
select
  l.source, l.order_no, l.batch_id, l.row_no, l.order_key as record_id, l.store, l.ordered_on,
  cast(round(abs(f.price_minor - f.usual_minor) * l.quantity) as bigint) as money_minor,
  1 as raw_rows,
  null as orders,
  coalesce(l.sku, l.product) as detail
from order_lines l
join far f
  on f.source = l.source and f.product_key = coalesce(l.sku, l.product)
  and f.price_minor = cast(round(coalesce(l.unit_price * 100, 1.0 * l.amount_minor / nullif(l.quantity, 0))) as bigint)
where l.counted and l.line_kind = 'goods' and l.quantity > 0 and l.ordered_on < $as_of
