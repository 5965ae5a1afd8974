-- table: customer_features
-- takes: customer_clocks, order_lines, orders, shop_clock, stores
-- gives: one row a customer with at least one purchase before the as-of day
-- grain: customer_id
-- scope: customer
-- sort: customer_id
-- note: orders = purchase days. net_minor and net_365_minor are sums of counted orders and returns, as everywhere.
-- note: favourite_category = most money in the last 365 days, else the last one bought.
-- note: scores 1 to 5 by fifths of customers; equal values get equal scores (the middle of their ranks), so ties never depend on order.
with sums as (
  select
    customer_id,
    sum(net_minor)::bigint as net_minor,
    coalesce(sum(net_minor) filter (where ordered_on >= $as_of - 365), 0)::bigint as net_365_minor,
    sum(discount_minor) / nullif(sum(gross_minor) + sum(discount_minor), 0) as discount_share,
    count(*) filter (where is_return or refund_minor > 0) as returns,
    count(*) filter (where is_wholesale) as wholesale_orders
  from orders
  where counted and customer_id is not null and ordered_on < $as_of
  group by customer_id
),
cells as (
  select customer_id, source, store, count(*) filter (where not is_return and net_minor > 0) as orders
  from orders
  where counted and customer_id is not null and ordered_on < $as_of
  group by customer_id, source, store
),
by_channel as (
  select customer_id, source, sum(orders) as orders from cells group by customer_id, source
),
main_channels as (
  -- the greatest of '1000000012pos' and the like: most orders, then the last name, so that ties never depend on order
  select customer_id, count(*) as channels, substring(max((1000000000 + orders)::bigint::varchar || source), 11) as main_channel
  from by_channel
  group by customer_id
),
by_store as (
  select c.customer_id, c.store, sum(c.orders) as orders
  from cells c
  join stores s on s.store = c.store and s.channel = 'store'
  group by c.customer_id, c.store
),
main_stores as (
  select customer_id, substring(max((1000000000 + orders)::bigint::varchar || store), 11) as store_main
  from by_store
  group by customer_id
),
by_category as (
  -- money first (24 bits up); equal sums are told apart by the numbers of their lines, never by order of reading
  select
    customer_id,
    category,
    sum(amount_minor * 16777216 + (order_key % 4096 + position * 101) % 4096) as place
  from order_lines
  where counted and line_kind = 'goods' and amount_minor > 0 and category is not null and customer_id is not null
    and ordered_on >= $as_of - 365 and ordered_on < $as_of
  group by customer_id, category
),
favourites as (
  select customer_id, arg_max(category, place) as favourite_category
  from by_category
  group by customer_id
),
dated_lines as (
  -- one number orders a customer's lines: day, then amount (30 bits), then place and order (so that ties never depend on order of reading)
  select
    customer_id,
    product,
    category,
    (date_diff('day', date '2000-01-01', ordered_on)::bigint * 1073741824 + least(amount_minor, 1073741823)) * 524288
      + (position % 1024) * 512 + order_key % 509 as place
  from order_lines
  where counted and line_kind = 'goods' and amount_minor > 0 and customer_id is not null and ordered_on < $as_of
),
last_goods as (
  select customer_id, arg_max(product, place) as last_product, arg_max(category, place) as last_category
  from dated_lines
  group by customer_id
),
clocks as (
  select
    c.*,
    round(exp((c.gaps * ln(coalesce(c.median_gap_days, 1)) + s.shrink_gaps * ln(s.typical_gap_days)) / nullif(c.gaps + s.shrink_gaps, 0)), 1)
      as cycle_days,
    case when c.gaps >= s.shrink_gaps then 'own' else 'shop' end as cycle_basis,
    date_diff('day', c.last_on, $as_of)::integer as days_since
  from customer_clocks c
  cross join shop_clock s
),
based as (
  -- money is scored by whole major units of a two-decimal currency, so that the ranking stays small
  select c.*, s.net_minor, s.net_365_minor, s.discount_share, s.returns, s.wholesale_orders,
    floor(s.net_365_minor / 100.0)::bigint as money
  from clocks c
  join sums s on s.customer_id = c.customer_id
),
people as (
  select count(*) as n from based
),
recency as (
  select days_since, 2 * sum(count(*)) over (order by days_since desc) - count(*) as middle from based group by days_since
),
frequency as (
  select purchases_365, 2 * sum(count(*)) over (order by purchases_365) - count(*) as middle from based group by purchases_365
),
monetary as (
  select money, 2 * sum(count(*)) over (order by money) - count(*) as middle from based group by money
),
recency_scores as (
  select r.days_since, 1 + least(4, floor(5.0 * r.middle / nullif(2 * p.n, 0)))::integer as score from recency r cross join people p
),
frequency_scores as (
  select f.purchases_365, 1 + least(4, floor(5.0 * f.middle / nullif(2 * p.n, 0)))::integer as score
  from frequency f
  cross join people p
),
monetary_scores as (
  select m.money, 1 + least(4, floor(5.0 * m.middle / nullif(2 * p.n, 0)))::integer as score from monetary m cross join people p
)
select
  b.customer_id,
  b.purchases as orders,
  b.first_on,
  b.second_on,
  b.previous_on,
  b.last_on,
  b.net_minor,
  b.net_365_minor,
  b.purchases_365 as orders_365,
  (b.purchase_net_minor / nullif(b.purchases, 0))::bigint as purchase_minor,
  coalesce(b.discount_share, 0)::double as discount_share,
  h.channels::integer as channels,
  h.main_channel,
  t.store_main,
  b.median_gap_days,
  b.gap_p25_days,
  b.gap_p75_days,
  b.gaps,
  b.cycle_days,
  b.cycle_basis,
  b.days_since,
  greatest(0, b.days_since - ceil(b.cycle_days))::integer as overdue_days,
  r.score as recency_score,
  f.score as frequency_score,
  m.score as monetary_score,
  r.score::varchar || f.score::varchar || m.score::varchar as rfm,
  g.last_product,
  g.last_category,
  coalesce(v.favourite_category, g.last_category) as favourite_category,
  b.returns::integer as returns,
  b.wholesale_orders::integer as wholesale_orders
from based b
join recency_scores r on r.days_since = b.days_since
join frequency_scores f on f.purchases_365 = b.purchases_365
join monetary_scores m on m.money = b.money
left join main_channels h on h.customer_id = b.customer_id
left join main_stores t on t.customer_id = b.customer_id
left join last_goods g on g.customer_id = b.customer_id
left join favourites v on v.customer_id = b.customer_id
