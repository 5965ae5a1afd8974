-- table: finding_product_without_cost
-- takes: product_writings, products
-- gives: one row a product sold in the last 90 days without a cost, in a shop that knows costs
-- grain: detail
-- scope: system
with costed as (
  select 1.0 * count(unit_cost_minor) / nullif(count(*), 0) as share from products where is_goods
),
sold as (
  select product_key, sum(money_minor) as money_minor, max(last_on) as last_on
  from product_writings
  group by product_key
)
select
  null as source, null as order_no, null as batch_id, null as row_no, null as record_id, null as store,
  s.last_on as ordered_on,
  cast(s.money_minor as bigint) as money_minor,
  1 as raw_rows,
  0 as orders,
  p.sku || coalesce(' ' || p.product, '') as detail
from products p
join costed h on h.share >= 0.1
join sold s on s.product_key = p.sku and date_diff('day', s.last_on, cast($as_of as date)) <= 90
where p.is_goods and p.unit_cost_minor is null
