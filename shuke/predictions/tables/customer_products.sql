-- table: customer_products
-- takes: order_lines
-- gives: one row a customer and product bought or brought back before the as-of day: how often, how much, when first and last
-- grain: customer_id, product
-- scope: customer
-- sort: product, customer_id
-- note: days = purchase days: days with a line of the product whose money was not given back in full; first_on and last_on are of these.
-- note: quantity = pieces bought, returned_quantity = pieces that came back (lines with a negative quantity, and lines refunded in
-- note: full, on the day of their order: the day of such a refund is in no file). net_minor = money of all these lines less refunds.
with dated as (
  select
    customer_id,
    product,
    ordered_on,
    max(category) as category,
    sum(amount_minor - coalesce(refund_minor, 0)) as net_minor,
    sum(case when quantity > 0 then quantity else 0 end) as quantity,
    sum(case when quantity < 0 then -quantity when amount_minor > 0 and refund_minor >= amount_minor then quantity else 0 end)
      as returned_quantity,
    max(case when quantity > 0 and amount_minor > coalesce(refund_minor, 0) then 1 else 0 end) as is_bought
  from order_lines
  where counted and line_kind = 'goods' and customer_id is not null and product is not null and ordered_on < $as_of
  group by customer_id, product, ordered_on
)
select
  customer_id,
  product,
  max(category) as category,
  sum(is_bought)::integer as days,
  sum(quantity)::double as quantity,
  sum(net_minor)::bigint as net_minor,
  min(ordered_on) filter (where is_bought = 1) as first_on,
  max(ordered_on) filter (where is_bought = 1) as last_on,
  sum(returned_quantity)::double as returned_quantity,
  max(ordered_on) filter (where returned_quantity > 0) as last_returned_on
from dated
group by customer_id, product
