-- table: bought_together
-- takes: order_lines
-- gives: for the till: products that lie in the same order, strongest first: at most $together_most others a product
-- grain: product, other
-- scope: none
-- sort: product, place
-- note: orders of the last $together_days days, evenly taken, $pair_people * 4 at most, with 2 to 30 products. lift = how many times
-- note: as often as by chance; orders = orders with both; score = orders / (sqrt(orders with one * with the other) + $pair_shrink).
with recent as (
  select order_key, product
  from order_lines
  where counted and line_kind = 'goods' and amount_minor > 0 and product is not null
    and ordered_on >= $as_of - $together_days and ordered_on < $as_of
),
sized as (
  select greatest(1, ceil(count(distinct order_key) / nullif($pair_people * 4, 0)))::bigint as every from recent
),
baskets as (
  select r.order_key, r.product
  from recent r
  cross join sized s
  where r.order_key % s.every = 0
  group by r.order_key, r.product
),
wide as (
  select order_key from baskets group by order_key having count(*) between 2 and 30
),
held as (
  select b.order_key, b.product from baskets b join wide w on w.order_key = b.order_key
),
counted as (
  select product, count(*) as orders from baskets group by product
),
total as (
  select count(distinct order_key) as orders from baskets
),
pairs as (
  select a.product, b.product as other, count(*) as orders
  from held a
  join held b on b.order_key = a.order_key and b.product <> a.product
  group by a.product, b.product
  having count(*) >= $pair_min
),
scored as (
  select
    p.product,
    p.other,
    p.orders,
    p.orders / nullif(sqrt(x.orders * y.orders) + $pair_shrink, 0) as score,
    p.orders * t.orders / nullif(x.orders * y.orders, 0) as lift
  from pairs p
  left join counted x on x.product = p.product
  left join counted y on y.product = p.other
  cross join total t
),
placed as (
  select *, row_number() over (partition by product order by score desc, other) as place from scored where lift > 1
)
select
  product,
  other,
  place::integer as place,
  orders::integer as orders,
  round(lift, 3)::double as lift,
  round(score, 6)::double as score
from placed
where place <= $together_most
