-- table: product_launches
-- takes: customer_products
-- gives: one row a product: when it was first sold, how many bought it, and whether it is bought again and again
-- grain: product
-- scope: none
-- sort: product
-- note: is_launch = first sold at least $launch_days after the first sale of all (before that nobody can tell new from old),
-- note: and bought by $launch_buyers_min people or more: a thing that hardly sells is first seen late by chance.
-- note: is_repeat = at least $repeat_share of its buyers bought it three times or more; with few buyers their own rhythm is enough.
with products as (
  select
    product,
    max(category) as category,
    min(first_on) as launched_on,
    count(*) as buyers,
    count(*) filter (where days >= 3) as regulars
  from customer_products
  where days > 0
  group by product
),
opened as (
  select min(launched_on) as opened_on from products
)
select
  p.product,
  p.category,
  p.launched_on,
  p.buyers,
  p.regulars,
  date_diff('day', o.opened_on, p.launched_on) >= $launch_days and p.buyers >= $launch_buyers_min as is_launch,
  p.buyers < $repeat_buyers_min or p.regulars >= $repeat_share * p.buyers as is_repeat
from products p
cross join opened o
