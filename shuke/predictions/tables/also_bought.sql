-- table: also_bought
-- takes: customer_products
-- gives: products that the same people buy, strongest first: at most $also_most others a product
-- grain: product, other
-- scope: none
-- note: people = customers (evenly taken, $pair_people at most) who bought both within a year; score = people / (sqrt(buyers of one * of the other) + $pair_shrink).
-- note: of each customer the $pair_items last products teach, so that one who buys everything does not outweigh the others.
with sized as (
  select greatest(1, ceil(count(distinct customer_id) / nullif($pair_people, 0)))::bigint as every
  from customer_products
  where days > 0 and last_on >= $as_of - 365
),
owned as (
  select
    c.customer_id,
    c.product,
    row_number() over (partition by c.customer_id order by c.last_on desc, c.days desc, c.product) as place
  from customer_products c
  cross join sized s
  where c.days > 0 and c.last_on >= $as_of - 365 and c.customer_id % s.every = 0
),
lately as (
  select customer_id, product from owned where place <= $pair_items
),
buyers as (
  select product, count(*) as buyers from lately group by product
),
pairs as (
  select a.product, b.product as other, count(*) as people
  from lately a
  join lately b on b.customer_id = a.customer_id and b.product <> a.product
  group by a.product, b.product
  having count(*) >= $pair_min
),
scored as (
  select p.product, p.other, p.people, p.people / nullif(sqrt(x.buyers * y.buyers) + $pair_shrink, 0) as score
  from pairs p
  left join buyers x on x.product = p.product
  left join buyers y on y.product = p.other
),
placed as (
  select *, row_number() over (partition by product order by score desc, other) as place from scored
)
select product, other, place::integer as place, people::integer as people, round(score, 6)::double as score
from placed
where place <= $also_most
