-- table: associates
-- takes: store_names, staged_sales, staged_persons
-- gives: one row an associate with the store where they sold most in their last 90 days, and the days between which they were seen
-- grain: associate
-- scope: store
-- sort: associate
with sold as (
  select associate, source, store as written, ordered_on as seen_on, count(*) as times
  from staged_sales
  where associate is not null and associate <> '' and row_grain <> 'fee'
  group by associate, source, store, ordered_on
),
named as (
  select associate, source, store as written, registered_on as seen_on, count(*) as times
  from staged_persons
  where associate is not null and associate <> ''
  group by associate, source, store, registered_on
),
seen as (
  select s.associate, n.store, s.seen_on, s.times, 1 as sells
  from sold s left join store_names n on n.source = s.source and n.written = s.written
  union all
  select p.associate, n.store, p.seen_on, p.times, 0 as sells
  from named p left join store_names n on n.source = p.source and n.written = p.written
),
spans as (
  select
    associate,
    min(seen_on) filter (sells = 1) as first_seen_on,
    max(seen_on) filter (sells = 1) as last_seen_on
  from seen
  group by associate
),
weighed as (
  select
    s.associate,
    s.store,
    sum(case when s.sells = 1 and date_diff('day', s.seen_on, p.last_seen_on) < 90 then s.times else 0 end) as lately,
    sum(s.times) as times
  from seen s
  join spans p on p.associate = s.associate
  where s.store is not null
  group by s.associate, s.store
),
ranked as (
  select associate, store, row_number() over (partition by associate order by lately desc, times desc, store) as place
  from weighed
)
select p.associate, r.store, p.first_seen_on, p.last_seen_on
from spans p
left join ranked r on r.associate = p.associate and r.place = 1
