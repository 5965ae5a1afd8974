-- table: product_writings
-- takes: order_lines
-- gives: one row a way in which goods were written on order lines: code, name, unit price as told; how often and when
-- grain: source, product_key, product, price_minor
-- scope: none
-- note: product_key is the code, else the name. price_minor is the unit price of the file in minor units, else the line's
-- note: money by its quantity, rounded. Lines that give something back are left out.
select
  source,
  coalesce(sku, product) as product_key,
  product,
  cast(round(coalesce(unit_price * 100, 1.0 * amount_minor / nullif(quantity, 0))) as bigint) as price_minor,
  count(*) as lines,
  cast(sum(quantity) as double) as units,
  cast(sum(amount_minor) as bigint) as money_minor,
  min(ordered_on) as first_on,
  max(ordered_on) as last_on
from order_lines
where counted and line_kind = 'goods' and quantity > 0 and ordered_on < $as_of and coalesce(sku, product) is not null
group by 1, 2, 3, 4
