-- table: repeat_rates
-- takes: customer_clocks, order_lines
-- gives: the learned chance that a product bought before lies in the next basket, by how often and how long ago it was bought
-- grain: times, waited
-- scope: none
-- note: learned on the last purchase day of customers (evenly taken, $learn_people at most), foretold from the days before it.
-- note: times = days with it (1, 2, 3, 4 to 5, 6 and more as 4 and 6); waited = purchases since, 0 to 6. hit_share is drawn to the
-- note: share of its row by $learn_worth cases.
with sized as (
  select greatest(1, ceil(count(*) / nullif($learn_people, 0)))::bigint as every from customer_clocks where purchases >= 2
),
people as (
  select c.customer_id, c.last_on, c.purchases
  from customer_clocks c
  cross join sized s
  where c.purchases >= 2 and c.customer_id % s.every = 0
),
bought as (
  select l.customer_id, l.product, l.ordered_on, max(p.last_on) as last_on
  from order_lines l
  join people p on p.customer_id = l.customer_id
  where l.counted and l.line_kind = 'goods' and l.amount_minor > coalesce(l.refund_minor, 0) and l.product is not null
    and l.ordered_on < $as_of
  group by l.customer_id, l.product, l.ordered_on
),
visits as (
  select customer_id, ordered_on, row_number() over (partition by customer_id order by ordered_on desc) as back
  from (select distinct customer_id, ordered_on from bought where ordered_on < last_on) d
),
known as (
  select
    b.customer_id,
    b.product,
    count(*) filter (where b.ordered_on < b.last_on) as times,
    min(v.back) - 1 as waited,
    max(case when b.ordered_on = b.last_on then 1 else 0 end) as hit
  from bought b
  left join visits v on v.customer_id = b.customer_id and v.ordered_on = b.ordered_on
  group by b.customer_id, b.product
),
cells as (
  select
    case when times >= 6 then 6 when times >= 4 then 4 else times end as times,
    least(waited, 6) as waited,
    count(*) as cases,
    sum(hit) as hits
  from known
  where times > 0
  group by 1, 2
),
levels as (
  select times, sum(hits) / nullif(sum(cases), 0) as share from cells group by times
)
select
  c.times::integer as times,
  c.waited::integer as waited,
  c.cases::bigint as cases,
  round((c.hits + $learn_worth * l.share) / nullif(c.cases + $learn_worth, 0), 6)::double as hit_share
from cells c
left join levels l on l.times = c.times
