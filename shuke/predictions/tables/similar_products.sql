-- table: similar_products
-- takes: customer_products, products
-- gives: "more like this" by attributes alone, so also for a product that nobody has bought yet: at most $similar_most others a product
-- grain: product, other
-- scope: none
-- sort: product, place
-- note: score = category, price and name words, by the weights of definitions/recommendations.yaml. words_share = shared pairs of
-- note: neighbouring letters of both names over all of them (Jaccard); price_share = smaller price over greater (half where unknown).
-- note: others have been bought within a year (what cannot be bought is no answer) and are among the $similar_pool most usual of
-- note: their category.
with sold as (
  select product, sum(net_minor) / nullif(sum(quantity), 0) as price, max(last_on) as last_on, count(*) as buyers
  from customer_products
  where quantity > 0
  group by product
),
goods as (
  select product, max(category) as category
  from products
  where is_goods and product is not null and product <> ''
  group by product
),
known as (
  select g.product, g.category, s.price, coalesce(s.last_on >= $as_of - 365, false) as is_sold,
    lower(replace(g.product, ' ', '')) as name,
    row_number() over (partition by g.category order by coalesce(s.buyers, 0) desc, g.product) <= $similar_pool as is_usual
  from goods g
  left join sold s on s.product = g.product
  where g.category is not null
),
places as (
  select product, category, is_usual, name, unnest(generate_series(1, greatest(length(name) - 1, 1))) as at_letter
  from known
),
letters as (
  select product, category, is_usual, substring(name, at_letter, 2) as two from places group by 1, 2, 3, 4
),
sizes as (
  select product, count(*) as pairs from letters group by product
),
shared as (
  select a.product, b.product as other, count(*) as pairs
  from letters a
  join letters b on b.category = a.category and b.two = a.two and b.product <> a.product and b.is_usual
  group by a.product, b.product
),
scored as (
  select
    a.product,
    b.product as other,
    coalesce(s.pairs, 0) / nullif(x.pairs + y.pairs - coalesce(s.pairs, 0), 0) as words_share,
    coalesce(least(a.price, b.price) / nullif(greatest(a.price, b.price), 0), 0.5) as price_share
  from known a
  join known b on b.category = a.category and b.product <> a.product and b.is_sold and b.is_usual
  left join shared s on s.product = a.product and s.other = b.product
  left join sizes x on x.product = a.product
  left join sizes y on y.product = b.product
),
placed as (
  select
    *,
    $similar_category + $similar_words * words_share + $similar_price * price_share as score,
    row_number() over (
      partition by product order by $similar_words * words_share + $similar_price * price_share desc, other
    ) as place
  from scored
)
select
  product,
  other,
  place::integer as place,
  round(words_share, 4)::double as words_share,
  round(price_share, 4)::double as price_share,
  round(score, 4)::double as score
from placed
where place <= $similar_most
