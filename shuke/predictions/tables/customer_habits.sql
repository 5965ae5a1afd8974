-- table: customer_habits
-- takes: customer_features, customer_tastes, not_personalised, order_lines, orders
-- gives: when, where and in which size a customer likes to buy, and how open to new things; each drawn to the shop's own mix
-- grain: customer_id
-- scope: customer
-- note: the favourite is the value whose share, drawn to the shop's by $habit_worth purchases, is above the shop's most; *_share is
-- note: that drawn share, *_shop_share the shop's, so that a page can say how sure it is. hour = hour of the day in the shop's zone.
-- note: size = the spec (as the line names it) bought most often in a year; novelty_share = new products among all that were bought.
with bought as (
  select
    o.customer_id,
    (extract(hour from o.ordered_at) + $zone_hours + 24)::integer % 24 as hour_of_day,
    date_diff('day', date '2001-01-01', o.ordered_on) % 7 + 1 as weekday,
    o.source as channel
  from orders o
  left join not_personalised n on n.customer_id = o.customer_id
  where n.customer_id is null and o.counted and o.customer_id is not null and not o.is_return and o.net_minor > 0
    and o.ordered_on >= $as_of - 730 and o.ordered_on < $as_of
),
counted as (
  select customer_id, 'hour' as kind, hour_of_day::varchar as value, count(*) as times from bought group by 1, 2, 3
  union all
  select customer_id, 'weekday' as kind, weekday::varchar as value, count(*) as times from bought group by 1, 2, 3
  union all
  select customer_id, 'channel' as kind, channel as value, count(*) as times from bought group by 1, 2, 3
),
shop as (
  select kind, value, sum(times) as times from counted group by kind, value
),
all_of as (
  select count(*) as purchases from bought
),
own as (
  select customer_id, count(*) as purchases from bought group by customer_id
),
drawn as (
  select
    c.customer_id,
    c.kind,
    c.value,
    s.times / nullif(a.purchases + 0.0, 0) as shop_share,
    (c.times + $habit_worth * s.times / nullif(a.purchases + 0.0, 0)) / nullif(o.purchases + $habit_worth, 0) as share
  from counted c
  left join shop s on s.kind = c.kind and s.value = c.value
  left join own o on o.customer_id = c.customer_id
  cross join all_of a
),
favourites as (
  select
    customer_id,
    kind,
    arg_max(value, share - shop_share + stable_hash(value) % 1000 * 0.000000001) as value,
    arg_max(share, share - shop_share + stable_hash(value) % 1000 * 0.000000001) as share,
    arg_max(shop_share, share - shop_share + stable_hash(value) % 1000 * 0.000000001) as shop_share
  from drawn
  group by customer_id, kind
),
flat as (
  select
    customer_id,
    max(case when kind = 'hour' then value end)::integer as favourite_hour,
    max(case when kind = 'hour' then share end) as hour_share,
    max(case when kind = 'hour' then shop_share end) as hour_shop_share,
    max(case when kind = 'weekday' then value end)::integer as favourite_weekday,
    max(case when kind = 'weekday' then share end) as weekday_share,
    max(case when kind = 'weekday' then shop_share end) as weekday_shop_share,
    max(case when kind = 'channel' then value end) as favourite_channel,
    max(case when kind = 'channel' then share end) as channel_share
  from favourites
  group by customer_id
),
worn as (
  select customer_id, spec, count(*) as times
  from order_lines
  where counted and line_kind = 'goods' and amount_minor > 0 and customer_id is not null and spec is not null and spec <> ''
    and ordered_on >= $as_of - 365 and ordered_on < $as_of
  group by customer_id, spec
),
sizes as (
  select
    customer_id,
    arg_max(spec, times * 2147483648 + stable_hash(spec) % 2147483648) as size,
    max(times) / nullif(sum(times) + 0.0, 0) as size_share
  from worn
  group by customer_id
),
curious as (
  select sum(new_tried_365) / nullif(sum(products_365) + 0.0, 0) as share from customer_tastes
)
select
  f.customer_id,
  f.favourite_hour,
  round(f.hour_share, 4)::double as hour_share,
  round(f.hour_shop_share, 4)::double as hour_shop_share,
  f.favourite_weekday,
  round(f.weekday_share, 4)::double as weekday_share,
  round(f.weekday_shop_share, 4)::double as weekday_shop_share,
  f.favourite_channel,
  round(f.channel_share, 4)::double as channel_share,
  z.size,
  round(z.size_share, 4)::double as size_share,
  round((coalesce(t.new_tried_365, 0) + 2 * $habit_worth * coalesce(c.share, 0)) / nullif(coalesce(t.products_365, 0) + 2 * $habit_worth, 0), 4)::double
    as novelty_share,
  round(coalesce(t.products_365, 0) / nullif(coalesce(t.products_365, 0) + 2.0 * $habit_worth, 0), 4)::double as novelty_sure_share
from flat f
join customer_features k on k.customer_id = f.customer_id
cross join curious c
left join customer_tastes t on t.customer_id = f.customer_id
left join sizes z on z.customer_id = f.customer_id
