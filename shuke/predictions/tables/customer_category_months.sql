-- table: customer_category_months
-- takes: order_lines
-- gives: one row a customer, category and calendar month with goods bought or brought back before the as-of day
-- grain: customer_id, category, month
-- scope: customer
-- note: month is its first day. days, quantity and net_minor as in customer_products, and not sorted for the same reason.
with dated as (
  select
    customer_id,
    category,
    ordered_on,
    sum(amount_minor - coalesce(refund_minor, 0)) as net_minor,
    sum(case when quantity > 0 then quantity else 0 end) as quantity,
    max(case when quantity > 0 and amount_minor > coalesce(refund_minor, 0) then 1 else 0 end) as is_bought
  from order_lines
  where counted and line_kind = 'goods' and customer_id is not null and category is not null and ordered_on < $as_of
  group by customer_id, category, ordered_on
)
select
  customer_id,
  category,
  date_trunc('month', ordered_on)::date as month,
  sum(is_bought)::integer as days,
  sum(quantity)::double as quantity,
  sum(net_minor)::bigint as net_minor
from dated
group by customer_id, category, date_trunc('month', ordered_on)::date
