-- table: skewed_days
-- takes: orders
-- gives: one row a day of a till on which too many receipts carry an hour at which its chain is closed
-- grain: source, store, ordered_on
-- scope: system
-- note: an hour is open when in at least half of the source's stores half a per cent of the orders fall in it; only sources
-- note: with at least four closed hours have opening times. A day is skewed when three in ten receipts of its week are in
-- note: them, or a fifth of its week's and of its own: the second finds the first and last day sharply, the first the
-- note: quiet days between.
with hours as (
  select source, store, ordered_on, extract(hour from ordered_at) as hour, count(*) as orders
  from orders
  where store is not null and ordered_at is not null and ordered_on < $as_of
  group by 1, 2, 3, 4
),
profile as (
  select source, store, hour, sum(orders) as orders
  from hours
  group by source, store, hour
),
totals as (
  select source, store, sum(orders) as orders
  from profile
  group by source, store
),
store_counts as (
  select source, count(*) as stores
  from totals
  group by source
),
open_hours as (
  select p.source, p.hour
  from profile p
  join totals t on t.source = p.source and t.store = p.store
  join store_counts c on c.source = p.source
  where p.orders >= 0.005 * t.orders
  group by p.source, p.hour, c.stores
  having count(*) >= 0.5 * c.stores
),
timed_sources as (
  select source from open_hours group by source having count(*) <= 20
),
days as (
  select
    h.source, h.store, h.ordered_on,
    sum(h.orders) as orders,
    sum(case when o.hour is null then h.orders else 0 end) as closed_orders
  from hours h
  join timed_sources t on t.source = h.source
  left join open_hours o on o.source = h.source and o.hour = h.hour
  group by h.source, h.store, h.ordered_on
),
weeks as (
  select
    *,
    sum(orders) over (
      partition by source, store order by ordered_on rows between 3 preceding and 3 following
    ) as week_orders,
    sum(closed_orders) over (
      partition by source, store order by ordered_on rows between 3 preceding and 3 following
    ) as week_closed
  from days
)
select source, store, ordered_on, cast(orders as bigint) as orders, cast(closed_orders as bigint) as closed_orders
from weeks
where week_closed >= 3
  and (week_closed >= 0.3 * week_orders or (week_closed >= 0.2 * week_orders and closed_orders >= 0.2 * orders))
