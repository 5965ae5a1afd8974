-- table: popular_products
-- takes: customer_features, order_lines
-- gives: what sells now by store and kind of customer: what somebody without a history, or who asked for no personalisation, is shown
-- grain: store, tier, product
-- scope: none
-- sort: store, tier, place
-- note: store '' = all stores, tier '' = all customers, else `low`, `middle`, `high` by spend of the last year. Of the last
-- note: $popular_days days; a cell needs $popular_people buyers in all, or it is not there and the wider one speaks.
with bought as (
  select
    l.product,
    l.category,
    l.customer_id,
    coalesce(l.store, '') as store,
    case when f.monetary_score >= 4 then 'high' when f.monetary_score = 3 then 'middle' else 'low' end as tier
  from order_lines l
  join customer_features f on f.customer_id = l.customer_id
  where l.counted and l.line_kind = 'goods' and l.amount_minor > coalesce(l.refund_minor, 0) and l.product is not null
    and l.ordered_on >= $as_of - $popular_days and l.ordered_on < $as_of
  group by 1, 2, 3, 4, 5
),
cells as (
  select store, tier, product, max(category) as category, count(distinct customer_id) as people
  from bought
  group by store, tier, product
  union all
  select store, '' as tier, product, max(category) as category, count(distinct customer_id) as people
  from bought
  where store <> ''
  group by store, product
  union all
  select '' as store, '' as tier, product, max(category) as category, count(distinct customer_id) as people
  from bought
  group by product
),
placed as (
  select
    *,
    sum(people) over (partition by store, tier) as buyers,
    row_number() over (partition by store, tier order by people desc, product) as place
  from cells
)
select store, tier, product, category, place::integer as place, people::integer as people
from placed
where place <= $popular_most and (buyers >= $popular_people or (store = '' and tier = '')) and not (store = '' and tier <> '')
