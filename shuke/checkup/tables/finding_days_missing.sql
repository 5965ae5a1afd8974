-- table: finding_days_missing
-- takes: orders
-- gives: one row a day without any sale in a store or channel that sells on that day of the week
-- grain: source, store, ordered_on
-- scope: system
-- a unit sells on a day of the week when it did in nine of ten weeks; a run of empty days is a gap where at least twelve
-- orders were to be expected (by chance once in 160,000 times); a tail of up to 60 days counts too
with days as (
  select source, store, ordered_on, count(*) as orders, sum(net_minor) as net_minor
  from orders
  where counted and not is_return and ordered_on < $as_of
  group by source, store, ordered_on
),
units as (
  select source, store, min(ordered_on) as first_on, max(ordered_on) as last_on
  from days
  group by source, store
  having date_diff('day', min(ordered_on), max(ordered_on)) >= 28
),
spans as (
  select
    *,
    case
      when date_diff('day', last_on, cast($as_of as date)) <= 60 then date_diff('day', first_on, cast($as_of as date)) - 1
      else date_diff('day', first_on, last_on)
    end as last_number
  from units
),
calendar as (
  select source, store, first_on, unnest(generate_series(0, last_number)) as number
  from spans
),
dated as (
  select source, store, number, number % 7 as weekday, cast(first_on + interval (number) day as date) as ordered_on
  from calendar
),
filled as (
  select c.source, c.store, c.number, c.weekday, c.ordered_on, d.orders, d.net_minor
  from dated c
  left join days d
    on d.source = c.source and d.store is not distinct from c.store and d.ordered_on = c.ordered_on
),
habits as (
  select source, store, weekday, avg(orders) as orders, avg(net_minor) as net_minor
  from filled
  group by source, store, weekday
  having count(orders) >= 0.9 * count(*)
),
empty_days as (
  select
    f.source, f.store, f.ordered_on, h.orders, h.net_minor,
    -- days of one run share the number of empty days before them less their own number
    f.number - row_number() over (partition by f.source, f.store order by f.number) as run
  from filled f
  join habits h on h.source = f.source and h.store is not distinct from f.store and h.weekday = f.weekday
  where f.orders is null
),
weighed as (
  select *, sum(orders) over (partition by source, store, run) as expected
  from empty_days
)
select
  source, null as order_no, null as batch_id, null as row_no, null as record_id, store, ordered_on,
  cast(round(net_minor) as bigint) as money_minor,
  1 as raw_rows,
  0 as orders,
  'usual_sales' as detail
from weighed
where expected >= 12
