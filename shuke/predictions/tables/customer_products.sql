-- table: customer_products
-- takes: order_lines
-- gives: one row a customer and product bought or brought back before the as-of day: how often, how much, when first and last
-- grain: customer_id, product
-- scope: customer
-- note: days = purchase days: days with a line of the product whose money was not given back in full; first_on and last_on are of these.
-- note: quantity = pieces bought, returned_quantity = pieces that came back (lines with a negative quantity, and lines refunded in
-- note: full, on the day of their order: the day of such a refund is in no file). net_minor = money of all these lines less refunds.
-- note: a line that holds a whole basket in one text (delivery exports: 'a(1);b(2)') names no product and is left out.
-- note: not sorted: a sort of all rows costs more than every later read of one product gains.
with goods as (
  select
    customer_id, product, category, ordered_on, quantity,
    amount_minor - coalesce(refund_minor, 0) as net_minor,
    quantity > 0 and amount_minor > coalesce(refund_minor, 0) as is_bought,
    quantity < 0 or (quantity > 0 and amount_minor > 0 and refund_minor >= amount_minor) as is_back
  from order_lines
  where counted and line_kind = 'goods' and customer_id is not null and product is not null and ordered_on < $as_of
    and product not like '%;%'
),
dated as (
  select
    customer_id,
    product,
    ordered_on,
    sum(net_minor) as net_minor,
    sum(case when quantity > 0 then quantity else 0 end) as quantity,
    sum(case when is_back then abs(quantity) end) as returned_quantity,
    max(case when is_bought then ordered_on end) as bought_on,
    max(case when is_back then ordered_on end) as returned_on
  from goods
  group by customer_id, product, ordered_on
),
categories as (
  -- one category a product, the same for everybody
  select product, max(category) as category from goods group by product
),
summed as (
  select
    customer_id,
    product,
    count(bought_on) as days,
    sum(quantity) as quantity,
    sum(net_minor) as net_minor,
    min(bought_on) as first_on,
    max(bought_on) as last_on,
    sum(returned_quantity) as returned_quantity,
    max(returned_on) as last_returned_on
  from dated
  group by customer_id, product
)
select
  s.customer_id,
  s.product,
  c.category,
  s.days::integer as days,
  s.quantity::double as quantity,
  s.net_minor::bigint as net_minor,
  s.first_on,
  s.last_on,
  coalesce(s.returned_quantity, 0)::double as returned_quantity,
  s.last_returned_on
from summed s
left join categories c on c.product = s.product
