-- table: stores
-- takes: store_names, staged_sales, staged_persons
-- gives: one row a store or online shop with its city (null: not known) and the days between which it was seen
-- grain: store
-- scope: none
-- sort: store
-- note: the city is that of most persons recorded with the store, or of the delivery address of orders picked there
with sale_days as (
  select source, store as written, min(ordered_on) as first_on, max(ordered_on) as last_on
  from staged_sales
  where store is not null and row_grain <> 'fee'
  group by source, store
),
seen as (
  select n.store, min(s.first_on) as first_seen_on, max(s.last_on) as last_seen_on
  from sale_days s
  join store_names n on n.source = s.source and n.written = s.written
  group by n.store
),
picked as (  -- orders of another channel that a store picked: the till row names the order
  select distinct source, store as written, external_order_no
  from staged_sales
  where store is not null and external_order_no is not null
),
votes as (
  select n.store, p.city, count(distinct p.record_id) as people
  from staged_persons p
  join store_names n on n.source = p.source and n.written = p.store
  where p.city is not null and p.city <> ''
  group by n.store, p.city
  union all
  select n.store, p.city, count(distinct p.record_id) as people
  from picked s
  join staged_persons p on p.source_row_id = s.external_order_no and p.kind = 'order' and p.source <> s.source
  join store_names n on n.source = s.source and n.written = s.written
  where p.city is not null and p.city <> ''
  group by n.store, p.city
),
counted as (
  select store, city, sum(people) as people
  from votes
  group by store, city
),
ranked as (
  select store, city, row_number() over (partition by store order by people desc, city) as place
  from counted
),
named as (
  select store, min(channel) as channel
  from store_names
  group by store
)
select
  n.store,
  case when n.channel = 'store' then r.city end as city,
  n.channel,
  s.first_seen_on,
  s.last_seen_on
from named n
left join seen s on s.store = n.store
left join ranked r on r.store = n.store and r.place = 1
