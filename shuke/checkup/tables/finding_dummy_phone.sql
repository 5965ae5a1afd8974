-- table: finding_dummy_phone
-- takes: identifiers, staged_persons, identity, orders
-- gives: one row a record under an invented phone: orders with their money, members and contacts without
-- grain: source, record_id
-- scope: system
with invented as (
  select record_id, min(cast(first_seen_at as date)) as seen_on, 'well_known' as why
  from identifiers
  where type = 'phone' and not usable and block_reason in ('list', 'pattern')
  group by record_id
  union all
  -- a number was written, it is not masked nor the platform's, and no telephone can have it
  select record_id, min(cast(seen_at as date)) as seen_on, 'impossible' as why
  from staged_persons
  where phone is null and phone_masked is null and phone_virtual = false
  group by record_id
),
records as (
  select record_id, min(seen_on) as seen_on, min(why) as why
  from invented
  group by record_id
)
select
  i.source, o.order_no, null as batch_id, null as row_no, d.record_id, o.store,
  coalesce(o.ordered_on, d.seen_on) as ordered_on,
  case when o.counted then o.net_minor else 0 end as money_minor,
  coalesce(o.staged_rows, 1) as raw_rows,
  case when o.order_key is null then 0 end as orders,
  case when o.order_key is null then i.source_row_id else d.why end as detail
from records d
join identity i on i.record_id = d.record_id
left join orders o on o.record_id = d.record_id
where coalesce(o.ordered_on, d.seen_on, date '1970-01-01') < $as_of
