-- table: products
-- takes: staged_sales, staged_costs
-- gives: one row a sku with its latest name and category, its latest unit cost (null: unknown), and whether it is goods
-- grain: sku
-- scope: none
-- sort: sku
-- note: needs parameters $not_goods_codes, $not_goods_sku and $not_goods_product (definitions/goods.yaml)
with written as (
  select sku, product, category, max(ordered_at) as last_at, count(*) as times
  from staged_sales
  where sku is not null and sku <> '' and row_grain <> 'fee'
  group by sku, product, category
),
named as (  -- the latest name; of names at the same moment the most frequent
  select sku, product, row_number() over (partition by sku order by last_at desc, times desc, product) as place
  from written
  where product is not null and product <> ''
),
sorted_in as (
  select sku, category, row_number() over (partition by sku order by last_at desc, times desc, category) as place
  from written
  where category is not null and category <> ''
),
costs as (
  select
    sku,
    product,
    category,
    cast(round(unit_cost * case
      when currency in ('JPY', 'KRW', 'VND', 'CLP', 'ISK') then 1
      when currency in ('BHD', 'KWD', 'OMR', 'JOD', 'TND') then 1000
      else 100 end) as bigint) as unit_cost_minor,
    row_number() over (
      partition by sku order by coalesce(valid_from, date '1900-01-01') desc, batch_id desc, row_no desc
    ) as place
  from staged_costs
),
known as (
  select sku from written
  union
  select sku from costs
),
joined as (
  select
    k.sku,
    coalesce(n.product, c.product) as product,
    coalesce(s.category, c.category) as category,
    c.unit_cost_minor
  from known k
  left join named n on n.sku = k.sku and n.place = 1
  left join sorted_in s on s.sku = k.sku and s.place = 1
  left join costs c on c.sku = k.sku and c.place = 1
)
select
  sku,
  product,
  category,
  unit_cost_minor,
  not (
    upper(trim(sku)) in $not_goods_codes
    or regexp_matches(lower(sku), $not_goods_sku)
    or regexp_matches(lower(coalesce(product, '')), $not_goods_product)
  ) as is_goods
from joined
