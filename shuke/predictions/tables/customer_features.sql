-- table: customer_features
-- takes: customer_clocks, order_lines, orders, shop_clock, stores
-- gives: one row a customer with at least one purchase before the as-of day
-- grain: customer_id
-- scope: customer
-- sort: customer_id
-- note: orders = purchase days. net_minor and net_365_minor are sums of counted orders and returns, as everywhere.
-- note: scores 1 to 5 by fifths of customers; equal values get equal scores (the middle of their ranks), so ties never depend on order.
with cells as (
  -- one small group a customer, channel and store; everything about orders comes from here
  select
    customer_id,
    source,
    store,
    count(*) filter (where not is_return and net_minor > 0) as orders,
    sum(net_minor) as net_minor,
    sum(net_minor) filter (where ordered_on >= $as_of - 365) as net_365_minor,
    sum(gross_minor) as gross_minor,
    sum(discount_minor) as discount_minor,
    count(*) filter (where is_return or refund_minor > 0) as returns,
    count(*) filter (where is_wholesale) as wholesale_orders
  from orders
  where counted and customer_id is not null and ordered_on < $as_of
  group by customer_id, source, store
),
sums as (
  select
    customer_id,
    count(distinct source) as channels,
    sum(net_minor) as net_minor,
    coalesce(sum(net_365_minor), 0) as net_365_minor,
    sum(discount_minor) / nullif(sum(gross_minor) + sum(discount_minor), 0) as discount_share,
    sum(returns) as returns,
    sum(wholesale_orders) as wholesale_orders
  from cells
  group by customer_id
),
by_channel as (
  select customer_id, source, sum(orders) as orders from cells group by customer_id, source
),
main_channels as (
  -- most orders; the first name where two are equal
  select c.customer_id, min(c.source) as main_channel
  from by_channel c
  join (select customer_id, max(orders) as orders from by_channel group by customer_id) m
    on m.customer_id = c.customer_id and m.orders = c.orders
  group by c.customer_id
),
by_store as (
  select c.customer_id, c.store, sum(c.orders) as orders
  from cells c
  join stores s on s.store = c.store and s.channel = 'store'
  group by c.customer_id, c.store
),
main_stores as (
  select c.customer_id, min(c.store) as store_main
  from by_store c
  join (select customer_id, max(orders) as orders from by_store group by customer_id) m
    on m.customer_id = c.customer_id and m.orders = c.orders
  group by c.customer_id
),
by_category as (
  select customer_id, category, sum(amount_minor) as amount_minor
  from order_lines
  where counted and line_kind = 'goods' and amount_minor > 0 and category is not null and customer_id is not null
    and ordered_on < $as_of
  group by customer_id, category
),
favourites as (
  select customer_id, arg_max(category, (amount_minor, category)) as favourite_category
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
people as (
  select count(*) as n from clocks
),
recency as (
  select days_since, 2 * sum(count(*)) over (order by days_since desc) - count(*) as middle from clocks group by days_since
),
frequency as (
  select purchases_365, 2 * sum(count(*)) over (order by purchases_365) - count(*) as middle from clocks group by purchases_365
),
monetary as (
  select s.net_365_minor, 2 * sum(count(*)) over (order by s.net_365_minor) - count(*) as middle
  from clocks c
  join sums s on s.customer_id = c.customer_id
  group by s.net_365_minor
),
scored as (
  select
    c.customer_id,
    1 + least(4, floor(5.0 * r.middle / nullif(2 * p.n, 0)))::integer as recency_score,
    1 + least(4, floor(5.0 * f.middle / nullif(2 * p.n, 0)))::integer as frequency_score,
    1 + least(4, floor(5.0 * m.middle / nullif(2 * p.n, 0)))::integer as monetary_score
  from clocks c
  join sums s on s.customer_id = c.customer_id
  join recency r on r.days_since = c.days_since
  join frequency f on f.purchases_365 = c.purchases_365
  join monetary m on m.net_365_minor = s.net_365_minor
  cross join people p
)
select
  c.customer_id,
  c.purchases as orders,
  c.first_on,
  c.second_on,
  c.previous_on,
  c.last_on,
  s.net_minor::bigint as net_minor,
  s.net_365_minor::bigint as net_365_minor,
  c.purchases_365 as orders_365,
  (c.purchase_net_minor / nullif(c.purchases, 0))::bigint as purchase_minor,
  coalesce(s.discount_share, 0)::double as discount_share,
  s.channels::integer as channels,
  h.main_channel,
  t.store_main,
  c.median_gap_days,
  c.gap_p25_days,
  c.gap_p75_days,
  c.gaps,
  c.cycle_days,
  c.cycle_basis,
  c.days_since,
  greatest(0, c.days_since - ceil(c.cycle_days))::integer as overdue_days,
  z.recency_score,
  z.frequency_score,
  z.monetary_score,
  z.recency_score::varchar || z.frequency_score::varchar || z.monetary_score::varchar as rfm,
  g.last_product,
  g.last_category,
  v.favourite_category,
  s.returns::integer as returns,
  s.wholesale_orders::integer as wholesale_orders
from clocks c
join sums s on s.customer_id = c.customer_id
join scored z on z.customer_id = c.customer_id
left join main_channels h on h.customer_id = c.customer_id
left join main_stores t on t.customer_id = c.customer_id
left join last_goods g on g.customer_id = c.customer_id
left join favourites v on v.customer_id = c.customer_id
