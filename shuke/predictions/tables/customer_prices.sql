-- table: customer_prices
-- takes: not_personalised, order_lines
-- gives: how much a customer goes for discounts, against what was on offer where they bought
-- grain: customer_id
-- scope: customer
-- note: expected = the sum, over the customer's lines of a year, of the share of all lines of that product and month that had a
-- note: discount; discounted = those that had one. sensitivity = discounted over expected (1: like everybody), drawn to 1 by as many
-- note: expected discounts as the spread between customers is worth (gamma-Poisson, by moments: C. N. Morris, "Parametric empirical
-- note: Bayes inference", JASA 78, 1983). low and high: two standard errors. sure_share: how much of it is the customer's own.
-- note: answered_share = of the lines on real offer (half or more of all had a discount), how many they took with one, shrunk alike.
-- note: price_position = 0 buys the cheapest of its categories, 1 the dearest, drawn to the middle by five lines.
with goods as (
  select
    l.customer_id,
    l.product,
    l.category,
    date_trunc('month', l.ordered_on) as month,
    case when l.discount_minor > 0 then 1 else 0 end as is_discounted,
    l.amount_minor / nullif(l.quantity, 0) as price
  from order_lines l
  where l.counted and l.line_kind = 'goods' and l.amount_minor > 0 and l.quantity > 0 and l.product is not null
    and l.ordered_on >= $as_of - 365 and l.ordered_on < $as_of
),
offers as (
  select product, month, sum(is_discounted) / nullif(count(*) + 0.0, 0) as offered from goods group by product, month
),
prices as (
  select product, max(category) as category, sum(price) / nullif(count(price), 0) as price from goods group by product
),
positions as (
  select
    product,
    (rank() over (partition by category order by price) - 0.5) / nullif(count(*) over (partition by category) + 0.0, 0) as position
  from prices
),
sums as (
  select
    g.customer_id,
    count(*) as lines,
    sum(g.is_discounted) as discounted,
    sum(o.offered) as expected,
    count(*) filter (where o.offered >= 0.5) as on_offer,
    sum(case when o.offered >= 0.5 then g.is_discounted else 0 end) as taken,
    sum(p.position) as positions
  from goods g
  left join offers o on o.product = g.product and o.month = g.month
  left join positions p on p.product = g.product
  where g.customer_id is not null
  group by g.customer_id
),
moments as (
  select
    sum(expected * expected) as weight,
    -- beyond what a Poisson count would scatter
    sum((discounted - expected) * (discounted - expected)) - sum(discounted) as spread,
    sum(taken) / nullif(sum(on_offer) + 0.0, 0) as shop_taken
  from sums
),
worth as (
  select
    least(greatest(coalesce(weight / nullif(greatest(spread, 0), 0), $price_worth_max), $price_worth_min), $price_worth_max) as worth,
    coalesce(shop_taken, 0) as shop_taken
  from moments
)
select
  s.customer_id,
  s.lines::integer as lines,
  s.discounted::integer as discounted_lines,
  round(s.discounted / nullif(s.lines + 0.0, 0), 4)::double as discounted_share,
  round(s.expected / nullif(s.lines + 0.0, 0), 4)::double as offered_share,
  round((s.discounted + w.worth) / nullif(s.expected + w.worth, 0), 4)::double as sensitivity,
  round(greatest((s.discounted + w.worth - 2 * sqrt(s.discounted + w.worth)) / nullif(s.expected + w.worth, 0), 0), 4)::double as low,
  round((s.discounted + w.worth + 2 * sqrt(s.discounted + w.worth)) / nullif(s.expected + w.worth, 0), 4)::double as high,
  round(s.expected / nullif(s.expected + w.worth, 0), 4)::double as sure_share,
  round((s.taken + 5 * w.shop_taken) / nullif(s.on_offer + 5.0, 0), 4)::double as answered_share,
  round((coalesce(s.positions, 0) + 2.5) / nullif(s.lines + 5.0, 0), 4)::double as price_position
from sums s
cross join worth w
left join not_personalised n on n.customer_id = s.customer_id
where n.customer_id is null
