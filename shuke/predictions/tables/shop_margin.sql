-- table: shop_margin
-- takes: order_lines, products
-- gives: one row: the margin of goods sold in the last 90 days, over the lines whose cost is known
-- grain: one row
-- scope: none
with sold as (
  select
    sum(l.amount_minor - coalesce(l.refund_minor, 0)) as sales_minor,
    sum(l.amount_minor - coalesce(l.refund_minor, 0)) filter (where p.unit_cost_minor is not null) as costed_sales_minor,
    sum(l.quantity * p.unit_cost_minor) as cost_minor
  from order_lines l
  left join products p on p.sku = l.sku
  where l.counted and l.line_kind = 'goods' and l.ordered_on >= $as_of - 90 and l.ordered_on < $as_of
)
select
  coalesce(sales_minor, 0)::bigint as sales_minor,
  coalesce(costed_sales_minor, 0)::bigint as costed_sales_minor,
  coalesce(cost_minor, 0)::bigint as cost_minor,
  ((costed_sales_minor - cost_minor) / nullif(costed_sales_minor, 0))::double as margin_share
from sold
