-- table: recommendations
-- takes: also_bought, customer_category_months, customer_clocks, customer_features, customer_gaps, customer_habits, customer_products, not_personalised, product_launches, repeat_rates
-- gives: what to name to each customer, in three lists that are never mixed: bought again (`repeat`), bought by the same people (`cross_sell`), new in the shop (`new`)
-- grain: customer_id, list, rank
-- scope: customer
-- note: repeat = things people use up, by the learned chance of repeat_rates; a durable thing that is owned is in no list.
-- note: cross_sell = never bought, by also_bought of the last three products; new = launched lately in a category they buy, weighed by
-- note: their share of it and their taste for new things. Nothing that came back lately, nothing not sold for $on_sale_days days.
-- note: nobody who asked for no personalisation; only customers who bought within $liked_days days. Others: popular_products.
-- note: reason = code of a sentence, because = the product or category it names, fact = its number.
with people as (
  select f.customer_id, f.orders, h.novelty_share
  from customer_features f
  left join not_personalised n on n.customer_id = f.customer_id
  left join customer_habits h on h.customer_id = f.customer_id
  where n.customer_id is null and f.days_since <= $liked_days
),
on_sale as (
  select product, max(category) as category from customer_products where last_on >= $as_of - $on_sale_days group by product
),
owned as (
  select
    c.customer_id, c.product, c.days, c.first_on, c.last_on,
    c.last_returned_on >= $as_of - $returned_days as is_returned,
    row_number() over (partition by c.customer_id order by c.last_on desc, c.days desc, c.product) as place
  from customer_products c
  join people p on p.customer_id = c.customer_id
),
again as (
  select
    o.customer_id,
    o.product,
    s.category,
    r.hit_share as score,
    case when o.days >= 3 then 'bought_often' else 'bought_lately' end as reason,
    o.product as because,
    o.days as fact
  from owned o
  join on_sale s on s.product = o.product
  join product_launches l on l.product = o.product and l.is_repeat
  left join customer_clocks k on k.customer_id = o.customer_id
  left join customer_gaps g on g.customer_id = o.customer_id and g.from_on = o.last_on
  join repeat_rates r
    on r.times = case when o.days >= 6 then 6 when o.days >= 4 then 4 else o.days end
    and r.waited = least(greatest(coalesce(k.purchases - g.gap_no, 6), 0), 6)
  where o.days > 0 and not coalesce(o.is_returned, false)
),
named as (
  select
    o.customer_id,
    a.other as product,
    sum(a.score) as score,
    arg_max(o.product, a.score * 1000 - o.place) as because,
    max(a.people) as fact
  from owned o
  join also_bought a on a.product = o.product and a.place <= 10
  where o.place <= 3 and o.days > 0
  group by o.customer_id, a.other
),
beside as (
  select n.customer_id, n.product, s.category, n.score, 'people_also_bought' as reason, n.because, n.fact
  from named n
  join on_sale s on s.product = n.product
  left join owned o on o.customer_id = n.customer_id and o.product = n.product
  where o.customer_id is null
),
fresh as (
  select product, category, launched_on, buyers, row_number() over (partition by category order by buyers desc, product) as place
  from product_launches
  where is_launch and category is not null and launched_on >= $as_of - $new_days and launched_on < $as_of
),
liked as (
  select m.customer_id, m.category, sum(m.days) as days
  from customer_category_months m
  join people p on p.customer_id = m.customer_id
  where m.month >= $as_of - $liked_days
  group by m.customer_id, m.category
),
newest as (
  select
    l.customer_id,
    f.product,
    f.category,
    l.days / nullif(p.orders + 2.0, 0) * coalesce(p.novelty_share, 0.1) * (1 - f.place / 10.0) as score,
    'new_in_category' as reason,
    f.category as because,
    date_diff('day', f.launched_on, $as_of) as fact
  from liked l
  join fresh f on f.category = l.category and f.place <= 3
  join people p on p.customer_id = l.customer_id
  left join owned o on o.customer_id = l.customer_id and o.product = f.product
  where o.customer_id is null
),
joined as (
  select customer_id, 'repeat' as list, product, category, score, reason, because, fact from again
  union all
  select customer_id, 'cross_sell' as list, product, category, score, reason, because, fact from beside
  union all
  select customer_id, 'new' as list, product, category, score, reason, because, fact from newest
),
placed as (
  select *, row_number() over (partition by customer_id, list order by score desc, product) as rank from joined
)
select
  customer_id,
  list,
  rank::integer as rank,
  product,
  category,
  round(score, 6)::double as score,
  reason,
  because,
  fact::double as fact
from placed
where rank <= $list_most
