-- table: finding_sold_below_cost
-- takes: product_writings, products
-- gives: one row a product that was sold at a price below the cost on file
-- grain: detail
-- scope: system
-- the money is what the cost exceeds the price by, over all units sold below it
with sold as (
  select product_key, price_minor, sum(units) as units, sum(money_minor) as money_minor, max(last_on) as last_on
  from product_writings
  where price_minor > 0
  group by product_key, price_minor
),
below as (
  select
    p.sku, p.product,
    sum(s.units * p.unit_cost_minor - s.money_minor) as lost_minor,
    max(s.last_on) as last_on
  from sold s
  join products p on p.sku = s.product_key
  where p.is_goods and p.unit_cost_minor > 0 and s.money_minor < 0.98 * s.units * p.unit_cost_minor
  group by p.sku, p.product
)
select
  null as source, null as order_no, null as batch_id, null as row_no, null as record_id, null as store,
  last_on as ordered_on,
  cast(round(lost_minor) as bigint) as money_minor,
  1 as raw_rows,
  0 as orders,
  sku || coalesce(' ' || product, '') as detail
from below
